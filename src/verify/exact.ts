import type { RunObserver } from "../engine/observer.js";
import { startPool } from "../engine/threads/pool.js";
import type { Plan } from "../model/plan.js";
import type { Universe } from "../model/universe.js";
import { connectToRead } from "../postgres/copy-source.js";
import { type FoundTable, foundTables } from "./exact/catalog.js";
import { type Comparers, compareTables } from "./exact/compare-tables.js";
import { describeDifference } from "./exact/describe.js";
import type { CompareSettings, CompareWorkerData } from "./exact/protocol.js";
import { type ComparedTable, checkResult } from "./exact/result.js";
import type { CheckResult } from "./result.js";

/** Between two looks at the workers' counters. */
const PROGRESS_INTERVAL_MS = 200;
/** How long workers may take to stop once asked to; then their threads are ended. */
const STOP_GRACE_MS = 1500;

export interface VerifyExactOptions {
  readonly url: string;
  readonly schema: string;
  readonly universe: Universe;
  readonly plan: Plan;
  /** Threads, each with a connection of its own. */
  readonly workers: number;
  readonly signal?: AbortSignal;
  /** Told of the phase "exact", of rows compared and of tables done. */
  readonly observer?: RunObserver;
}

/** Starts whoever compares; `close` ends them. */
export type StartComparers = (
  settings: CompareSettings,
  options: VerifyExactOptions,
) => Comparers & { close(): Promise<void> };

/**
 * Reads every table of a plan back and compares it byte for byte with what the plan says it must be.
 * @returns one result a table, in the plan's order
 * @throws SeedBulkError SB_INTERRUPTED, SB_CONNECTION_LOST, SB_WORKER_FAILED, and what connecting throws
 */
export async function verifyExact(
  options: VerifyExactOptions,
  startComparers: StartComparers = startThreads,
): Promise<CheckResult[]> {
  const { url, schema, universe, plan, observer } = options;
  const began = performance.now();
  observer?.phaseStarted?.("exact");
  const client = await connectToRead(url);
  try {
    const entities = plan.entities.map(({ entity }) => universe.entity(entity));
    const tables = await foundTables(client, schema, entities);
    const compared = await compareAll(options, tables, startComparers);
    const results: CheckResult[] = [];
    for (const table of compared) {
      const entity = universe.entity(table.planned.entity);
      const rows = [];
      for (const difference of table.comparison.first) {
        const context = { client, universe, schema };
        rows.push(await describeDifference(context, entity, tables.get(entity.name)!, difference));
      }
      results.push(checkResult(table, rows));
    }
    return results;
  } finally {
    await client.end().catch(() => {});
    observer?.phaseEnded?.("exact", (performance.now() - began) / 1000);
  }
}

async function compareAll(
  options: VerifyExactOptions,
  tables: ReadonlyMap<string, FoundTable>,
  startComparers: StartComparers,
): Promise<ComparedTable[]> {
  const { url, schema, universe, plan, observer, signal } = options;
  const workers = Math.max(1, Math.min(options.workers, plan.shardCount));
  const names = plan.entities.map(({ entity }) => entity);
  const progress = new BigInt64Array(new SharedArrayBuffer(8 * Math.max(1, names.length)));
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const shared = { progress: progress.buffer as SharedArrayBuffer, cancel: cancel.buffer as SharedArrayBuffer };
  const comparers = startComparers({ url, schema, entities: names, ...shared }, { ...options, workers });
  const report = (): void => observer?.progress?.(Array.from(progress, Number));
  const ticker = setInterval(report, PROGRESS_INTERVAL_MS);
  let grace: NodeJS.Timeout | undefined;
  const stop = (): void => {
    Atomics.store(cancel, 0, 1);
    grace = setTimeout(() => void comparers.close(), STOP_GRACE_MS);
  };
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  try {
    const common = { ...(signal && { signal }), ...(observer && { observer }) };
    return await compareTables(comparers, { universe, plan, tables, workers, ...common });
  } finally {
    // A lane that failed for good leaves the others at work.
    Atomics.store(cancel, 0, 1);
    clearInterval(ticker);
    clearTimeout(grace);
    signal?.removeEventListener("abort", stop);
    report();
    await comparers.close();
  }
}

function startThreads(
  settings: CompareSettings,
  { universe, workers }: VerifyExactOptions,
): ReturnType<StartComparers> {
  const workerData: CompareWorkerData = { ...settings, universe: universe.share() };
  const pool = startPool("compare", workers, workerData);
  return { run: (task) => pool.run(task), close: () => pool.destroy() };
}
