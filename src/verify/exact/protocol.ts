import type { SharedCounters } from "../../engine/threads/supervisor.js";
import type { SharedUniverse } from "../../model/universe.js";
import type { Comparison } from "./difference.js";

/** What a comparing thread gets when it starts. */
export interface CompareWorkerData extends CompareSettings {
  readonly universe: SharedUniverse;
}

/** What all comparing threads share. */
export interface CompareSettings extends SharedCounters {
  readonly url: string;
  readonly schema: string;
}

/** One piece of the work. */
export type CompareTask =
  /** Rows in ID order against rows `[start, end)` of the plan. */
  | {
      readonly kind: "range";
      readonly entity: string;
      readonly idColumn: string;
      readonly start: number;
      readonly end: number;
      /** The IDs read, half-open; open where absent, so that rows beyond the plan are met too. */
      readonly from?: number;
      readonly to?: number;
      /** No index gives the order: the server sorts. */
      readonly sorted: boolean;
    }
  /** Adds the sums of what is there, in some blocks of the table's file, to `sums`. */
  | {
      readonly kind: "sumFound";
      readonly entity: string;
      readonly blocks: { readonly from: number; readonly to?: number };
      readonly sums: SharedArrayBuffer;
    }
  /** Takes the sums of what must be there, rows `[start, end)`, from `sums`. */
  | {
      readonly kind: "sumExpected";
      readonly entity: string;
      readonly start: number;
      readonly end: number;
      readonly sums: SharedArrayBuffer;
    }
  /** Finds the rows of some buckets that are on one side only. */
  | { readonly kind: "buckets"; readonly entity: string; readonly rows: number; readonly buckets: readonly number[] };

/** What became of a task. Plain data, since a thread boundary drops an error's class and code. */
export type CompareOutcome =
  | { readonly ok: true; readonly comparison: Comparison }
  | { readonly ok: false; readonly message: string; readonly code: string | undefined; readonly cancelled: boolean };
