import type { Column } from "../../columns/column.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { DAY_US } from "../../core/calendar.js";
import { fillBits, unitOf } from "../../core/random.js";
import { TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, isNull } from "../../core/vectors.js";
import { officeCalendar } from "./calendars.js";

// Moments follow one another as parts of the time that is left, so that a window of any length has room for all.

/** How far on the way from one moment to another a third one lies. */
export interface Reach {
  /** The path of the moment that is not reached; the window's end without one. */
  readonly to?: string;
  /** At the most this part of the time between the two, 1 excluded. */
  readonly part: number;
  /** And at the most this many days. */
  readonly days?: number;
  /** At the least this part of the longest reach. */
  readonly least?: number;
  /** 1 for evenly; with 2 and 3 sooner rather than later. */
  readonly power?: 1 | 2 | 3;
}

/** A moment after another one of the row, within reach of it. */
export function onTheWay(from: string, reach: Reach): Column {
  const { to, part, days = Number.POSITIVE_INFINITY, least = 0, power = 1 } = reach;
  const reads = to === undefined ? [from] : [from, to];
  const about = `after ${from}, at most ${part} of the way to ${to ?? "the window's end"}`;
  const law = { kind: "between", from, ...(to !== undefined && { to }) } as const;
  return numbers({ type: TIMESTAMPTZ, reads, about, law }, (context, inputs) => {
    const starts = numbersOf(inputs, 0).values;
    const ends = to === undefined ? undefined : numbersOf(inputs, 1).values;
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const unit = unitOf(bits[i]);
        const share = power === 1 ? unit : power === 2 ? unit * unit : unit * unit * unit;
        const span = Math.max(0, (ends === undefined ? context.windowUs.to : ends[i]) - starts[i]);
        const longest = Math.min(part * span, days * DAY_US);
        out[i] = starts[i] + Math.floor(longest * (least + (1 - least) * share));
      }
    };
  });
}

/** The part of the window before the first account, and the part by which the last one has signed up. */
const SIGN_UPS = { from: 0.001, to: 0.8 };

/** When an account signed up: in office hours, growing with the ID. */
export function signedUpAt(): Column {
  return numbers({ type: TIMESTAMPTZ, about: "in office hours, growing with the ID" }, (context) => {
    const { windowUs, rowCount } = context;
    const { between } = officeCalendar(context);
    const length = windowUs.to - windowUs.from;
    const [from, to] = [SIGN_UPS.from, SIGN_UPS.to].map((part) => windowUs.from + Math.floor(part * length));
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = between((rowIndexes[i] + unitOf(bits[i])) / rowCount, from, to);
    };
  });
}

/** A moment of the row where there is one, and the window's end otherwise. */
export function orWindowEnd(path: string): Column {
  return numbers({ type: TIMESTAMPTZ, reads: [path], about: `${path}, or the window's end` }, (context, inputs) => {
    const moment = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = isNull(moment, i) ? context.windowUs.to : moment.values[i];
    };
  });
}
