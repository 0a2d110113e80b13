import { type Calendar, DAY_US } from "../core/calendar.js";
import { fillBits, unitOf } from "../core/random.js";
import { type SqlType, TIMESTAMPTZ } from "../core/sql-type.js";
import { BATCH_ROWS_MAX, isNull } from "../core/vectors.js";
import { assert } from "../errors.js";
import type { BindContext, Column } from "./column.js";
import { nullsFrom, numbers, numbersOf } from "./values.js";

/** Parts of a day, for gaps that `after` counts in days. */
export const SECOND = 1 / 86_400;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** Makes the calendar a column draws its moments from. */
export type CalendarSource = (context: BindContext) => Calendar;

/** A moment of the scenario's window, by the calendar's weights. */
export function momentIn(source: CalendarSource, type: SqlType = TIMESTAMPTZ): Column {
  return numbers({ type, about: "a moment of the window, by the calendar" }, (context) => {
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    const { between, fromUs, toUs } = source(context);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = between(unitOf(bits[i]), fromUs, toUs);
    };
  });
}

/** A moment of the window, by the calendar's weights, that grows from row to row: a table in the order of time. */
export function risingMoment(source: CalendarSource, type: SqlType = TIMESTAMPTZ): Column {
  return numbers({ type, about: "a moment of the window, by the calendar, growing with the ID" }, (context) => {
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    const { between, fromUs, toUs } = source(context);
    const { rowCount } = context;
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = between((rowIndexes[i] + unitOf(bits[i])) / rowCount, fromUs, toUs);
    };
  });
}

/**
 * A moment between two others of the row, by the calendar's weights there.
 * @param options.from the path of the moment it is not before
 * @param options.to the path of the moment it is before; the window's end without one, and where that is NULL
 */
export function momentBetween(source: CalendarSource, options: { from: string; to?: string }): Column {
  const reads = options.to === undefined ? [options.from] : [options.from, options.to];
  const about = `a moment from ${options.from} to ${options.to ?? "the window's end"}, by the calendar`;
  const law = { kind: "between", ...options } as const;
  return numbers({ type: TIMESTAMPTZ, reads, about, nullable: true, law }, (context, inputs) => {
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    const { between, toUs } = source(context);
    const from = numbersOf(inputs, 0);
    const to = options.to === undefined ? undefined : numbersOf(inputs, 1);
    return ({ rowIndexes, count }, out, nulls) => {
      nullsFrom(from, nulls, count);
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const start = from.values[i];
        const end = to === undefined || isNull(to, i) ? toUs : to.values[i];
        out[i] = between(unitOf(bits[i]), start, Math.max(start + 1, end));
      }
    };
  });
}

/**
 * A moment some days after another of the row, evenly; held before the window's end.
 * @param lowDays at the least
 * @param highDays at the most
 */
export function after(path: string, lowDays: number, highDays: number, type: SqlType = TIMESTAMPTZ): Column {
  const about = `${lowDays} to ${highDays} days after ${path}, within the window`;
  const law = { kind: "after", from: path, lowDays, highDays } as const;
  return numbers({ type, reads: [path], about, nullable: true, law }, (context, inputs) => {
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    assert(lowDays >= 0 && lowDays <= highDays, `days after ${path} go from 0 up, not from ${lowDays} to ${highDays}`);
    const from = numbersOf(inputs, 0);
    const end = context.windowUs.to - 1;
    return ({ rowIndexes, count }, out, nulls) => {
      nullsFrom(from, nulls, count);
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const start = from.values[i];
        const low = start + lowDays * DAY_US;
        const high = Math.min(end, start + highDays * DAY_US);
        out[i] = Math.max(start, Math.floor(Math.min(low, high) + unitOf(bits[i]) * Math.max(0, high - low)));
      }
    };
  });
}

/** When a row was last changed: from another moment to the window's end, sooner rather than later. */
export function changedAfter(path: string): Column {
  return momentSince(path, "mostly soon", (share) => share * share * share);
}

/** When somebody was there last: a moment from another on to the window's end, mostly close to it. */
export function lastSince(path: string): Column {
  return momentSince(path, "mostly late", (share) => 1 - share * share * share);
}

function momentSince(path: string, when: string, partOf: (share: number) => number): Column {
  return numbers(
    { type: TIMESTAMPTZ, reads: [path], about: `a moment from ${path} on, ${when}` },
    (context, inputs) => {
      const from = numbersOf(inputs, 0);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      const end = context.windowUs.to - 1;
      return ({ rowIndexes, count }, out, nulls) => {
        nullsFrom(from, nulls, count);
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) {
          out[i] = from.values[i] + Math.floor(partOf(unitOf(bits[i])) * (end - from.values[i]));
        }
      };
    },
  );
}
