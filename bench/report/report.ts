import type { BarLine } from "../bar.js";
import type { Machine, ServerFacts } from "../machine.js";
import type { Absence, Metric, Series } from "../metrics.js";

/** What `bench --json` prints. */
export interface BenchReport {
  /** Of this form; raised when a field changes its meaning. */
  readonly format: 1;
  /** ISO instant at which the bench began. */
  readonly date: string;
  readonly version: string;
  /** Null outside a checkout. */
  readonly commit: { readonly hash: string; readonly dirty: boolean } | null;
  readonly machine: Machine;
  /** Null where no scope used a server. */
  readonly postgres: ServerFacts | null;
  readonly scopes: readonly string[];
  readonly quick: boolean;
  readonly scenario: string;
  readonly model: string;
  readonly scale: number;
  readonly seed: number;
  readonly planHash: string;
  readonly rows: number;
  readonly workers: number;
  readonly runs: number;
  readonly seconds: number;
  readonly metrics: readonly Metric[];
  readonly bar: readonly BarLine[];
  readonly absences: readonly Absence[];
  readonly notes: readonly string[];
  readonly series: readonly Series[];
  /** With `--validate`: what checking the loaded data came to. */
  readonly validation: { readonly ok: boolean; readonly checks: number; readonly failed: readonly string[] } | null;
}
