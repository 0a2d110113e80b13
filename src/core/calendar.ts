import { assert, SeedBulkError } from "../errors.js";

/** Microseconds, the unit of every moment: since 1970-01-01 UTC, whole numbers exact in a double. */
export const HOUR_US = 3_600_000_000;
export const DAY_US = 24 * HOUR_US;

/**
 * A moment as a Date, for its month and year. Date drops the part of a millisecond towards 1970, which before it is
 * the wrong way: 1969-12-31T23:59:59.999999Z would be of 1970.
 * @param atUs µs since 1970 UTC
 */
export function utcDate(atUs: number): Date {
  return new Date(Math.floor(atUs / 1000));
}

/** Days with hours of their own, such as a month of fasting. */
export interface Spell {
  /** Days since 1970 by local time; `to` is not one of them. */
  readonly from: number;
  readonly to: number;
  /** How busy such a day is beside others. */
  readonly factor: number;
  /** Midnight first; scaled to what the usual hours come to. */
  readonly hours: readonly number[];
}

/** How busy an hour is: by its month, weekday, hour and day, each where it is given. */
export interface HourWeights {
  /** January first. */
  readonly months?: readonly number[];
  /** Sunday first. */
  readonly weekdays?: readonly number[];
  /** Midnight first. */
  readonly hours?: readonly number[];
  readonly spells?: readonly Spell[];
  /** Days on which nothing happens, since 1970 by local time. */
  readonly closedDays?: readonly number[];
  /** How busy a day is beside what its month and weekday say; the day since 1970 by local time. */
  readonly dayFactor?: (day: number) => number;
}

/** When things happen within a window: hours of unequal weight. */
export interface CalendarSpec extends HourWeights {
  /** Start of the window, µs since 1970 UTC, a whole hour. */
  readonly fromUs: number;
  /** End of the window, exclusive. */
  readonly toUs: number;
  /** Local time minus UTC, in hours, at a moment. */
  readonly utcOffsetHours?: (atUs: number) => number;
}

/** An hour of local time: the day since 1970, the month and the weekday from 0, the hour of the day. */
export interface LocalHour {
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
  readonly hour: number;
}

/** The weight of any hour. */
export function hourWeightOf({
  months,
  weekdays,
  hours,
  spells = [],
  closedDays,
  dayFactor,
}: HourWeights): (at: LocalHour) => number {
  const closed = new Set(closedDays);
  const usual = hours && sum(hours);
  const scaled = spells.map(({ hours: own, ...spell }) => {
    const scale = usual === undefined ? 0 : usual / sum(own);
    return { ...spell, hours: own.map((weight) => weight * scale) };
  });
  // Whoever asks goes through the hours of a day, of which all but the hour itself is the same.
  let known = Number.NaN;
  let ofDay = 0;
  let ofHours = hours;
  return ({ day, month, weekday, hour }) => {
    if (day !== known) {
      known = day;
      const spell = scaled.find(({ from, to }) => day >= from && day < to);
      const factor = closed.has(day) ? 0 : (dayFactor?.(day) ?? 1) * (spell?.factor ?? 1);
      ofDay = (months?.[month] ?? 1) * (weekdays?.[weekday] ?? 1) * factor;
      ofHours = hours && (spell?.hours ?? hours);
    }
    return ofHours === undefined ? ofDay : ofDay * ofHours[hour];
  };
}

let monthDay = Number.NaN;
let monthFound = 0;

/** The month of a day since 1970, from 0; the same day is asked for 24 times. */
function monthOf(day: number): number {
  if (day !== monthDay) {
    monthDay = day;
    monthFound = utcDate(day * DAY_US).getUTCMonth();
  }
  return monthFound;
}

function sum(weights: readonly number[]): number {
  return weights.reduce((total, weight) => total + weight, 0);
}

/** Draws moments of a window by the weight of their hour, over the whole window or between two moments. */
export interface Calendar {
  readonly fromUs: number;
  readonly toUs: number;
  /**
   * The moment that splits the weight of [fromUs, toUs) at `share`: with a uniform share, a draw by weight.
   * @param share in [0, 1)
   * @param fromUs inside the window; clamped to it
   * @param toUs exclusive; where no weight lies between the two, the draw is uniform between them
   * @returns whole µs in [fromUs, toUs)
   */
  between(share: number, fromUs: number, toUs: number): number;
}

/**
 * Builds the inverse table: cumulative weights of the window's hours, and a guide from equal shares to hours so that
 * a draw takes a step or two (Chen and Asau's guide table, 1974).
 */
export function calendar(spec: CalendarSpec): Calendar {
  const { fromUs, toUs } = spec;
  assert(toUs > fromUs, "a calendar's window is not empty");
  const hourCount = Math.ceil((toUs - fromUs) / HOUR_US);
  const cumulative = new Float64Array(hourCount + 1);
  const weightOf = hourWeightOf(spec);
  const localHour = (atUs: number): LocalHour => {
    const localUs = atUs + (spec.utcOffsetHours?.(atUs) ?? 0) * HOUR_US;
    const day = Math.floor(localUs / DAY_US);
    const hour = Math.floor((localUs - day * DAY_US) / HOUR_US);
    // 1970 began on a Thursday.
    return { day, month: monthOf(day), weekday: (((day + 4) % 7) + 7) % 7, hour };
  };
  for (let hour = 0; hour < hourCount; hour++) {
    const part = Math.min(1, (toUs - fromUs - hour * HOUR_US) / HOUR_US);
    cumulative[hour + 1] = cumulative[hour] + part * weightOf(localHour(fromUs + hour * HOUR_US));
  }
  const total = cumulative[hourCount];
  if (!(total > 0)) {
    throw new SeedBulkError(
      "SB_SCENARIO_INVALID",
      "nothing can happen in the window: its calendar has no open hour in it",
      {
        hint: "Give a longer window, or another calendar: fewer closed days, more months, weekdays or hours.",
      },
    );
  }
  const guide = new Int32Array(hourCount + 1);
  for (let slot = 0, hour = 0; slot <= hourCount; slot++) {
    while (hour < hourCount - 1 && cumulative[hour + 1] <= (slot / hourCount) * total) hour++;
    guide[slot] = hour;
  }

  const weightBefore = (atUs: number): number => {
    const at = Math.min(Math.max(atUs - fromUs, 0), toUs - fromUs);
    const hour = Math.min(hourCount - 1, Math.floor(at / HOUR_US));
    const width = Math.min(HOUR_US, toUs - fromUs - hour * HOUR_US);
    return cumulative[hour] + ((cumulative[hour + 1] - cumulative[hour]) * (at - hour * HOUR_US)) / width;
  };
  const momentAt = (weight: number): number => {
    let hour = guide[Math.min(hourCount, Math.floor((weight / total) * hourCount))];
    while (hour < hourCount - 1 && cumulative[hour + 1] <= weight) hour++;
    const width = Math.min(HOUR_US, toUs - fromUs - hour * HOUR_US);
    const own = cumulative[hour + 1] - cumulative[hour];
    return fromUs + hour * HOUR_US + (own > 0 ? ((weight - cumulative[hour]) / own) * width : 0);
  };
  const between = (share: number, startUs: number, endUs: number): number => {
    const start = Math.max(startUs, fromUs);
    const end = Math.min(endUs, toUs);
    const low = weightBefore(start);
    const high = weightBefore(end);
    const at = high - low > total * 1e-12 ? momentAt(low + share * (high - low)) : start + share * (end - start);
    return Math.min(Math.max(Math.floor(at), start), end - 1);
  };
  return { fromUs, toUs, between };
}
