import { type Calendar, calendar, HOUR_US } from "../core/calendar.js";
import { type OffsetHours, offsetHoursOf } from "../core/time-zones/offsets.js";
import type { BindContext } from "./column.js";

/** A clock on a wall: its name, and local time minus UTC in hours at a moment. */
export interface Clock {
  readonly name: string;
  readonly offsetHours: OffsetHours;
}

/** UTC itself. */
export const UTC: Clock = { name: "UTC", offsetHours: () => 0 };

/** The clock of a time zone; see `offsetHoursOf`. */
export function zoneClock(zone: string): Clock {
  return { name: zone, offsetHours: offsetHoursOf(zone) };
}

/** How busy months (January first), weekdays (Sunday first) and hours (midnight first) are beside one another. */
export interface CalendarWeights {
  readonly months: readonly number[];
  readonly weekdays: readonly number[];
  readonly hours: readonly number[];
  /** Days on which nothing happens, since 1970 by the clock. */
  readonly closedDays?: readonly number[];
}

/** Every month of the year alike. */
export const EVEN_MONTHS: readonly number[] = Array<number>(12).fill(1);

/** Tables kept a thread: a few clocks and kinds of hours, for a few scenarios. */
const CALENDARS_MAX = 64;
const known = new Map<string, Calendar>();

/**
 * The calendar of a scenario's window by a clock. A year of hours takes milliseconds to weigh, and dozens of columns of
 * a thread want the same table: the latest are kept.
 */
export function clockCalendar({ windowUs }: BindContext, clock: Clock, weights: CalendarWeights): Calendar {
  const { months, weekdays, hours, closedDays } = weights;
  const name = JSON.stringify([clock.name, windowUs, months, weekdays, hours, closedDays]);
  let found = known.get(name);
  if (found === undefined) {
    if (known.size >= CALENDARS_MAX) known.clear();
    found = calendar({
      fromUs: Math.floor(windowUs.from / HOUR_US) * HOUR_US,
      toUs: windowUs.to,
      ...weights,
      utcOffsetHours: clock.offsetHours,
    });
    known.set(name, found);
  }
  return found;
}
