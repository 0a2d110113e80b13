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

/** What fails a comparison. */
export interface Limits {
  /** The ratio below which a change fails, in (0, 1]. */
  readonly failBelow: number;
  /** Of times: a change by less fails nothing, whatever its ratio; a query of 2 ms is soon a half slower. */
  readonly floorMs?: number;
  /** Beginnings of the names of what is judged, such as `load` and `verify checks`; all that is ours without them. */
  readonly judged?: readonly string[];
}

/** What every figure of ours is called among those that are judged. */
export const ALL_JUDGED = "all";

/** Those of the names that judge no figure of a report. */
export function judgingNothing(names: readonly string[], { metrics }: Pick<BenchReport, "metrics">): string[] {
  return names.filter((name) => !metrics.some((metric) => metric.gated && isJudged(metric, [name])));
}

/** Compares medians. */
export function compare(now: BenchReport, then: BenchReport, limits: Limits): Comparison {
  const byName = new Map(now.metrics.map((metric) => [metric.name, metric]));
  const pairs = then.metrics.flatMap((before): [Metric, Metric][] => {
    const after = byName.get(before.name);
    return after === undefined ? [] : [[after, before]];
  });
  return {
    changes: pairs.map(([after, before]) => changeOf(after, before, limits)),
    missing: then.metrics.filter(({ name }) => !byName.has(name)).map(({ name }) => name),
    differences: differencesOf(now, then),
  };
}

function isJudged({ name }: Pick<Metric, "name">, judged: readonly string[] = [ALL_JUDGED]): boolean {
  return judged.some((beginning) => beginning === ALL_JUDGED || name === beginning || name.startsWith(`${beginning} `));
}

function changeOf(after: Metric, before: Metric, { failBelow, floorMs = 0, judged }: Limits): Change {
  const ratio =
    after.better === "higher" ? ratioOf(after.summary, before.summary) : ratioOf(before.summary, after.summary);
  const verdict = !isResult(ratio) ? "within noise" : ratio.value > 1 ? "better" : "worse";
  const isFelt = after.unit !== "s" || (after.summary.median - before.summary.median) * 1000 >= floorMs;
  return {
    name: after.name,
    ratio,
    verdict,
    fails: after.gated && isJudged(after, judged) && verdict === "worse" && ratio.value < failBelow && isFelt,
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
