/** Moments from this one on are exact: from then on all clocks here go by whole minutes, and IANA's sources are good. */
export const EXACT_FROM = "1950-01-01T00:00:00.000Z";

/** What lies after a window (the last outcome, the last card that expires) still fits below 2^53 µs, which is in 2255. */
export const EXACT_TO = "2250-01-01T00:00:00.000Z";

/** A day of each year: the nth weekday of a month, or its last. Sunday and January are 0. */
export interface YearlyDay {
  readonly month: number;
  readonly weekday: number;
  readonly nth: 1 | 2 | "last";
}

/** When summer time begins and ends, year by year; without an end, as far as anybody has decided. */
export interface SummerRule {
  /** The first year that the rule holds for; earlier ones are in the table of transitions. */
  readonly fromYear: number;
  readonly begins: YearlyDay;
  readonly ends: YearlyDay;
  /** Hours after midnight of those days; of the clock that is changed, or of UTC. */
  readonly beginsHour: number;
  readonly endsHour: number;
  readonly by: "local" | "utc";
}

const SUNDAY = 0;
const THURSDAY = 4;
const FRIDAY = 5;

export const RULES: Readonly<Record<string, SummerRule>> = {
  // Energy Policy Act of 2005, section 110.
  us: {
    fromYear: 2007,
    begins: { month: 2, weekday: SUNDAY, nth: 2 },
    ends: { month: 10, weekday: SUNDAY, nth: 1 },
    beginsHour: 2,
    endsHour: 2,
    by: "local",
  },
  // Directive 2000/84/EC, and what was common before it.
  eu: {
    fromYear: 1996,
    begins: { month: 2, weekday: SUNDAY, nth: "last" },
    ends: { month: 9, weekday: SUNDAY, nth: "last" },
    beginsHour: 1,
    endsHour: 1,
    by: "utc",
  },
  // Law 24 of 2023: to the end of the last Thursday of October.
  egypt: {
    fromYear: 2023,
    begins: { month: 3, weekday: FRIDAY, nth: "last" },
    ends: { month: 9, weekday: THURSDAY, nth: "last" },
    beginsHour: 0,
    endsHour: 24,
    by: "local",
  },
};

/** The zones that models keep, by IANA name, each with its rule of summer time today. */
export const ZONES: Readonly<Record<string, "us" | "eu" | "egypt" | "none">> = {
  "America/New_York": "us",
  "America/Chicago": "us",
  "America/Denver": "us",
  "America/Phoenix": "none",
  "America/Los_Angeles": "us",
  "America/Sao_Paulo": "none",
  "Europe/Berlin": "eu",
  "Europe/Istanbul": "none",
  "Asia/Kolkata": "none",
  "Asia/Singapore": "none",
  "Asia/Tokyo": "none",
  "Africa/Cairo": "egypt",
};
