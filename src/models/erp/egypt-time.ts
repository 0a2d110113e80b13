import { DAY_US, HOUR_US } from "../../core/calendar.js";
import { offsetHoursOf } from "../../core/time-zones/offsets.js";

/** The clock of everybody in the model. */
export const TIME_ZONE = "Africa/Cairo";

/** Sunday first: Friday and Saturday are the weekend. */
export const FRIDAY = 5;

/** Cairo's time minus UTC in hours, at a moment. */
export const offsetAt = offsetHoursOf(TIME_ZONE);

/** Days since 1970 of a moment by Cairo's clock. */
export function cairoDay(atUs: number): number {
  return Math.floor((atUs + offsetAt(atUs) * HOUR_US) / DAY_US);
}

/** A clock time of a day in Cairo as a moment; from 4 to 23 o'clock, when no clock of Cairo was ever changed. */
export function cairoMoment(day: number, clockUs: number): number {
  return day * DAY_US + clockUs - offsetAt(day * DAY_US + 4 * HOUR_US) * HOUR_US;
}

/** Sunday is 0. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
