import { assert } from "../../errors.js";
import { HOUR_US } from "../calendar.js";
import { TRANSITIONS } from "./transitions.js";
import { EXACT_TO, RULES, type SummerRule, type YearlyDay, ZONES } from "./zones.js";

/** Since when a zone's clock has had which offset. */
interface Offsets {
  /** µs since 1970 UTC, growing. */
  readonly startsUs: Float64Array;
  /** Local time minus UTC from each start on, in hours: 5.5 in India. */
  readonly hours: Float64Array;
}

/** A function from a moment (µs since 1970 UTC) to local time minus UTC, in hours. */
export type OffsetHours = (atUs: number) => number;

const known = new Map<string, OffsetHours>();

/**
 * A zone's clock, exact from {@link EXACT_FROM} to {@link EXACT_TO} and carried on as it is there on either side. The
 * table is ours, since the time zone data of Node moves with its version and so would the data made from it.
 * @param zone one of {@link ZONES}
 */
export function offsetHoursOf(zone: string): OffsetHours {
  let found = known.get(zone);
  if (found === undefined) {
    found = searching(offsetsOf(zone));
    known.set(zone, found);
  }
  return found;
}

/** Moments near each other mostly share an offset: the stretch found last is looked at first. */
function searching({ startsUs, hours }: Offsets): OffsetHours {
  let from = 0;
  let to = 0;
  let offset = 0;
  return (atUs) => {
    if (atUs >= from && atUs < to) return offset;
    // The last start that is not after the moment, or the first of all.
    let low = 0;
    let high = startsUs.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (startsUs[middle] <= atUs) low = middle;
      else high = middle;
    }
    from = low === 0 ? Number.NEGATIVE_INFINITY : startsUs[low];
    to = low + 1 < startsUs.length ? startsUs[low + 1] : Number.POSITIVE_INFINITY;
    offset = hours[low];
    return offset;
  };
}

function offsetsOf(zone: string): Offsets {
  const text = TRANSITIONS[zone];
  assert(text !== undefined, `${zone} is one of the zones that models keep`);
  const changes = text
    .trim()
    .split(/\s+/)
    .map((iso) => ({ atUs: Date.parse(iso) * 1000, hours: offsetIn(iso) }));
  const rule = RULES[ZONES[zone]];
  if (rule !== undefined) changes.push(...ruled(rule, changes.at(-1)!.hours));
  return {
    startsUs: Float64Array.from(changes, ({ atUs }) => atUs),
    hours: Float64Array.from(changes, ({ hours }) => hours),
  };
}

/** The offset that an ISO 8601 text ends with, in hours. */
function offsetIn(iso: string): number {
  const hours = Number(iso.slice(-5, -3)) + Number(iso.slice(-2)) / 60;
  return iso.at(-6) === "-" ? -hours : hours;
}

/** The changes of a rule, to the end of what is exact. */
function ruled(rule: SummerRule, standard: number): { readonly atUs: number; readonly hours: number }[] {
  const { fromYear, begins, ends, beginsHour, endsHour, by } = rule;
  const summer = standard + 1;
  const years = new Date(EXACT_TO).getUTCFullYear() - fromYear;
  const [beginsUtc, endsUtc] = by === "utc" ? [beginsHour, endsHour] : [beginsHour - standard, endsHour - summer];
  return Array.from({ length: years }, (_, at) => [
    { atUs: midnightOf(fromYear + at, begins) + beginsUtc * HOUR_US, hours: summer },
    { atUs: midnightOf(fromYear + at, ends) + endsUtc * HOUR_US, hours: standard },
  ]).flat();
}

function midnightOf(year: number, { month, weekday, nth }: YearlyDay): number {
  const isLast = nth === "last";
  const edge = new Date(Date.UTC(year, isLast ? month + 1 : month, isLast ? 0 : 1));
  const day = isLast
    ? edge.getUTCDate() - ((edge.getUTCDay() - weekday + 7) % 7)
    : 1 + ((weekday - edge.getUTCDay() + 7) % 7) + 7 * (nth - 1);
  return Date.UTC(year, month, day) * 1000;
}
