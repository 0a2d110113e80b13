import { encodeTextArray } from "../../core/text-array.js";
import type { DictionarySource } from "../../model/model.js";
import { REGIONS } from "./data/regions.js";
import {
  CHARACTER_FIRST,
  CHARACTER_LAST,
  EMAIL_DOMAINS,
  GUILD_FIRST,
  GUILD_LAST,
  HANDLE_FIRST,
  HANDLE_LAST,
  LOCATIONS,
} from "./data/words.js";

/** Every town with its region. */
const PLACES = REGIONS.flatMap(({ cities, weight, timeZone }, region) =>
  cities.map(([city, country]) => ({
    text: `${city}, ${country}`,
    country,
    region,
    timeZone,
    weight: weight / cities.length,
  })),
);
export const PLACE_WEIGHTS: readonly number[] = PLACES.map(({ weight }) => weight);
export const PLACE_REGIONS: readonly number[] = PLACES.map(({ region }) => region);
export const EMAIL_DOMAIN_WEIGHTS: readonly number[] = Object.values(EMAIL_DOMAINS);

/** Places that a session leads through: one more for each step, in stretches of the way from village to throne. */
export const VISITS_MAX = 8;
const VISITS = Array.from({ length: VISITS_MAX }, (_, more) =>
  LOCATIONS.slice(0, LOCATIONS.length - more).map((_, start) => LOCATIONS.slice(start, start + more + 1)),
);

/** Where the lists of each length begin, and how many there are. */
export const VISIT_STARTS: readonly number[] = VISITS.map((_, at) =>
  VISITS.slice(0, at).reduce((sum, { length }) => sum + length, 0),
);
export const VISIT_COUNTS: readonly number[] = VISITS.map(({ length }) => length);

/** The model's word lists; workers get them as bytes. */
export const dictionaries: Readonly<Record<string, DictionarySource>> = {
  handle_first: () => HANDLE_FIRST,
  handle_first_slugs: () => HANDLE_FIRST.map((word) => word.toLowerCase()),
  handle_last: () => HANDLE_LAST,
  handle_last_slugs: () => HANDLE_LAST.map((word) => word.toLowerCase()),
  email_domains: () => Object.keys(EMAIL_DOMAINS),
  places: () => PLACES.map(({ text }) => text),
  place_time_zones: () => PLACES.map(({ timeZone }) => timeZone),
  character_first: () => CHARACTER_FIRST,
  character_last: () => CHARACTER_LAST,
  guild_first: () => GUILD_FIRST,
  guild_last: () => GUILD_LAST,
  visits: () => VISITS.flat().map((names) => encodeTextArray(names)),
};
