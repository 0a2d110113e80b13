import { DAY_US, HOUR_US } from "../../core/calendar.js";

/** The clock of everybody in the model. */
export const TIME_ZONE = "Africa/Cairo";

/** Sunday first: Friday and Saturday are the weekend. */
export const FRIDAY = 5;

/**
 * Cairo's time minus UTC in hours: 2, and 3 in summer, which Law 24 of 2023 brought back: from the last Friday of April,
 * 0:00 local time, to the end of the last Thursday of October. From 2015 to 2022 there was none. Written out, because
 * the time zone data of Node moves with its version and so would the data made from it.
 */
export function cairoOffsetHours(atUs: number): number {
  const year = new Date(atUs / 1000).getUTCFullYear();
  if (year < 2023) return 2;
  const start = lastWeekday(year, 3, FRIDAY) - 2 * HOUR_US;
  const end = lastWeekday(year, 9, FRIDAY - 1) + DAY_US - 3 * HOUR_US;
  return atUs >= start && atUs < end ? 3 : 2;
}

/** Days that offsets are kept for: 1970 to 2106. */
const DAYS_KEPT = 50_000;

/** A day within which the offset changes. */
const CHANGES = 1;

/** Offsets by day of UTC; 0 where it was not asked for yet. Fifty kilobytes a thread, and no Date a row. */
const offsetOfDay = new Int8Array(DAYS_KEPT);

/** {@link cairoOffsetHours}, worked out once a day: moments come in no order, and dozens of columns ask for each. */
export function offsetAt(atUs: number): number {
  const day = Math.floor(atUs / DAY_US);
  if (!(day >= 0 && day < DAYS_KEPT)) return cairoOffsetHours(atUs);
  let offset = offsetOfDay[day];
  if (offset === 0) {
    const first = cairoOffsetHours(day * DAY_US);
    offset = first === cairoOffsetHours((day + 1) * DAY_US - 1) ? first : CHANGES;
    offsetOfDay[day] = offset;
  }
  return offset === CHANGES ? cairoOffsetHours(atUs) : offset;
}

/** Days since 1970 of a moment by Cairo's clock. */
export function cairoDay(atUs: number): number {
  return Math.floor((atUs + offsetAt(atUs) * HOUR_US) / DAY_US);
}

/** A clock time of a day in Cairo as a moment; the day's hours from 4 o'clock on, when no clock changes. */
export function cairoMoment(day: number, clockUs: number): number {
  return day * DAY_US + clockUs - offsetAt(day * DAY_US + 4 * HOUR_US) * HOUR_US;
}

/** Sunday is 0. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

function lastWeekday(year: number, month: number, weekday: number): number {
  const last = Date.UTC(year, month + 1, 0);
  const back = (new Date(last).getUTCDay() - weekday + 7) % 7;
  return (last - back * 86_400_000) * 1000;
}
