import { describe, expect, it } from "vitest";
import { CITIES } from "../../../src/columns/places/united-states.js";
import { INDUSTRIES, INDUSTRY_NAMES } from "../../../src/models/marketing/data/industries.js";
import * as words from "../../../src/models/marketing/data/words.js";

const TEXT_CHARS_MAX = 120;
// A browser's own name is longer than what people write.
const USER_AGENT_CHARS_MAX = 200;

const DATA = { CITIES, INDUSTRIES, ...words };

/** Every text in a value, keys of weighted values included, with the path to it. */
function textsOf(value: unknown, path: string): readonly (readonly [path: string, text: string])[] {
  if (typeof value === "string") return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOf(item, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [[path, key] as const, ...textsOf(item, `${path}.${key}`)]);
}

/** Every number in a value with the path to it. */
function numbersOf(value: unknown, path: string): readonly (readonly [path: string, number: number])[] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => numbersOf(item, `${path}.${key}`));
}

/** Every list in a value with the path to it. */
function listsOf(value: unknown, path: string): readonly (readonly [path: string, list: readonly unknown[]])[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, item]) => listsOf(item, `${path}.${key}`));
  return Array.isArray(value) ? [[path, value], ...inside] : inside;
}

describe.each(Object.entries(DATA))("%s", (name, value) => {
  it("has texts without control characters, outer or double spaces", () => {
    const faults = textsOf(value, name).filter(
      ([, text]) => text === "" || text !== text.trim() || / {2}|\p{Cc}/u.test(text) || text !== text.normalize("NFC"),
    );
    expect(faults).toEqual([]);
  });

  it("has texts that a column can hold", () => {
    const charsMax = name === "USER_AGENTS" ? USER_AGENT_CHARS_MAX : TEXT_CHARS_MAX;
    expect(textsOf(value, name).filter(([, text]) => text.length >= charsMax)).toEqual([]);
  });

  it("has no empty list and nothing twice in one", () => {
    for (const [path, list] of listsOf(value, name)) {
      expect(list.length, path).toBeGreaterThan(0);
      const distinctCount = new Set(list.map((item) => JSON.stringify(item))).size;
      expect(distinctCount, path).toBe(list.length);
    }
  });

  it("has numbers above zero", () => {
    expect(numbersOf(value, name).filter(([, number]) => !(number > 0 && Number.isFinite(number)))).toEqual([]);
  });
});

describe("cities", () => {
  it("are written as addresses write them", () => {
    for (const { city, state, areaCode, postalCodes } of CITIES) {
      expect(state, city).toMatch(/^[A-Z]{2}$/);
      expect(areaCode, city).toMatch(/^[2-9]\d\d$/);
      expect(postalCodes.length, city).toBeGreaterThanOrEqual(3);
      expect(postalCodes.length, city).toBeLessThanOrEqual(6);
      for (const postalCode of postalCodes) expect(postalCode, city).toMatch(/^\d{5}$/);
    }
  });

  it("share no name within a state and no postal code", () => {
    const names = CITIES.map(({ city, state }) => `${city}, ${state}`);
    const postalCodes = CITIES.flatMap((city) => city.postalCodes);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(postalCodes).size).toBe(postalCodes.length);
  });

  it("keep a state in one area of first digits", () => {
    const digits = new Map<string, Set<string>>();
    for (const { state, postalCodes } of CITIES)
      for (const postalCode of postalCodes)
        digits.set(state, (digits.get(state) ?? new Set()).add(postalCode.slice(0, 1)));
    expect([...digits].filter(([, firsts]) => firsts.size > 1)).toEqual([]);
  });

  it("keep an area code in one state", () => {
    const stateOf = new Map(CITIES.map(({ areaCode, state }) => [areaCode, state]));
    expect(CITIES.filter(({ areaCode, state }) => stateOf.get(areaCode) !== state)).toEqual([]);
  });
});

describe("industries", () => {
  it("are those named, in the fixed order", () => {
    expect(Object.keys(INDUSTRIES)).toEqual([...INDUSTRY_NAMES]);
  });

  it.each(INDUSTRY_NAMES)("%s has enough of each to look varied", (name) => {
    const industry = INDUSTRIES[name];
    expect(industry.companyWords.length).toBeGreaterThanOrEqual(24);
    expect(industry.companySuffixes.length).toBeGreaterThanOrEqual(10);
    expect(industry.campaignThemes.length).toBeGreaterThanOrEqual(14);
    expect(industry.audienceNames.length).toBeGreaterThanOrEqual(10);
    for (const field of ["offers", "templateNames", "landingHeadlines", "callReasons"] as const)
      expect(industry[field].length, field).toBeGreaterThanOrEqual(8);
  });

  it.each(INDUSTRY_NAMES)("%s keeps what belongs to a season out of the themes for any month", (name) => {
    const seasonal = /\b(winter|spring|summer|fall|holiday|christmas|thanksgiving|back-to-school|year-end)\b/i;
    expect(INDUSTRIES[name].campaignThemes.filter((theme) => seasonal.test(theme))).toEqual([]);
  });

  it.each(INDUSTRY_NAMES)("%s makes no company name that repeats a word", (name) => {
    const { companyWords, companySuffixes } = INDUSTRIES[name];
    const names = companyWords.flatMap((word) => companySuffixes.map((suffix) => `${word} ${suffix}`));
    const repeats = names.filter((text) => {
      const parts = text.toLowerCase().match(/[\p{L}']+/gu) ?? [];
      return new Set(parts).size !== parts.length;
    });
    expect(repeats).toEqual([]);
  });
});

describe("words", () => {
  it("send no mail and no visitor to a domain that someone may own", () => {
    const reserved = /^([a-z]+\.)*example\.(com|net|org)$/;
    const hosts = Object.keys(words.REFERRERS).map((url) => new URL(url).hostname);
    expect([...Object.keys(words.EMAIL_DOMAINS), ...hosts].filter((host) => !reserved.test(host))).toEqual([]);
  });

  it("name each error, endpoint, feature, condition, brand and browser once", () => {
    const keys: readonly (readonly string[])[] = [
      words.ERROR_LOGS.map(({ code }) => code),
      words.API_ENDPOINTS.map(({ method, path }) => `${method} ${path}`),
      words.FEATURES_USED.map(({ feature, action }) => `${feature} ${action}`),
      words.CONDITION_KINDS.map(({ kind }) => kind),
      words.GIFT_CARD_BRANDS.map(({ brand }) => brand),
      words.USER_AGENTS.map(({ userAgent }) => userAgent),
      words.SMS_MESSAGES.map(({ text }) => text),
    ];
    for (const list of keys) expect(new Set(list).size, list[0]).toBe(list.length);
  });

  it("leave at most one known placeholder in an error message", () => {
    for (const { code, message } of words.ERROR_LOGS) {
      expect(message.split("{").length, code).toBeLessThanOrEqual(2);
      expect(message.replace(/\{(id|count|ms)\}/, ""), code).not.toMatch(/[{}]/);
    }
  });

  it("list denominations from the smallest", () => {
    for (const { brand, denominations } of words.GIFT_CARD_BRANDS)
      expect(denominations, brand).toEqual([...denominations].sort((a, b) => a - b));
  });

  it("name only dispositions that a call can have", () => {
    const known = Object.keys(words.CALL_DISPOSITIONS);
    const named = words.CONDITION_KINDS.filter(({ unit }) => unit === "disposition").flatMap((kind) => kind.thresholds);
    expect(named.filter((disposition) => !known.includes(disposition))).toEqual([]);
  });
});
