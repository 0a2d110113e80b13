import type { Industry } from "./venues.js";

/** What flows from a tap. */
export interface Beverage {
  readonly category: string;
  /** How often, relative to the others. */
  readonly weight: number;
  readonly products: readonly string[];
  /** US cents of 473 ml, a US pint: a price list has one of these. */
  readonly pintCents: readonly number[];
  /** Millilitres of a glass, with how many of a hundred are such. */
  readonly glasses: Readonly<Record<number, number>>;
  /** Tenths of a degree Celsius that it is served at. */
  readonly servedTenths: number;
  /** Millilitres a second. */
  readonly flow: number;
}

/** Houses whose names go with their styles: what a distributor's list holds beside the well-known ones. */
const HOUSES = [
  "Copper Kettle",
  "Lost Lantern",
  "Millrace",
  "North Dock",
  "Old Quarry",
  "Blue Heron",
  "Iron Trestle",
  "Tall Pine",
  "Saddleback",
  "Riverbend",
  "Stone Arch",
  "Gravel Road",
  "Wren House",
  "Cedar Flats",
  "Switchyard",
  "Two Mules",
];

/** The well-known products, four times as often, and every house's of some styles. */
function listed(known: readonly string[], styles: readonly string[]): string[] {
  const often = Array.from({ length: 4 }, () => known).flat();
  return [
    ...often,
    ...styles.flatMap((style, at) =>
      HOUSES.filter((_, house) => (house + at) % 3 !== 0).map((house) => `${house} ${style}`),
    ),
  ];
}

export const BEVERAGES: readonly Beverage[] = [
  {
    category: "lager",
    weight: 30,
    products: listed(
      ["Harbor Light Lager", "Prairie Pils", "Amber Line Vienna", "Twin Rivers Helles", "Depot Dark Lager"],
      ["Lager", "Pils", "Helles", "Dunkel", "Mexican Lager"],
    ),
    pintCents: [500, 550, 600, 650, 700],
    glasses: { 355: 30, 473: 55, 591: 10, 118: 5 },
    servedTenths: 33,
    flow: 60,
  },
  {
    category: "ale",
    weight: 28,
    products: listed(
      ["Canyon Pale Ale", "Hollow Oak IPA", "Foggy Pier Hazy IPA", "Red Anvil Amber", "Bishop's Brown", "Wheat Field"],
      ["Pale Ale", "IPA", "Hazy IPA", "Amber", "Saison", "Hefeweizen", "Red Ale"],
    ),
    pintCents: [600, 650, 700, 750, 800, 900],
    glasses: { 296: 15, 355: 25, 473: 52, 118: 8 },
    servedTenths: 44,
    flow: 58,
  },
  {
    category: "stout",
    weight: 8,
    products: listed(
      ["Midnight Nitro Stout", "Kettle House Porter", "Cellar Door Imperial"],
      ["Milk Stout", "Porter", "Oatmeal Stout"],
    ),
    pintCents: [700, 800, 900],
    glasses: { 296: 25, 355: 15, 473: 55, 118: 5 },
    servedTenths: 66,
    flow: 38,
  },
  {
    category: "cider",
    weight: 7,
    products: listed(["Orchard Row Dry Cider", "Blackberry Lane Cider"], ["Dry Cider", "Hard Cider"]),
    pintCents: [650, 700, 750],
    glasses: { 355: 40, 473: 55, 118: 5 },
    servedTenths: 40,
    flow: 58,
  },
  {
    category: "wine",
    weight: 8,
    products: listed(
      ["Tap House Pinot Noir", "Coastal Chardonnay", "Ridge Rosé", "Valley Cabernet"],
      ["Pinot Noir", "Chardonnay", "Rosé", "Cabernet", "Sauvignon Blanc"],
    ),
    pintCents: [2_400, 2_800, 3_200],
    glasses: { 148: 70, 177: 20, 89: 10 },
    servedTenths: 110,
    flow: 30,
  },
  {
    category: "cocktail",
    weight: 5,
    products: listed(
      ["Draft Margarita", "Barrel Old Fashioned", "Garden Gin & Tonic"],
      ["Margarita", "Old Fashioned", "Paloma", "Negroni"],
    ),
    pintCents: [2_000, 2_400, 2_600],
    glasses: { 177: 65, 237: 30, 355: 5 },
    servedTenths: 25,
    flow: 32,
  },
  {
    category: "coffee",
    weight: 7,
    products: listed(["Nitro Cold Brew", "Vanilla Cold Brew", "House Cold Brew"], ["Cold Brew", "Nitro Coffee"]),
    pintCents: [450, 500, 550],
    glasses: { 355: 50, 473: 40, 591: 10 },
    servedTenths: 36,
    flow: 42,
  },
  {
    category: "soft_drink",
    weight: 7,
    products: listed(
      ["Root Beer", "Ginger Kombucha", "Sparkling Lemonade", "Cola"],
      ["Root Beer", "Kombucha", "Lemonade", "Ginger Beer"],
    ),
    pintCents: [300, 350, 400],
    glasses: { 355: 35, 473: 40, 591: 25 },
    servedTenths: 38,
    flow: 70,
  },
];

/** How much more or less often a trade has a beverage on tap than its weight says; 1 where nothing is said. */
export const POURED_BY: Readonly<Record<Industry, Readonly<Record<string, number>>>> = {
  bar: {},
  restaurant: { wine: 2, cocktail: 1.5, soft_drink: 1.5 },
  brewery: { lager: 1.5, ale: 2, stout: 1.5, cider: 0.5, wine: 0.1, cocktail: 0.1, coffee: 0.1, soft_drink: 0.5 },
  hotel: { wine: 2, cocktail: 1.5, coffee: 1.5 },
  stadium: { lager: 2, stout: 0.3, wine: 0.3, cocktail: 0.5, coffee: 0.3, soft_drink: 2 },
  casino: { wine: 1.5, cocktail: 3 },
  coffee_shop: { lager: 0, ale: 0, stout: 0, cider: 0, wine: 0, cocktail: 0, soft_drink: 0.5 },
  cinema: { ale: 0.5, stout: 0.3, cocktail: 0.5, soft_drink: 5 },
};
