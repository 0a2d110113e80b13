import { type Clock, clockCalendar, EVEN_MONTHS, modelDays } from "../../columns/calendars.js";
import type { CalendarSource } from "../../columns/times.js";
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

/** Working hours in Egypt, where Friday and Saturday are quiet; orders grow over the window. */
export const businessCalendar: CalendarSource = (context) =>
  clockCalendar(context, CAIRO, {
    months: EVEN_MONTHS,
    weekdays: weekdayWeights(context.scenario.settings),
    hours: BUSINESS_HOURS,
    days: modelDays(context),
  });
