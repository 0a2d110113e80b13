import { encodeTextArray } from "../../core/text-array.js";
import type { DictionarySource } from "../../model/model.js";
import { STREET_NAMES, STREET_SUFFIXES } from "../marketing/data/words.js";
import { dictionaries as marketing } from "../marketing/dictionaries.js";
import { BEVERAGES } from "./data/beverages.js";
import { DEVICE_MODELS } from "./data/hardware.js";
import { PLACES } from "./data/places.js";
import { PLAN_FEATURES } from "./data/plans.js";
import { BRAND_FIRST, BRAND_SECOND, DISTRICTS } from "./data/venues.js";

/** How often each postal code occurs. */
export const PLACE_WEIGHTS: readonly number[] = PLACES.map(({ weight }) => weight);

const STREETS = STREET_NAMES.flatMap((name) =>
  Object.entries(STREET_SUFFIXES).map(([suffix, weight]) => ({ text: `${name} ${suffix}`, weight })),
);
export const STREET_WEIGHTS: readonly number[] = STREETS.map(({ weight }) => weight);

const BRANDS = BRAND_FIRST.flatMap((first) => BRAND_SECOND.map((second) => `${first} ${second}`));

/** The model's word lists; workers get them as bytes and never load Faker. */
export const dictionaries: Readonly<Record<string, DictionarySource>> = {
  first_names: marketing["first_names"],
  first_slugs: marketing["first_slugs"],
  last_names: marketing["last_names"],
  last_slugs: marketing["last_slugs"],
  streets: () => STREETS.map(({ text }) => text),
  brands: () => BRANDS,
  brand_slugs: () => BRANDS.map((brand) => brand.toLowerCase().replace(/'/g, "").replace(/ /g, "-")),
  districts: () => DISTRICTS,
  postal_codes: () => PLACES.map(({ postalCode }) => postalCode),
  cities: () => PLACES.map(({ city }) => city),
  states: () => PLACES.map(({ state }) => state),
  area_codes: () => PLACES.map(({ areaCode }) => areaCode),
  time_zones: () => PLACES.map(({ timeZone }) => timeZone),
  device_models: () => DEVICE_MODELS.map(({ name }) => name),
  serial_prefixes: () => DEVICE_MODELS.map(({ prefix }) => prefix),
  beverage_categories: () => BEVERAGES.map(({ category }) => category),
  plan_features: () => PLAN_FEATURES.map((features) => encodeTextArray(features.map(({ name }) => name))),
};
