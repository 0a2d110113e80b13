import { type CalendarWeights, type Clock, clockCalendar, EVEN_MONTHS, UTC } from "../../columns/calendars.js";
import type { BindContext } from "../../columns/column.js";
import { type Calendar, DAY_US, HOUR_US } from "../../core/calendar.js";
import { utcOffsetHours } from "../../core/us-time-zones.js";
import { REGIONS, type Region } from "./data/regions.js";

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
  return REGIONS.map((region) => clockCalendar(context, clockOf(region), weights(context, PLAY_HOURS)));
}

/** When people register, anywhere. */
export function worldCalendar(context: BindContext): Calendar {
  return clockCalendar(context, UTC, weights(context, WORLD_HOURS));
}

function weights({ scenario }: BindContext, hours: readonly number[]): CalendarWeights {
  return { months: EVEN_MONTHS, weekdays: weekdayWeights(scenario.settings), hours };
}

function clockOf(region: Region): Clock {
  return { name: region.name, offsetHours: (atUs) => localOffsetHours(region, atUs) };
}

/** Local time minus UTC where players of a region live. */
export function localOffsetHours({ timeZone, offsetHours, daylight }: Region, atUs: number): number {
  if (daylight === "us") return utcOffsetHours(timeZone, atUs);
  return offsetHours + (daylight === "eu" && isEuropeanSummer(atUs) ? 1 : 0);
}

/** From the last Sunday of March to the last of October, at 1:00 UTC (Directive 2000/84/EC). */
function isEuropeanSummer(atUs: number): boolean {
  const year = new Date(atUs / 1000).getUTCFullYear();
  return atUs >= lastSunday(year, 2) + HOUR_US && atUs < lastSunday(year, 9) + HOUR_US;
}

/** Midnight UTC of the last Sunday of a month of 31 days. */
function lastSunday(year: number, month: number): number {
  const lastUs = Date.UTC(year, month, 31) * 1000;
  return lastUs - new Date(lastUs / 1000).getUTCDay() * DAY_US;
}
