import type { BindContext } from "../../columns/column.js";
import type { CalendarSource } from "../../columns/times.js";
import { type Calendar, calendar, DAY_US, HOUR_US } from "../../core/calendar.js";
import { US_TIME_ZONES, utcOffsetHours } from "../../core/us-time-zones.js";

/**
 * Weights of the day's hours, midnight first: office hours are 9 to 17 with peaks at 10 and from 14 to 15. `open` has
 * no other hours (somebody must take the call); `awake` also has the evenings on which people open a link.
 */
const HOURS = {
  open: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1.6, 1.2, 0.8, 1.1, 1.5, 1.5, 1, 0, 0, 0, 0, 0, 0, 0],
  awake: [
    0.04, 0.03, 0.02, 0.02, 0.03, 0.06, 0.15, 0.3, 0.6, 1, 1.6, 1.2, 0.8, 1.1, 1.5, 1.5, 1, 0.55, 0.4, 0.4, 0.35, 0.25,
    0.12, 0.06,
  ],
} as const satisfies Record<string, readonly number[]>;

export type Hours = keyof typeof HOURS;

/** Where the platform's own staff and servers are busy by the clock: what belongs to no one organization. */
export const PLATFORM_TIME_ZONE = "America/Chicago";

/** Tables kept a thread: five zones by two kinds of hours, for a few scenarios. */
const CALENDARS_MAX = 64;
const known = new Map<string, Calendar>();

/** The calendar of one of {@link US_TIME_ZONES} under the context's scenario. */
export function zoneCalendar(context: BindContext, zone: string, hours: Hours): Calendar {
  const { windowUs } = context;
  const months = monthWeights(context);
  const weekdays = weekdayWeights(context);
  const name = JSON.stringify([zone, hours, windowUs, months, weekdays]);
  let found = known.get(name);
  if (found === undefined) {
    // A year of hours takes milliseconds to weigh, and dozens of columns of a thread want the same table.
    if (known.size >= CALENDARS_MAX) known.clear();
    found = calendar({
      fromUs: Math.floor(windowUs.from / HOUR_US) * HOUR_US,
      toUs: windowUs.to,
      months,
      weekdays,
      hours: HOURS[hours],
      utcOffsetHours: offsetByDay(zone),
    });
    known.set(name, found);
  }
  return found;
}

/** The calendars of all {@link US_TIME_ZONES}, in their order. */
export function zoneCalendars(context: BindContext, hours: Hours): Calendar[] {
  return US_TIME_ZONES.map((zone) => zoneCalendar(context, zone, hours));
}

/** The calendar of everything that no organization's clock decides. */
export const platformCalendar: CalendarSource = (context) => zoneCalendar(context, PLATFORM_TIME_ZONE, "awake");

function monthWeights({ scenario: { settings } }: BindContext): number[] {
  const { q4Factor, summerFactor } = settings as Record<"q4Factor" | "summerFactor", number>;
  return Array.from({ length: 12 }, (_, month) => {
    if (month >= 9) return q4Factor;
    return month >= 5 && month <= 7 ? summerFactor : 1;
  });
}

function weekdayWeights({ scenario: { settings } }: BindContext): number[] {
  type Factor = "sundayFactor" | "wednesdayFactor" | "saturdayFactor";
  const { sundayFactor, wednesdayFactor, saturdayFactor } = settings as Record<Factor, number>;
  return [sundayFactor, 1, 1, wednesdayFactor, 1, 1, saturdayFactor];
}

/** A zone's offset, worked out hour by hour only on the two days of the year on which it changes. */
function offsetByDay(zone: string): (atUs: number) => number {
  let day = Number.NaN;
  let offset = 0;
  let isEven = false;
  return (atUs) => {
    const ownDay = Math.floor(atUs / DAY_US);
    if (ownDay !== day) {
      day = ownDay;
      offset = utcOffsetHours(zone, day * DAY_US);
      isEven = offset === utcOffsetHours(zone, (day + 1) * DAY_US - HOUR_US);
    }
    return isEven ? offset : utcOffsetHours(zone, atUs);
  };
}
