import {
  type CalendarWeights,
  clockCalendar,
  EVEN_MONTHS,
  modelDays,
  UTC,
  zoneClock,
} from "../../columns/calendars.js";
import type { BindContext } from "../../columns/column.js";
import type { Calendar } from "../../core/calendar.js";
import { REGIONS } from "./data/regions.js";

/** How busy the hours of a player's day are, midnight first: evenings. */
export const PLAY_HOURS: readonly number[] = [
  0.55, 0.35, 0.2, 0.15, 0.12, 0.15, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.9, 0.95, 1.1, 1.3, 1.5, 1.8, 2.1, 2.2, 2.0,
  1.5, 0.95,
];

/** Registrations come from everywhere: nearly as many at one hour as at another. */
const WORLD_HOURS: readonly number[] = Array.from({ length: 24 }, () => 1);

/** Weights of the weekdays, Sunday first. */
export function weekdayWeights(settings: Readonly<Record<string, number>>): number[] {
  const weekend = settings["weekendFactor"];
  return [weekend, 1, 1, 1, 1, 1.15, weekend];
}

/** When players play, by the clock of each region; in the regions' order. */
export function regionCalendars(context: BindContext): Calendar[] {
  return REGIONS.map(({ timeZone }) => clockCalendar(context, zoneClock(timeZone), weights(context, PLAY_HOURS)));
}

/** When people register, anywhere. */
export function worldCalendar(context: BindContext): Calendar {
  return clockCalendar(context, UTC, weights(context, WORLD_HOURS));
}

function weights(context: BindContext, hours: readonly number[]): CalendarWeights {
  const weekdays = weekdayWeights(context.scenario.settings);
  return { months: EVEN_MONTHS, weekdays, hours, days: modelDays(context) };
}
