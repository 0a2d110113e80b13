import type { BenchContext } from "../context.js";
import { interleave } from "../interleave.js";
import { metric, onlyMetrics, type ScopeResult } from "../metrics.js";
import { runInChild } from "../processes.js";
import { onlyTarget } from "./workers.js";

/** Loads a scenario and verifies it: by its checks, and by comparing every byte. */
export async function measureVerify(context: BenchContext): Promise<ScopeResult> {
  const { runs, scenario, workers, limits, say } = context;
  const target = onlyTarget((await context.server()).database)!;
  const task = (exact: boolean) => ({ kind: "verify", scenario, workers, target, exact }) as const;
  const contenders = [
    { name: "load", run: () => runInChild({ kind: "generate", scenario, workers, target }, limits) },
    { name: "checks", run: () => runInChild(task(false), limits) },
    { name: "exact", run: () => runInChild(task(true), limits) },
  ];
  const measured = await interleave(contenders, runs, (name, run, { seconds, checks }) => {
    say(`verify ${name}, run ${run} of ${runs}: ${seconds.toFixed(2)} s`);
    if (checks && checks.failed.length > 0) throw new Error(`the data is wrong: ${checks.failed.join("; ")}`);
  });
  const seconds = (name: string): number[] => measured.get(name)!.map((result) => result.seconds);
  const checks = seconds("checks");
  // `--exact` makes the checks first; what the comparison of bytes adds is what a load is held against.
  const exact = seconds("exact").map((whole, run) => Math.max(0.001, whole - checks[run]));
  const scope = "verify";
  return onlyMetrics([
    metric({ name: "verify load time", scope, unit: "s", values: seconds("load"), gated: false }),
    metric({ name: "verify checks time", scope, unit: "s", values: checks }),
    metric({ name: "verify exact whole time", scope, unit: "s", values: seconds("exact") }),
    metric({ name: "verify exact time", scope, unit: "s", values: exact }),
  ]);
}
