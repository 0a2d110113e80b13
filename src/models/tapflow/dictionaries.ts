import { encodeTextArray } from "../../core/text-array.js";
import type { DictionarySource } from "../../model/model.js";
import { nameDictionaries } from "../united-states/names.js";
import { STREET_TEXTS } from "../united-states/streets.js";
import { DEVICE_MODELS } from "./data/hardware.js";
import { PLACES } from "./data/places.js";
import { PLAN_FEATURES } from "./data/plans.js";
import { BRAND_FIRST, BRAND_SECOND, DISTRICTS } from "./data/venues.js";

/** How often each postal code occurs. */
export const PLACE_WEIGHTS: readonly number[] = PLACES.map(({ weight }) => weight);

const BRANDS = BRAND_FIRST.flatMap((first) => BRAND_SECOND.map((second) => `${first} ${second}`));

/** The model's word lists; workers get them as bytes and never load Faker. */
export const dictionaries: Readonly<Record<string, DictionarySource>> = {
  ...nameDictionaries,
  streets: () => STREET_TEXTS,
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
  plan_features: () => PLAN_FEATURES.map((features) => encodeTextArray(features.map(({ name }) => name))),
};
