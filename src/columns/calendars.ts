import { type Calendar, calendar, DAY_US, HOUR_US } from "../core/calendar.js";
import { utcOffsetHours } from "../core/us-time-zones.js";
import type { BindContext } from "./column.js";

/** A clock on a wall: its name, and local time minus UTC in hours at a moment. */
export interface Clock {
  readonly name: string;
  readonly offsetHours: (atUs: number) => number;
}

/** UTC itself. */
export const UTC: Clock = { name: "UTC", offsetHours: () => 0 };

/** The clock of one of the time zones of the United States. */
export function usClock(zone: string): Clock {
  return { name: zone, offsetHours: (atUs) => utcOffsetHours(zone, atUs) };
}

/** How busy months (January first), weekdays (Sunday first) and hours (midnight first) are beside one another. */
export interface CalendarWeights {
  readonly months: readonly number[];
  readonly weekdays: readonly number[];
  readonly hours: readonly number[];
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
  const name = JSON.stringify([clock.name, windowUs, weights.months, weights.weekdays, weights.hours]);
  let found = known.get(name);
  if (found === undefined) {
    if (known.size >= CALENDARS_MAX) known.clear();
    found = calendar({
      fromUs: Math.floor(windowUs.from / HOUR_US) * HOUR_US,
      toUs: windowUs.to,
      ...weights,
      utcOffsetHours: offsetByDay(clock.offsetHours),
    });
    known.set(name, found);
  }
  return found;
}

/** A clock's offset, worked out hour by hour only on the two days of the year on which it changes. */
function offsetByDay(offsetHours: Clock["offsetHours"]): Clock["offsetHours"] {
  let day = Number.NaN;
  let offset = 0;
  let isEven = false;
  return (atUs) => {
    const ownDay = Math.floor(atUs / DAY_US);
    if (ownDay !== day) {
      day = ownDay;
      offset = offsetHours(day * DAY_US);
      isEven = offset === offsetHours((day + 1) * DAY_US - HOUR_US);
    }
    return isEven ? offset : offsetHours(atUs);
  };
}
