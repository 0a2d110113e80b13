import { type CalendarWeights, type Clock, clockCalendar, modelDays } from "../../columns/calendars.js";
import type { BindContext } from "../../columns/column.js";
import type { CalendarSource } from "../../columns/times.js";
import { DAY_US } from "../../core/calendar.js";
import { offsetAt, TIME_ZONE } from "./egypt-time.js";
import { feasts, ramadans } from "./islamic-calendar.js";

const CAIRO: Clock = { name: TIME_ZONE, offsetHours: offsetAt };

/** Midnight first: nobody orders before 7 or after 21 o'clock, save in Ramadan's evenings. */
export const BUSINESS_HOURS: readonly number[] = [
  0, 0, 0, 0, 0, 0, 0, 0.3, 0.8, 1.4, 1.6, 1.5, 1.3, 1.1, 1.2, 1.2, 1, 0.7, 0.4, 0.3, 0.2, 0, 0, 0,
];

/** Sunday first. */
export function weekdayWeights(settings: Readonly<Record<string, number>>): number[] {
  return [1, 1, 1, 1, 1, settings["fridayFactor"], settings["saturdayFactor"]];
}

/** Hours in Ramadan: late to begin, over before sunset, and again after the evening's meal. */
const RAMADAN_HOURS: readonly number[] = [
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0.6, 1.3, 1.6, 1.5, 1.3, 1, 0.4, 0, 0, 0, 0, 0.7, 0.8, 0, 0,
];

/** Cafés sell little by day then. */
const RAMADAN_FACTOR = 0.7;

/** Hot drinks sell in winter, January first. */
const SEASON: readonly number[] = [1.14, 1.1, 1.04, 0.98, 0.94, 0.88, 0.85, 0.86, 0.94, 1.02, 1.1, 1.15];

/** How busy the business is, by the clock in Cairo. */
export function businessWeights(
  context: Parameters<typeof modelDays>[0] & { readonly windowUs: BindContext["windowUs"] },
): CalendarWeights {
  const { from, to } = context.windowUs;
  const days = { from: Math.floor(from / DAY_US), to: Math.ceil(to / DAY_US) + 1 };
  return {
    months: SEASON,
    weekdays: weekdayWeights(context.scenario.settings),
    hours: BUSINESS_HOURS,
    spells: ramadans(days).map((span) => ({ ...span, factor: RAMADAN_FACTOR, hours: RAMADAN_HOURS })),
    closedDays: feasts(days).flatMap((feast) =>
      Array.from({ length: feast.to - feast.from }, (_, at) => feast.from + at),
    ),
    days: modelDays(context),
  };
}

/** Working hours in Egypt, where Friday and Saturday are quiet; orders grow over the window. */
export const businessCalendar: CalendarSource = (context) => clockCalendar(context, CAIRO, businessWeights(context));
