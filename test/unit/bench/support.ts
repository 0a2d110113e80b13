import type { Metric, Unit } from "../../../bench/metrics.js";
import { metric } from "../../../bench/metrics.js";
import type { BenchReport } from "../../../bench/report/report.js";

/** A metric of a scope `load`. */
export function figure(name: string, values: readonly number[], unit: Unit = "rows/s", gated = true): Metric {
  return metric({ name, scope: "load", unit, values, gated });
}

/** A report of some metrics. */
export function reportOf(metrics: readonly Metric[], changes: Partial<BenchReport> = {}): BenchReport {
  return {
    format: 1,
    date: "2026-01-31T02:00:00.000Z",
    version: "0.1.0",
    commit: { hash: "0123456789abcdef", dirty: false },
    machine: { cpu: "a processor", cores: 2, memoryBytes: 8e9, system: "Linux", node: "v20" },
    postgres: { version: "18.4", embedded: true, settings: { fsync: "off" } },
    scopes: ["load"],
    quick: false,
    scenario: "load_test",
    model: "marketing",
    scale: 1,
    seed: 42,
    planHash: "abc",
    rows: 1000,
    workers: 2,
    runs: 3,
    seconds: 12,
    metrics,
    bar: [],
    absences: [],
    notes: [],
    series: [],
    validation: null,
    ...changes,
  };
}
