import { HOUR_US } from "./calendar.js";

/** Standard offset in hours, and whether the zone keeps daylight saving time. */
const ZONES: Readonly<Record<string, { readonly standard: number; readonly daylight: boolean }>> = {
  "America/New_York": { standard: -5, daylight: true },
  "America/Chicago": { standard: -6, daylight: true },
  "America/Denver": { standard: -7, daylight: true },
  "America/Phoenix": { standard: -7, daylight: false },
  "America/Los_Angeles": { standard: -8, daylight: true },
};

/** The zones that {@link utcOffsetHours} knows, in a fixed order. */
export const US_TIME_ZONES: readonly string[] = Object.keys(ZONES);

/**
 * Local time minus UTC, by the rule in force since 2007 (Energy Policy Act of 2005, section 110): from the second
 * Sunday of March to the first Sunday of November, at 2:00 local time. Written out, because the time zone data of
 * Node moves with its version and so would the data made from it.
 */
export function utcOffsetHours(zone: string, atUs: number): number {
  const { standard, daylight } = ZONES[zone];
  if (!daylight) return standard;
  const year = new Date(atUs / 1000).getUTCFullYear();
  const start = nthSunday(year, 2, 2) + (2 - standard) * HOUR_US;
  const end = nthSunday(year, 10, 1) + (1 - standard) * HOUR_US;
  return atUs >= start && atUs < end ? standard + 1 : standard;
}

function nthSunday(year: number, month: number, nth: number): number {
  const firstWeekday = new Date(Date.UTC(year, month, 1)).getUTCDay();
  return Date.UTC(year, month, 1 + ((7 - firstWeekday) % 7) + 7 * (nth - 1)) * 1000;
}
