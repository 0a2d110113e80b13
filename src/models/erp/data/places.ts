/** Where the customers are: an area of a governorate, in Latin and in Arabic script. */
export interface Area {
  readonly area: string;
  readonly areaAr: string;
  readonly governorate: string;
  readonly governorateAr: string;
  /** Which delivery round goes there. */
  readonly region: "A" | "B";
  /** How many of the customers are there, beside others. */
  readonly weight: number;
}

type Governorate = readonly [
  name: string,
  nameAr: string,
  areas: readonly (readonly [string, string, "A" | "B", number])[],
];

// Region A is Greater Cairo east of the Nile and the Canal cities; region B is Giza, Alexandria, the Delta and Upper Egypt.
const GOVERNORATES: readonly Governorate[] = [
  [
    "Cairo",
    "القاهرة",
    [
      ["Nasr City", "مدينة نصر", "A", 14],
      ["Heliopolis", "مصر الجديدة", "A", 11],
      ["New Cairo", "القاهرة الجديدة", "A", 13],
      ["Maadi", "المعادي", "A", 10],
      ["Zamalek", "الزمالك", "A", 5],
      ["Downtown", "وسط البلد", "A", 6],
      ["Garden City", "جاردن سيتي", "A", 2],
      ["Shubra", "شبرا", "A", 4],
      ["Ain Shams", "عين شمس", "A", 3],
      ["El Rehab", "الرحاب", "A", 4],
      ["Mokattam", "المقطم", "A", 3],
      ["Helwan", "حلوان", "A", 2],
    ],
  ],
  [
    "Giza",
    "الجيزة",
    [
      ["Dokki", "الدقي", "B", 9],
      ["Mohandessin", "المهندسين", "B", 10],
      ["Agouza", "العجوزة", "B", 4],
      ["Haram", "الهرم", "B", 5],
      ["Faisal", "فيصل", "B", 4],
      ["Imbaba", "إمبابة", "B", 3],
      ["Sheikh Zayed", "الشيخ زايد", "B", 8],
      ["6th of October", "السادس من أكتوبر", "B", 8],
    ],
  ],
  [
    "Alexandria",
    "الإسكندرية",
    [
      ["Smouha", "سموحة", "B", 6],
      ["Sidi Gaber", "سيدي جابر", "B", 4],
      ["Gleem", "جليم", "B", 3],
      ["Stanley", "ستانلي", "B", 3],
      ["Miami", "ميامي", "B", 3],
      ["Agami", "العجمي", "B", 2],
    ],
  ],
  [
    "Qalyubia",
    "القليوبية",
    [
      ["Banha", "بنها", "A", 2],
      ["Shubra El Kheima", "شبرا الخيمة", "A", 3],
      ["Obour", "العبور", "A", 2],
    ],
  ],
  [
    "Dakahlia",
    "الدقهلية",
    [
      ["Mansoura", "المنصورة", "B", 4],
      ["Talkha", "طلخا", "B", 1],
    ],
  ],
  [
    "Gharbia",
    "الغربية",
    [
      ["Tanta", "طنطا", "B", 3],
      ["El Mahalla El Kubra", "المحلة الكبرى", "B", 2],
    ],
  ],
  [
    "Sharqia",
    "الشرقية",
    [
      ["Zagazig", "الزقازيق", "A", 2],
      ["10th of Ramadan", "العاشر من رمضان", "A", 3],
    ],
  ],
  [
    "Port Said",
    "بورسعيد",
    [
      ["El Sharq", "حي الشرق", "A", 2],
      ["Port Fouad", "بورفؤاد", "A", 1],
    ],
  ],
  ["Ismailia", "الإسماعيلية", [["Sheikh Zayed Ismailia", "الشيخ زايد بالإسماعيلية", "A", 1]]],
  ["Suez", "السويس", [["El Arbaeen", "الأربعين", "A", 1]]],
  [
    "Red Sea",
    "البحر الأحمر",
    [
      ["Hurghada", "الغردقة", "A", 3],
      ["El Gouna", "الجونة", "A", 1],
    ],
  ],
  ["South Sinai", "جنوب سيناء", [["Sharm El Sheikh", "شرم الشيخ", "A", 3]]],
  ["Faiyum", "الفيوم", [["Faiyum City", "مدينة الفيوم", "B", 1]]],
  ["Asyut", "أسيوط", [["Asyut City", "مدينة أسيوط", "B", 2]]],
  ["Luxor", "الأقصر", [["Luxor City", "مدينة الأقصر", "B", 2]]],
  ["Aswan", "أسوان", [["Aswan City", "مدينة أسوان", "B", 1]]],
];

/** Every area, governorate after governorate. */
export const AREAS: readonly Area[] = GOVERNORATES.flatMap(([governorate, governorateAr, areas]) =>
  areas.map(([area, areaAr, region, weight]) => ({ area, areaAr, governorate, governorateAr, region, weight })),
);

/** Streets that every Egyptian city has, in Latin and in Arabic script. */
export const STREETS: readonly (readonly [string, string])[] = [
  ["Tahrir Street", "شارع التحرير"],
  ["Gomhouria Street", "شارع الجمهورية"],
  ["El Nasr Road", "طريق النصر"],
  ["Saad Zaghloul Street", "شارع سعد زغلول"],
  ["Ahmed Orabi Street", "شارع أحمد عرابي"],
  ["Salah Salem Street", "شارع صلاح سالم"],
  ["26th of July Street", "شارع ٢٦ يوليو"],
  ["Abbas El Akkad Street", "شارع عباس العقاد"],
  ["Makram Ebeid Street", "شارع مكرم عبيد"],
  ["Mostafa El Nahas Street", "شارع مصطفى النحاس"],
  ["El Thawra Street", "شارع الثورة"],
  ["Port Said Street", "شارع بورسعيد"],
  ["Ramses Street", "شارع رمسيس"],
  ["El Horreya Road", "طريق الحرية"],
  ["Fouad Street", "شارع فؤاد"],
  ["El Geish Street", "شارع الجيش"],
  ["Gamal Abdel Nasser Street", "شارع جمال عبد الناصر"],
  ["Anwar El Sadat Street", "شارع أنور السادات"],
  ["El Galaa Street", "شارع الجلاء"],
  ["Omar Ibn El Khattab Street", "شارع عمر بن الخطاب"],
  ["El Corniche", "الكورنيش"],
  ["Mohamed Farid Street", "شارع محمد فريد"],
  ["Talaat Harb Street", "شارع طلعت حرب"],
  ["El Mahatta Street", "شارع المحطة"],
];
