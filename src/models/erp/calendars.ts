import { type Clock, clockCalendar, EVEN_MONTHS } from "../../columns/calendars.js";
import type { BindContext } from "../../columns/column.js";
import type { CalendarSource } from "../../columns/times.js";
import type { Calendar } from "../../core/calendar.js";
import { offsetAt, TIME_ZONE } from "./egypt-time.js";

const CAIRO: Clock = { name: TIME_ZONE, offsetHours: offsetAt };

/** Midnight first: nobody orders before 7 or after 21 o'clock. */
export const BUSINESS_HOURS: readonly number[] = [
  0, 0, 0, 0, 0, 0, 0, 0.3, 0.8, 1.4, 1.6, 1.5, 1.3, 1.1, 1.2, 1.2, 1, 0.7, 0.4, 0.3, 0.2, 0, 0, 0,
];

/** Sunday first. */
export function weekdayWeights(settings: Readonly<Record<string, number>>): number[] {
  return [1, 1, 1, 1, 1, settings["fridayFactor"], settings["saturdayFactor"]];
}

/** Working hours in Egypt: Friday and Saturday are quiet. */
export const businessCalendar: CalendarSource = (context) =>
  clockCalendar(context, CAIRO, {
    months: EVEN_MONTHS,
    weekdays: weekdayWeights(context.scenario.settings),
    hours: BUSINESS_HOURS,
  });

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
