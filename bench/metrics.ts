import { type Summary, summarize } from "./statistics.js";

export type Unit = "rows/s" | "bytes/s" | "s" | "bytes" | "ns/row" | "cpu s";

/** One thing measured several times. */
export interface Metric {
  /** Stable from run to run, such as `load seed-bulk rows`; what a baseline is compared by. */
  readonly name: string;
  readonly scope: string;
  readonly unit: Unit;
  readonly better: "higher" | "lower";
  /** Whether a change for the worse fails a comparison. What others' programs do is measured, not judged. */
  readonly gated: boolean;
  readonly values: readonly number[];
  readonly summary: Summary;
}

/** Makes a metric of its values; the unit says which way is better. */
export function metric(spec: {
  readonly name: string;
  readonly scope: string;
  readonly unit: Unit;
  readonly values: readonly number[];
  readonly gated?: boolean;
}): Metric {
  const { gated = true, ...rest } = spec;
  const better = spec.unit === "rows/s" || spec.unit === "bytes/s" ? "higher" : "lower";
  return { ...rest, gated, better, summary: summarize(spec.values) };
}

/** What was asked for and is not there, with the reason. */
export interface Absence {
  readonly name: string;
  readonly reason: string;
}

/** Points of a plot. */
export interface Series {
  readonly plot: "throughput" | "latency" | "scale" | "memory";
  readonly name: string;
  /** x ascending: seconds, percentiles or rows. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What one scope measured. */
export interface ScopeResult {
  readonly metrics: readonly Metric[];
  readonly absences: readonly Absence[];
  readonly series: readonly Series[];
  /** Sentences that a reader needs beside the figures. */
  readonly notes: readonly string[];
}

/** A scope's result of metrics alone. */
export function onlyMetrics(metrics: readonly Metric[]): ScopeResult {
  return { metrics, absences: [], series: [], notes: [] };
}

/** Puts results together, in their order. */
export function joinResults(results: readonly ScopeResult[]): ScopeResult {
  return {
    metrics: results.flatMap(({ metrics }) => metrics),
    absences: results.flatMap(({ absences }) => absences),
    series: results.flatMap(({ series }) => series),
    notes: results.flatMap(({ notes }) => notes),
  };
}
