export const CATEGORIES = [
  "coffee_beans",
  "ground_coffee",
  "instant_coffee",
  "capsules",
  "tea",
  "herbal_infusions",
  "syrups",
  "chocolate",
  "dairy",
  "cold_drinks",
  "cups_and_supplies",
] as const;

export type Category = (typeof CATEGORIES)[number];

/** What is sold: its names, its category and the price of its smallest pack in Egyptian pounds. */
type Base = readonly [name: string, nameAr: string, category: Category, pounds: number];

const BASES: readonly Base[] = [
  ["Brazil Santos Beans", "بن برازيلي سانتوس", "coffee_beans", 210],
  ["Ethiopia Yirgacheffe Beans", "بن إثيوبي يرغاتشيف", "coffee_beans", 320],
  ["Colombia Supremo Beans", "بن كولومبي سوبريمو", "coffee_beans", 280],
  ["Yemen Mocha Beans", "بن يمني موكا", "coffee_beans", 410],
  ["Kenya AA Beans", "بن كيني", "coffee_beans", 340],
  ["Guatemala Antigua Beans", "بن جواتيمالا أنتيجوا", "coffee_beans", 300],
  ["House Espresso Beans", "بن إسبريسو خاص", "coffee_beans", 230],
  ["Decaf Beans", "بن منزوع الكافيين", "coffee_beans", 290],
  ["Turkish Coffee Light", "قهوة تركي فاتح", "ground_coffee", 150],
  ["Turkish Coffee Medium", "قهوة تركي وسط", "ground_coffee", 150],
  ["Turkish Coffee Dark", "قهوة تركي غامق", "ground_coffee", 155],
  ["Turkish Coffee with Cardamom", "قهوة تركي محوج", "ground_coffee", 180],
  ["French Roast Ground", "قهوة فرنساوي", "ground_coffee", 165],
  ["Hazelnut Ground Coffee", "قهوة بالبندق", "ground_coffee", 185],
  ["Filter Ground Coffee", "قهوة فلتر", "ground_coffee", 170],
  ["Arabic Coffee Saudi Blend", "قهوة عربي خلطة سعودي", "ground_coffee", 190],
  ["Instant Classic", "قهوة سريعة كلاسيك", "instant_coffee", 95],
  ["Instant Gold", "قهوة سريعة جولد", "instant_coffee", 140],
  ["3 in 1 Sachets", "قهوة ٣ في ١", "instant_coffee", 75],
  ["2 in 1 Sachets", "قهوة ٢ في ١", "instant_coffee", 80],
  ["Cappuccino Mix", "كابتشينو سريع", "instant_coffee", 110],
  ["Espresso Capsules Ristretto", "كبسولات ريستريتو", "capsules", 160],
  ["Espresso Capsules Lungo", "كبسولات لونجو", "capsules", 160],
  ["Espresso Capsules Decaf", "كبسولات بدون كافيين", "capsules", 170],
  ["Latte Capsules", "كبسولات لاتيه", "capsules", 185],
  ["Black Tea Dust", "شاي أسود ناعم", "tea", 60],
  ["Black Tea Bags", "شاي أسود فتلة", "tea", 55],
  ["Green Tea Bags", "شاي أخضر فتلة", "tea", 65],
  ["Earl Grey", "شاي إيرل جراي", "tea", 90],
  ["Mint Tea", "شاي بالنعناع", "tea", 70],
  ["Karak Tea Mix", "شاي كرك", "tea", 105],
  ["Hibiscus", "كركديه", "herbal_infusions", 85],
  ["Anise", "ينسون", "herbal_infusions", 50],
  ["Chamomile", "بابونج", "herbal_infusions", 70],
  ["Cinnamon Ginger", "قرفة بالزنجبيل", "herbal_infusions", 65],
  ["Fenugreek", "حلبة", "herbal_infusions", 45],
  ["Sahlab Mix", "سحلب", "herbal_infusions", 90],
  ["Vanilla Syrup", "شراب فانيليا", "syrups", 145],
  ["Caramel Syrup", "شراب كراميل", "syrups", 145],
  ["Hazelnut Syrup", "شراب بندق", "syrups", 150],
  ["Rose Syrup", "شراب ورد", "syrups", 120],
  ["Mango Purée", "بيوريه مانجو", "syrups", 170],
  ["Strawberry Purée", "بيوريه فراولة", "syrups", 165],
  ["Hot Chocolate Powder", "بودرة هوت شوكليت", "chocolate", 130],
  ["White Chocolate Powder", "بودرة شوكولاتة بيضاء", "chocolate", 140],
  ["Dark Chocolate Sauce", "صوص شوكولاتة داكنة", "chocolate", 155],
  ["Barista Milk", "حليب باريستا", "dairy", 48],
  ["Whipping Cream", "كريمة خفق", "dairy", 95],
  ["Condensed Milk", "حليب مكثف محلى", "dairy", 60],
  ["Oat Drink Barista", "مشروب شوفان باريستا", "dairy", 110],
  ["Lemon Mint Concentrate", "مركز ليمون بالنعناع", "cold_drinks", 100],
  ["Tamarind Concentrate", "مركز تمر هندي", "cold_drinks", 80],
  ["Iced Tea Peach", "آيس تي خوخ", "cold_drinks", 90],
  ["Cold Brew Concentrate", "مركز كولد برو", "cold_drinks", 180],
  ["Sparkling Water", "مياه غازية", "cold_drinks", 40],
  ["Paper Cups 8 oz", "أكواب ورقية ٨ أونصة", "cups_and_supplies", 70],
  ["Paper Cups 12 oz", "أكواب ورقية ١٢ أونصة", "cups_and_supplies", 85],
  ["Cup Lids", "أغطية أكواب", "cups_and_supplies", 45],
  ["Wooden Stirrers", "مقلبات خشبية", "cups_and_supplies", 30],
  ["Sugar Sticks", "أصابع سكر", "cups_and_supplies", 55],
];

interface Pack {
  readonly unit: string;
  readonly factor: number;
}

const BY_WEIGHT: readonly Pack[] = [
  { unit: "250 g", factor: 1 },
  { unit: "500 g", factor: 1.9 },
  { unit: "1 kg", factor: 3.6 },
  { unit: "5 kg", factor: 17 },
];
const BY_BOTTLE: readonly Pack[] = [
  { unit: "bottle 700 ml", factor: 1 },
  { unit: "bottle 1 l", factor: 1.35 },
  { unit: "case of 6", factor: 5.6 },
  { unit: "case of 12", factor: 10.8 },
];
const BY_COUNT: readonly Pack[] = [
  { unit: "pack of 20", factor: 1 },
  { unit: "pack of 50", factor: 2.3 },
  { unit: "pack of 100", factor: 4.3 },
  { unit: "carton of 1000", factor: 38 },
];

const PACKS: Readonly<Record<Category, readonly Pack[]>> = {
  coffee_beans: BY_WEIGHT,
  ground_coffee: BY_WEIGHT,
  instant_coffee: BY_COUNT,
  capsules: BY_COUNT,
  tea: BY_COUNT,
  herbal_infusions: BY_WEIGHT,
  syrups: BY_BOTTLE,
  chocolate: BY_WEIGHT,
  dairy: BY_BOTTLE,
  cold_drinks: BY_BOTTLE,
  cups_and_supplies: BY_COUNT,
};

const GRADES: readonly (readonly [name: string, nameAr: string, factor: number])[] = [
  ["", "", 1],
  ["Premium ", " فاخر", 1.25],
  ["Organic ", " عضوي", 1.4],
  ["Economy ", " اقتصادي", 0.8],
  ["Reserve ", " ريزيرف", 1.6],
];

export interface Product {
  readonly name: string;
  readonly nameAr: string;
  readonly category: Category;
  readonly unit: string;
  /** Whole Egyptian pounds: discounts of whole per cents then come to whole piastres. */
  readonly pounds: number;
}

/** The catalogue: every base in its packs and grades; neighbours are of different bases. */
export const PRODUCTS: readonly Product[] = GRADES.flatMap(([grade, gradeAr, gradeFactor]) =>
  [0, 1, 2, 3].flatMap((size) =>
    BASES.map(([name, nameAr, category, pounds]) => {
      const { unit, factor } = PACKS[category][size];
      return {
        name: `${grade}${name} ${unit}`,
        nameAr: `${nameAr}${gradeAr}`,
        category,
        unit,
        pounds: Math.round(pounds * factor * gradeFactor),
      };
    }),
  ),
);
