import { type CalendarWeights, clockCalendar, EVEN_MONTHS, modelDays, zoneClock } from "../../columns/calendars.js";
import type { BindContext } from "../../columns/column.js";
import type { Calendar } from "../../core/calendar.js";
import { cellBits } from "../../core/random.js";
import { US_TIME_ZONES } from "../../core/us-time-zones.js";

/** Weights of the day's hours in a venue beside the evening's, midnight first: closed from 3 to 10. */
const VENUE_DAY = [0.45, 0.25, 0.08, 0, 0, 0, 0, 0, 0, 0, 0.05, 0.55, 1, 0.9, 0.6, 0.7, 1, 1.5];

/** Hours 18 to 23: shares of the evening factor. */
const VENUE_EVENING = [0.85, 1, 1, 0.9, 0.65, 0.4];

/** When people look at dashboards: managers through the day, some of them late. */
const OFFICE_HOURS = [
  0.12, 0.06, 0.03, 0.02, 0.03, 0.08, 0.2, 0.5, 0.9, 1.4, 1.5, 1.3, 0.9, 1, 1.2, 1.3, 1.3, 1.1, 0.8, 0.6, 0.5, 0.45,
  0.35, 0.22,
];

/** Where the platform's own people and servers are: what belongs to no one venue. */
export const PLATFORM_TIME_ZONE = "America/Chicago";

/** How busy venues are by month, weekday and hour, as the scenario's factors say. */
export function venueWeights(settings: Readonly<Record<string, number>>) {
  const { summerFactor, winterFactor, decemberFactor, weekendFactor, mondayFactor, eveningFactor } = settings;
  const months = Array.from({ length: 12 }, (_, month) => {
    if (month <= 1) return winterFactor;
    if (month === 11) return decemberFactor;
    return month >= 5 && month <= 7 ? summerFactor : 1;
  });
  // A Thursday and a Sunday stand between a Wednesday and a Friday.
  const thursday = 1 + 0.4 * (weekendFactor - 1);
  const sunday = 1 + 0.2 * (weekendFactor - 1);
  return {
    months,
    weekdays: [sunday, mondayFactor, 0.85, 1, thursday, weekendFactor, weekendFactor],
    hours: [...VENUE_DAY, ...VENUE_EVENING.map((share) => share * eveningFactor)],
  };
}

/** How busy the platform's own pages are. */
export function officeWeights() {
  return { months: EVEN_MONTHS, weekdays: [0.45, 1.15, 1, 1, 1, 1.1, 0.6], hours: OFFICE_HOURS };
}

/** Venues of one group have the same good and bad days, beside those that all have. */
const VENUE_GROUPS = 8;
const VENUE_DAY_SIGMA = 0.25;

/**
 * The calendar of a venue, by the place of its clock in {@link US_TIME_ZONES} and its ID. Made when it is asked for: most
 * threads see few of them.
 */
export function venueCalendars(context: BindContext): (zone: number, location: number) => Calendar {
  const weights = venueWeights(context.scenario.settings);
  const groups = Array.from({ length: VENUE_GROUPS }, (_, group): CalendarWeights => {
    const own = { sigma: VENUE_DAY_SIGMA, key: context.sharedKey(`days of venues ${group}`), growth: 1 };
    return { ...weights, days: [...modelDays(context), own] };
  });
  const key = context.sharedKey("groups of venues");
  const made: (Calendar | undefined)[] = [];
  return (zone, location) => {
    const group = cellBits(key, location, 0) % VENUE_GROUPS;
    return (made[zone * VENUE_GROUPS + group] ??= clockCalendar(
      context,
      zoneClock(US_TIME_ZONES[zone]),
      groups[group],
    ));
  };
}

/** The calendar of what people do on the platform. */
export function officeCalendar(context: BindContext): Calendar {
  return clockCalendar(context, zoneClock(PLATFORM_TIME_ZONE), { ...officeWeights(), days: modelDays(context) });
}
