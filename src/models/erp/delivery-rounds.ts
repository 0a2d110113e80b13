import { weekdayOf } from "./egypt-time.js";

/** Weekdays on which goods are delivered, Sunday 0: region A on Sunday, Tuesday, Thursday; B on Monday, Wednesday, Saturday. */
export const DELIVERY_WEEKDAYS = { A: [0, 2, 4], B: [1, 3, 6] } as const;

/** Attempts to deliver at the most. */
export const ATTEMPTS_MAX = 3;

/** By region and weekday: days until the first, second and third delivery day from that weekday on. */
const WAITS: readonly Int32Array[] = Object.values(DELIVERY_WEEKDAYS).map((weekdays) => {
  const days: readonly number[] = weekdays;
  return Int32Array.from({ length: 7 * ATTEMPTS_MAX }, (_, at) => {
    const ahead = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((wait) =>
      days.includes((Math.floor(at / ATTEMPTS_MAX) + wait) % 7),
    );
    return ahead[at % ATTEMPTS_MAX];
  });
});

/**
 * The `nth` (from 0) delivery day of a region that is not before a day.
 * @param region 0 for A, 1 for B
 * @param day since 1970
 */
export function deliveryDay(region: number, day: number, nth: number): number {
  return day + WAITS[region][weekdayOf(day) * ATTEMPTS_MAX + nth];
}
