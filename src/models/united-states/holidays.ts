import { DAY_US, utcDate } from "../../core/calendar.js";

/** A holiday of a fixed day, or of a weekday (Sunday is 0) of a month: the first, second …, or -1 for the last. */
type Holiday = readonly [month: number, day: number] | readonly [month: number, nth: number, weekday: number];

/** Days without mail delivery (USPS, "Holidays and Events"): the federal holidays. */
const POSTAL: readonly Holiday[] = [
  [1, 1],
  [1, 3, 1],
  [2, 3, 1],
  [5, -1, 1],
  [6, 19],
  [7, 4],
  [9, 1, 1],
  [10, 2, 1],
  [11, 11],
  [11, 4, 4],
  [12, 25],
];

const dayOf = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) / 86_400_000;

function dayOfHoliday(year: number, [month, day, weekday]: Holiday): number {
  if (weekday === undefined) {
    const fixed = dayOf(year, month, day);
    // What falls on a Sunday is kept on the Monday after it.
    return weekdayOf(fixed) === 0 ? fixed + 1 : fixed;
  }
  if (day > 0) {
    const first = dayOf(year, month, 1);
    return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (day - 1);
  }
  const last = dayOf(year, month + 1, 0);
  return last - ((weekdayOf(last) - weekday + 7) % 7);
}

/** Sunday is 0; 1970 began on a Thursday. */
const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

/**
 * Days on which the US mail is not delivered, Sundays aside.
 * @param window µs since 1970 UTC
 * @returns days since 1970, by the local calendar, of every year that the window touches
 */
export function postalHolidays(window: { readonly from: number; readonly to: number }): number[] {
  const [first, last] = [window.from - DAY_US, window.to + DAY_US].map((at) => utcDate(at).getUTCFullYear());
  const years = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  return years.flatMap((year) => POSTAL.map((holiday) => dayOfHoliday(year, holiday)));
}
