import { MAX_ROWS_DEFAULT } from "../src/engine/guard/guard-request.js";
import type { RunObserver } from "../src/engine/observer.js";
import { generate } from "../src/engine/run/generate.js";
import { buildPlan } from "../src/model/plan.js";
import { runVerification } from "../src/verify/run-verification.js";
import { copyFiles } from "./baselines/copy-file.js";
import { seedByDrizzle } from "./baselines/drizzle-seed.js";
import { insertContacts } from "./baselines/insert.js";
import { restore } from "./baselines/restore.js";
import { universeOf } from "./scenario.js";
import type { GenerateTask, Measured, Task, TaskResult, VerifyTask } from "./tasks.js";

/** Does a task and measures this process meanwhile. */
export async function runTask(task: Task): Promise<Measured> {
  const before = process.cpuUsage();
  const result = await doTask(task);
  const { user, system } = process.cpuUsage(before);
  return {
    bytes: null,
    phases: {},
    latencies: null,
    progress: [],
    runId: null,
    checks: null,
    ...result,
    cpuSeconds: (user + system) / 1e6,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function doTask(task: Task): Promise<TaskResult> {
  switch (task.kind) {
    case "generate":
      return generateRows(task);
    case "verify":
      return verifyRows(task);
    case "copy-files":
      return copyFiles(task);
    case "insert":
      return insertContacts(task);
    case "drizzle-seed":
      return seedByDrizzle(task);
    case "restore":
      return restore(task);
  }
}

async function generateRows({ scenario, workers, target, only }: GenerateTask): Promise<TaskResult> {
  const universe = await universeOf(scenario);
  const progress: [number, number][] = [];
  let began = 0;
  const observer: RunObserver = {
    phaseStarted(phase) {
      if (phase === "load") began = performance.now();
    },
    progress(rows) {
      progress.push([(performance.now() - began) / 1000, rows.reduce((sum, count) => sum + count, 0)]);
    },
  };
  const report = await generate({
    universe,
    plan: buildPlan(universe, only),
    workers,
    replace: true,
    observer,
    ...(only && { only }),
    target:
      target === null
        ? { kind: "discard" }
        : {
            kind: "postgres",
            ...target,
            safety: { adoptSchema: false, maxRows: MAX_ROWS_DEFAULT, env: process.env },
          },
  });
  const { phases, rows, bytes, latencies, runId } = report;
  return { seconds: phases["load"], rows, bytes, phases, latencies, progress, runId };
}

async function verifyRows({ scenario, workers, target, exact }: VerifyTask): Promise<TaskResult> {
  const universe = await universeOf(scenario);
  const plan = buildPlan(universe);
  const began = performance.now();
  const report = await runVerification({
    url: target.url,
    schema: plan.scenario.schema,
    universe,
    plan,
    workers,
    exact,
  });
  const failed = report.checks.filter(({ ok }) => !ok).map(({ name, found }) => `${name}: ${found}`);
  return {
    seconds: (performance.now() - began) / 1000,
    rows: plan.rows,
    checks: { count: report.checks.length, failed },
  };
}
