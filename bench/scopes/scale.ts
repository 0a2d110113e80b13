import type { BenchContext } from "../context.js";
import { interleave } from "../interleave.js";
import { type Metric, metric, type ScopeResult, type Series } from "../metrics.js";
import { runInChild } from "../processes.js";
import { summarize } from "../statistics.js";
import type { BenchTarget, Measured } from "../tasks.js";
import { onlyTarget } from "./workers.js";

const SCALES = { quick: [1, 10], full: [1, 2, 5, 10] };

/** Loads the scenario at 1, 2, 5 and 10 times its size: time should grow as the rows do, memory not at all. */
export async function measureScale(context: BenchContext): Promise<ScopeResult> {
  const { runs, quick, scenario, workers, limits, say } = context;
  const scales = quick ? SCALES.quick : SCALES.full;
  const target = quick ? null : (await context.server()).database;
  const own = scenario.overrides.scale ?? 1;
  const sinks: [string, BenchTarget | null][] = [
    ["discard", null],
    ...(target ? [["load", target] as [string, BenchTarget]] : []),
  ];
  const contenders = sinks.flatMap(([sink, to]) =>
    scales.map((scale) => {
      const scaled = { ...scenario, overrides: { ...scenario.overrides, scale: own * scale } };
      const task = { kind: "generate", scenario: scaled, workers, target: onlyTarget(to) } as const;
      return { name: `scale ${scale} ${sink}`, run: () => runInChild(task, limits) };
    }),
  );
  const measured = await interleave(contenders, runs, (name, run, { rows, seconds, peakMemoryBytes }) =>
    say(
      `${name}, run ${run} of ${runs}: ${rows} rows in ${seconds.toFixed(2)} s, ${Math.round(peakMemoryBytes / 1e6)} MB`,
    ),
  );
  return {
    metrics: [...measured].flatMap(([name, results]) => metricsOf(name, results)),
    series: sinks.flatMap(([sink]) => seriesOf(sink, scales, measured)),
    absences: [],
    notes: quick ? ["A quick bench scales into the discard sink only, at 1 and 10 times."] : [],
  };
}

function metricsOf(name: string, results: readonly Measured[]): Metric[] {
  const scope = "scale";
  return [
    metric({ name: `${name} rows`, scope, unit: "rows/s", values: results.map((r) => r.rows / r.seconds) }),
    metric({ name: `${name} memory`, scope, unit: "bytes", values: results.map((r) => r.peakMemoryBytes) }),
  ];
}

function seriesOf(
  sink: string,
  scales: readonly number[],
  measured: ReadonlyMap<string, readonly Measured[]>,
): Series[] {
  const results = scales.map((scale) => measured.get(`scale ${scale} ${sink}`)!);
  const curve = (y: (result: Measured) => number): [number, number][] =>
    results.map((each) => [each[0].rows, summarize(each.map(y)).median]);
  return [
    { plot: "scale", name: `${sink}, seconds`, points: curve(({ seconds }) => seconds) },
    { plot: "memory", name: `${sink}, peak memory`, points: curve(({ peakMemoryBytes }) => peakMemoryBytes) },
  ];
}
