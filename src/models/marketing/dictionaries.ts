import { CITIES } from "../../columns/places/united-states.js";
import { encodeTextArray } from "../../core/text-array.js";
import { US_TIME_ZONES } from "../../core/us-time-zones.js";
import type { DictionarySource } from "../../model/model.js";
import { nameDictionaries, slugOf } from "../united-states/names.js";
import { STREET_TEXTS } from "../united-states/streets.js";
import { INDUSTRIES, INDUSTRY_NAMES } from "./data/industries.js";
import { AGENCY_NAMES, EMAIL_DOMAINS, USER_AGENTS } from "./data/words.js";

/** Every postal code with what agrees with it: one entry a code, in the cities' order. */
const PLACES = CITIES.flatMap((city, cityIndex) =>
  city.postalCodes.map((postalCode) => ({ ...city, postalCode, cityIndex })),
);

/** How often each postal code occurs: its city's population, shared by its codes. */
export const PLACE_WEIGHTS: readonly number[] = PLACES.map(({ weight, postalCodes }) => weight / postalCodes.length);

/** The place in {@link US_TIME_ZONES} of each postal code's zone. */
export const PLACE_ZONES: readonly number[] = PLACES.map(({ timeZone }) => US_TIME_ZONES.indexOf(timeZone));

/** The first postal code of each postal code's city, and how many the city has. */
export const PLACE_CITY_STARTS: readonly number[] = PLACES.map(({ cityIndex }) =>
  PLACES.findIndex((place) => place.cityIndex === cityIndex),
);
export const PLACE_CITY_SIZES: readonly number[] = PLACES.map(({ postalCodes }) => postalCodes.length);

export const EMAIL_DOMAIN_WEIGHTS: readonly number[] = Object.values(EMAIL_DOMAINS);
export const USER_AGENT_WEIGHTS: readonly number[] = USER_AGENTS.map(({ weight }) => weight);

/** Names of companies, industry by industry; an industry's first name, then how many it has. */
const CLIENT_NAMES = INDUSTRY_NAMES.map((industry) => {
  const { companyWords, companySuffixes } = INDUSTRIES[industry];
  return companyWords.flatMap((word) => companySuffixes.map((suffix) => `${word} ${suffix}`));
});
export const CLIENT_NAME_SIZES: readonly number[] = CLIENT_NAMES.map((names) => names.length);
export const CLIENT_NAME_STARTS: readonly number[] = CLIENT_NAME_SIZES.map((_, industry) =>
  CLIENT_NAME_SIZES.slice(0, industry).reduce((sum, size) => sum + size, 0),
);

const TAGS = [
  "vip",
  "homeowner",
  "renter",
  "newsletter",
  "new_mover",
  "family",
  "senior",
  "loyalty_member",
  "referral_source",
  "high_value",
  "price_sensitive",
  "lapsed",
  "event_attendee",
  "spanish_speaking",
  "weekend_caller",
  "do_not_email",
] as const;

/** No tag, each single one, then pairs and triples in a fixed order. */
const TAG_SETS: readonly (readonly string[])[] = [
  [],
  ...TAGS.map((tag) => [tag]),
  ...TAGS.flatMap((first, at) => TAGS.slice(at + 1).map((second) => [first, second])),
  ...TAGS.flatMap((first, at) =>
    TAGS.slice(at + 2, at + 6).map((second, next) => [first, second, TAGS[(at + next + 7) % TAGS.length]]),
  ).filter((tags) => new Set(tags).size === 3),
];

/** A third of the contacts have no tag; the more tags, the rarer. */
export const TAG_SET_WEIGHTS: readonly number[] = TAG_SETS.map((tags) => {
  const ofSize = TAG_SETS.filter(({ length }) => length === tags.length).length;
  return [0.34, 0.36, 0.22, 0.08][tags.length] / ofSize;
});

/** The model's word lists; workers get them as bytes and never load Faker. */
export const dictionaries: Readonly<Record<string, DictionarySource>> = {
  ...nameDictionaries,
  agency_names: () => AGENCY_NAMES,
  agency_slugs: () => AGENCY_NAMES.map((name) => slugOf(name)),
  client_names: () => CLIENT_NAMES.flat(),
  client_slugs: () => CLIENT_NAMES.flat().map((name) => slugOf(name)),
  email_domains: () => Object.keys(EMAIL_DOMAINS),
  postal_codes: () => PLACES.map(({ postalCode }) => postalCode),
  cities: () => PLACES.map(({ city }) => city),
  states: () => PLACES.map(({ state }) => state),
  area_codes: () => PLACES.map(({ areaCode }) => areaCode),
  time_zones: () => PLACES.map(({ timeZone }) => timeZone),
  streets: () => STREET_TEXTS,
  tag_sets: () => TAG_SETS.map(encodeTextArray),
  user_agents: () => USER_AGENTS.map(({ userAgent }) => userAgent),
};
