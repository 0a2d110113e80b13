import { clockCalendar, EVEN_MONTHS, modelDays, zoneClock } from "../../columns/calendars.js";
import type { BindContext } from "../../columns/column.js";
import type { CalendarSource } from "../../columns/times.js";
import type { Calendar } from "../../core/calendar.js";
import { US_TIME_ZONES } from "../../core/us-time-zones.js";
import { postalHolidays } from "../united-states/holidays.js";
import { scheduleOf } from "./schedule.js";

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

/**
 * People call soon after the mail has come, and it comes on no Sunday: by the weekdays' weights alone, calls on each of them,
 * Sunday first, would be so many times as frequent as the weights say. Means over eight seeds of load_test at scale 3.
 */
const AFTER_MAIL = [1.3, 1.02, 1, 1.03, 0.945, 0.89, 1.045];

/** Where the platform's own staff and servers are busy by the clock: what belongs to no one organization. */
export const PLATFORM_TIME_ZONE = "America/Chicago";

/** The calendar of one of {@link US_TIME_ZONES} under the context's scenario. */
export function zoneCalendar(context: BindContext, zone: string, hours: Hours): Calendar {
  const months = monthWeights(context);
  const weights = weekdayWeights(context);
  const weekdays = hours === "open" ? weights.map((weight, day) => weight / AFTER_MAIL[day]) : weights;
  return clockCalendar(context, zoneClock(zone), { months, weekdays, hours: HOURS[hours], days: modelDays(context) });
}

/** The calendars of all {@link US_TIME_ZONES}, in their order. */
export function zoneCalendars(context: BindContext, hours: Hours): Calendar[] {
  return US_TIME_ZONES.map((zone) => zoneCalendar(context, zone, hours));
}

/** The context with a window that begins with the platform's history: for calendars of what was before the window, too. */
export function historyOf(context: BindContext): BindContext {
  const { historyUs, toUs } = scheduleOf(context);
  return { ...context, windowUs: { from: historyUs, to: toUs } };
}

/** A carrier's round: from morning to late afternoon, fewer on Saturdays, and none on Sundays. */
const ROUND_HOURS = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0.6, 1.3, 1.8, 1.7, 1.6, 1.4, 1.1, 0.7, 0.3, 0, 0, 0, 0, 0, 0];
const ROUND_WEEKDAYS = [0, 1, 1.1, 1.1, 1, 1, 0.7];

/** When the mail is delivered in one of {@link US_TIME_ZONES}. */
export function postCalendar(context: BindContext, zone: string = PLATFORM_TIME_ZONE): Calendar {
  return clockCalendar(context, zoneClock(zone), {
    months: EVEN_MONTHS,
    weekdays: ROUND_WEEKDAYS,
    hours: ROUND_HOURS,
    closedDays: postalHolidays(context.windowUs),
  });
}

/** The calendars of all {@link US_TIME_ZONES}, in their order. */
export function postCalendars(context: BindContext): Calendar[] {
  return US_TIME_ZONES.map((zone) => postCalendar(context, zone));
}

/** When shops are busy: from nine to nine, at noon and after work, at weekends. */
const SHOP_HOURS = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0.3, 0.7, 1.1, 1.4, 1.2, 1, 1, 1.2, 1.5, 1.4, 1, 0.5, 0.1, 0, 0];
const SHOP_WEEKDAYS = [1.1, 0.8, 0.8, 0.9, 1, 1.3, 1.6];

/** When cards are used in the {@link US_TIME_ZONES}, in their order. */
export function shopCalendars(context: BindContext): Calendar[] {
  const weights = { months: EVEN_MONTHS, weekdays: SHOP_WEEKDAYS, hours: SHOP_HOURS, days: modelDays(context) };
  return US_TIME_ZONES.map((zone) => clockCalendar(context, zoneClock(zone), weights));
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
