import type { RunObserver } from "../engine/observer.js";
import { Supervisor } from "../engine/threads/supervisor.js";
import { ThreadPool } from "../engine/threads/thread-pool.js";
import type { Plan } from "../model/plan.js";
import type { Universe } from "../model/universe.js";
import { close, connect } from "../postgres/connection.js";
import { readingBack } from "../postgres/copy-source.js";
import { literalForms } from "../postgres/literals.js";
import { type FoundTable, foundTables } from "./exact/catalog.js";
import { type Comparers, compareTables } from "./exact/compare-tables.js";
import { describeDifference } from "./exact/describe.js";
import type { CompareOutcome, CompareSettings, CompareWorkerData } from "./exact/protocol.js";
import { type ComparedTable, checkResult } from "./exact/result.js";
import type { CheckResult } from "./result.js";

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
  const { url, schema, universe, observer } = options;
  // Rows that were there before a run's stand among them, and no order tells which.
  const own = options.plan.entities.filter(({ entity }) => universe.entity(entity).rowsBefore === 0);
  const plan = { ...options.plan, entities: own };
  const began = performance.now();
  observer?.phaseStarted?.("exact");
  const client = await connect(url, "verifier");
  try {
    const entities = plan.entities.map(({ entity }) => universe.entity(entity));
    const tables = await readingBack(client, async () => {
      universe.literals = await literalForms(client, universe.entities);
      return foundTables(client, schema, entities);
    });
    const compared = await compareAll({ ...options, plan }, tables, startComparers);
    const results: CheckResult[] = [];
    for (const table of compared) {
      const entity = universe.entity(table.planned.entity);
      const rows = [];
      for (const difference of table.comparison.first) {
        const context = { client, universe, schema };
        rows.push(
          await readingBack(client, () => describeDifference(context, entity, tables.get(entity.name)!, difference)),
        );
      }
      results.push(checkResult(table, rows));
    }
    return results;
  } finally {
    await close(client);
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
  const supervisor = new Supervisor(names, { signal, observer });
  const comparers = startComparers({ url, schema, ...supervisor.shared }, { ...options, workers });
  supervisor.begin(() => comparers.close());
  try {
    const common = { ...(signal && { signal }), ...(observer && { observer }) };
    return await compareTables(comparers, { universe, plan, tables, workers, ...common });
  } finally {
    // A lane that failed for good leaves the others at work.
    supervisor.end();
    await comparers.close();
  }
}

function startThreads(
  settings: CompareSettings,
  { universe, workers }: VerifyExactOptions,
): ReturnType<StartComparers> {
  const workerData: CompareWorkerData = { ...settings, universe: universe.share() };
  const threads = new ThreadPool("compare", workers, workerData);
  return { run: async (task) => (await threads.run(task)) as CompareOutcome, close: () => threads.close() };
}
