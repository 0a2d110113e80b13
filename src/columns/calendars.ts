import { type Calendar, calendar, DAY_US, HOUR_US, type HourWeights } from "../core/calendar.js";
import { normalQuantile } from "../core/distributions.js";
import { exp } from "../core/math/index.js";
import { type CellKey, cellBits, unitOf } from "../core/random.js";
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

/** How busy hours are beside one another, by the clock. */
export interface CalendarWeights extends Omit<HourWeights, "dayFactor"> {
  /** Factors of the days, multiplied; all days follow their month and weekday without one. */
  readonly days?: readonly DayWeights[];
}

/** How days differ beside what their month and weekday say: by chance, and by growth. */
export interface DayWeights {
  /** Lognormal spread of the days' factors. */
  readonly sigma: number;
  /** A day is as busy for all columns that have the same key, and on every clock. */
  readonly key: CellKey;
  /** How busy the window's end is beside its start; it grows evenly in between. */
  readonly growth: number;
}

/** The factor of a day of a window, counted since 1970: 1 on average. */
export function dayFactorOf(
  days: readonly DayWeights[],
  { from, to }: BindContext["windowUs"],
): (day: number) => number {
  return (day) => {
    const part = Math.min(1, Math.max(0, ((day + 0.5) * DAY_US - from) / (to - from)));
    let factor = 1;
    for (const { sigma, key, growth } of days) {
      if (sigma > 0) factor *= exp(sigma * (normalQuantile(unitOf(cellBits(key, day, 0))) - sigma / 2));
      factor *= (1 + (growth - 1) * part) / (1 + (growth - 1) / 2);
    }
    return factor;
  };
}

/** What decides a model's busy days: its settings `daySigma` and, where it has one, `growth`. */
export function modelDays({
  scenario: { settings },
  sharedKey,
}: Pick<BindContext, "sharedKey"> & { readonly scenario: Pick<BindContext["scenario"], "settings"> }): DayWeights[] {
  return [{ sigma: settings["daySigma"] ?? 0, key: sharedKey("days"), growth: settings["growth"] ?? 1 }];
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
  const name = JSON.stringify([clock.name, windowUs, weights]);
  let found = known.get(name);
  if (found === undefined) {
    if (known.size >= CALENDARS_MAX) known.clear();
    found = calendar({
      fromUs: Math.floor(windowUs.from / HOUR_US) * HOUR_US,
      toUs: windowUs.to,
      ...weights,
      ...(weights.days && { dayFactor: dayFactorOf(weights.days, windowUs) }),
      utcOffsetHours: clock.offsetHours,
    });
    known.set(name, found);
  }
  return found;
}
