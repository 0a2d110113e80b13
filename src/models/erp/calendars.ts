import type { BindContext } from "../../columns/column.js";
import type { CalendarSource } from "../../columns/times.js";
import { type Calendar, calendar, HOUR_US } from "../../core/calendar.js";
import { offsetAt } from "./egypt-time.js";

/** Midnight first: nobody orders before 7 or after 21 o'clock. */
export const BUSINESS_HOURS: readonly number[] = [
  0, 0, 0, 0, 0, 0, 0, 0.3, 0.8, 1.4, 1.6, 1.5, 1.3, 1.1, 1.2, 1.2, 1, 0.7, 0.4, 0.3, 0.2, 0, 0, 0,
];

const known = new Map<string, Calendar>();

/** Calendars kept a thread: one for each scenario at work. */
const CALENDARS_MAX = 16;

/** Sunday first. */
export function weekdayWeights(settings: Readonly<Record<string, number>>): number[] {
  return [1, 1, 1, 1, 1, settings["fridayFactor"], settings["saturdayFactor"]];
}

/** Working hours in Egypt: Friday and Saturday are quiet. */
export const businessCalendar: CalendarSource = ({ windowUs, scenario: { settings } }) => {
  const weekdays = weekdayWeights(settings);
  const name = JSON.stringify([windowUs, weekdays]);
  let found = known.get(name);
  if (found === undefined) {
    if (known.size >= CALENDARS_MAX) known.clear();
    found = calendar({
      fromUs: Math.floor(windowUs.from / HOUR_US) * HOUR_US,
      toUs: windowUs.to,
      months: new Array(12).fill(1),
      weekdays,
      hours: BUSINESS_HOURS,
      utcOffsetHours: offsetAt,
    });
    known.set(name, found);
  }
  return found;
};

/**
 * The same hours while the business grows: at the window's end `growth` times as much happens an hour as at its start,
 * and in between the rate grows evenly.
 */
export function growingCalendar(context: BindContext): Calendar {
  const usual = businessCalendar(context);
  const rise = context.scenario.settings["growth"] - 1;
  if (rise === 0) return usual;
  return {
    ...usual,
    // The share that has happened by t is (t + rise * t^2 / 2) / (1 + rise / 2); this is its inverse.
    between: (share, fromUs, toUs) =>
      usual.between((Math.sqrt(1 + rise * (2 + rise) * share) - 1) / rise, fromUs, toUs),
  };
}
