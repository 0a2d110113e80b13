import { availableParallelism } from "node:os";
import type { BenchContext } from "../context.js";
import { interleave } from "../interleave.js";
import { type Metric, metric, type ScopeResult } from "../metrics.js";
import { runInChild } from "../processes.js";
import type { BenchTarget, Measured } from "../tasks.js";

const WORKERS = { quick: [1, 2], full: [1, 2, 4, 8] };

/** Loads by 1, 2, 4 and 8 workers, in a quick bench by 1 and 2: into the discard sink, and in a long bench into Postgres. */
export async function measureWorkers(context: BenchContext): Promise<ScopeResult> {
  const { runs, quick, scenario, limits, say } = context;
  const target = quick ? null : (await context.server()).database;
  const sinks: [string, BenchTarget | null][] = [
    ["discard", null],
    ...(target ? [["load", target] as [string, BenchTarget]] : []),
  ];
  const contenders = sinks.flatMap(([sink, to]) =>
    (quick ? WORKERS.quick : WORKERS.full).map((workers) => ({
      name: `workers ${workers} ${sink}`,
      run: () => runInChild({ kind: "generate", scenario, workers, target: onlyTarget(to) }, limits),
    })),
  );
  const measured = await interleave(contenders, runs, (name, run, { rows, seconds }) =>
    say(`${name}, run ${run} of ${runs}: ${Math.round(rows / seconds / 1000)} k rows/s`),
  );
  return {
    metrics: [...measured].flatMap(([name, results]) => metricsOf(name, results)),
    series: [],
    absences: [],
    notes: [
      `This machine has ${availableParallelism()} cores, which Postgres shares: more workers than that gain nothing.`,
    ],
  };
}

/** As much of a target as crosses a process boundary. */
export function onlyTarget(target: BenchTarget | null): BenchTarget | null {
  return target === null ? null : { url: target.url, embedded: target.embedded };
}

function metricsOf(name: string, results: readonly Measured[]): Metric[] {
  const scope = "workers";
  return [
    metric({ name: `${name} rows`, scope, unit: "rows/s", values: results.map((r) => r.rows / r.seconds) }),
    metric({
      name: `${name} memory`,
      scope,
      unit: "bytes",
      values: results.map((r) => r.peakMemoryBytes),
      gated: false,
    }),
  ];
}
