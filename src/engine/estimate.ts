import type { Plan } from "../model/plan.js";
import { keepMeasured, lastMeasured } from "../platform/measured.js";

/** How long a load takes, from its first statement to its last check. */
export interface Estimate {
  readonly seconds: number;
  readonly from: "request" | "last load" | "assumption";
}

/**
 * Bytes of COPY a second, indexes, keys and checks included, that two cores shared with Postgres make of `load_test`:
 * half a gigabyte in some fifteen seconds.
 */
const BYTES_PER_SECOND_ASSUMED = 35e6;

/** What goes by however few rows there are: connections, tables, statements, threads. */
const START_SECONDS = 1;

/** A load of less says little of how fast a machine is. */
const BYTES_TELLING_MIN = 50e6;

/**
 * How long a plan takes in all, by what this machine did last.
 * @param rowsPerSecond a rate that somebody asks for instead
 */
export function estimateOf(
  { rows, bytesEstimated }: Pick<Plan, "rows" | "bytesEstimated">,
  env: NodeJS.ProcessEnv,
  rowsPerSecond?: number,
): Estimate {
  if (rowsPerSecond !== undefined) return { seconds: rows / rowsPerSecond, from: "request" };
  const last = lastMeasured(env);
  const rate = last === undefined ? BYTES_PER_SECOND_ASSUMED : last.bytes / last.seconds;
  return { seconds: START_SECONDS + bytesEstimated / rate, from: last === undefined ? "assumption" : "last load" };
}

/** Remembers a load for later estimates, where it was long enough to tell something. @param seconds in all */
export function rememberLoad(
  { bytes, seconds }: { readonly bytes: number; readonly seconds: number },
  env: NodeJS.ProcessEnv,
): void {
  const own = seconds - START_SECONDS;
  if (bytes >= BYTES_TELLING_MIN && own > 0) keepMeasured({ bytes, seconds: own }, env);
}
