import type { Metric } from "./metrics.js";
import type { BenchReport } from "./report/report.js";
import { isResult, type Ratio, ratioOf } from "./statistics.js";

/** How one metric stands beside an earlier report. */
export interface Change {
  readonly name: string;
  /** Now against then, above 1 where it became better. */
  readonly ratio: Ratio;
  readonly verdict: "better" | "worse" | "within noise";
  /** Worse than the limit, and not by chance, in something that is ours. */
  readonly fails: boolean;
}

/** How a report stands beside an earlier one. */
export interface Comparison {
  readonly changes: readonly Change[];
  /** Metrics of the earlier report that this one has not; what is no longer measured cannot fail. */
  readonly missing: readonly string[];
  /** How the machines, servers or scenarios differ: figures then say nothing of the program. */
  readonly differences: readonly string[];
}

/**
 * Compares medians.
 * @param failBelow the ratio below which a change fails, in (0, 1]
 */
export function compare(now: BenchReport, then: BenchReport, failBelow: number): Comparison {
  const byName = new Map(now.metrics.map((metric) => [metric.name, metric]));
  const pairs = then.metrics.flatMap((before): [Metric, Metric][] => {
    const after = byName.get(before.name);
    return after === undefined ? [] : [[after, before]];
  });
  return {
    changes: pairs.map(([after, before]) => changeOf(after, before, failBelow)),
    missing: then.metrics.filter(({ name }) => !byName.has(name)).map(({ name }) => name),
    differences: differencesOf(now, then),
  };
}

function changeOf(after: Metric, before: Metric, failBelow: number): Change {
  const ratio =
    after.better === "higher" ? ratioOf(after.summary, before.summary) : ratioOf(before.summary, after.summary);
  const verdict = !isResult(ratio) ? "within noise" : ratio.value > 1 ? "better" : "worse";
  return {
    name: after.name,
    ratio,
    verdict,
    fails: after.gated && verdict === "worse" && ratio.value < failBelow,
  };
}

function differencesOf(now: BenchReport, then: BenchReport): string[] {
  const seen: [string, unknown, unknown][] = [
    ["processor", then.machine.cpu, now.machine.cpu],
    ["cores", then.machine.cores, now.machine.cores],
    ["Node", then.machine.node, now.machine.node],
    ["Postgres", then.postgres?.version, now.postgres?.version],
    ["plan", then.planHash, now.planHash],
    ["workers", then.workers, now.workers],
  ];
  return seen
    .filter(([, before, after]) => before !== undefined && after !== undefined && before !== after)
    .map(([what, before, after]) => `${what}: ${before} then, ${after} now`);
}
