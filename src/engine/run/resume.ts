import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import type { Lease } from "../../ledger/lease.js";
import { releaseLease, requireLease, takeLease } from "../../ledger/lease.js";
import { ownObjects } from "../../ledger/objects.js";
import { forgetProgress } from "../../ledger/progress.js";
import { FINAL_STATES, findRun, type LedgerRun, setRunState } from "../../ledger/runs.js";
import { ensureLedger } from "../../ledger/schema.js";
import { committedShards } from "../../ledger/shards.js";
import { finishedSteps } from "../../ledger/steps.js";
import type { Universe } from "../../model/universe.js";
import { close, connect, inTransaction } from "../../postgres/connection.js";
import { tableName } from "../../postgres/ddl.js";
import { qualified } from "../../postgres/identifiers.js";
import { guard } from "../guard/guard.js";
import { guardBeforehand } from "../guard/guard-beforehand.js";
import { carryOut, type RunProgress } from "./carry-out.js";
import { dropObjects } from "./drop-objects.js";
import { makeTables } from "./make-tables.js";
import type { GenerateOptions, RunTarget } from "./options.js";
import { announce } from "./phases.js";
import { type OpenUniverse, type RecordedRun, recordedRun } from "./recorded.js";
import type { RunReport } from "./report.js";
import { requireKept } from "./require-kept.js";
import { sessionUrl } from "./session-url.js";

export interface ResumeOptions extends Pick<GenerateOptions, "workers" | "onFailure" | "signal" | "observer"> {
  readonly target: Extract<RunTarget, { kind: "postgres" }>;
  /** A run's ID; the newest unfinished one without it. */
  readonly runId?: string;
  /** How its universe is opened, where not as the command line does. */
  readonly open?: OpenUniverse;
  /** Refuses a run whose scenario has changed since: the caller knows what it was named by. */
  readonly requireSame?: (run: LedgerRun) => Promise<void>;
}

/** What resuming a run came to. */
export interface Resumed {
  readonly run: LedgerRun;
  /** What was done; undefined where nothing was left to do, or others are to do it. */
  readonly work: (Pick<RecordedRun, "universe" | "whole"> & { readonly report: RunReport }) | undefined;
}

/**
 * Loads what a run lacks and finishes it; with no workers, makes it ready for those of `work`. A run that is done is left
 * alone.
 * @throws SeedBulkError SB_RUN_NOT_FOUND, SB_RUN_CHANGED, SB_RUN_BUSY, and what `generate` throws
 */
export async function resume(options: ResumeOptions): Promise<Resumed> {
  const { target } = options;
  guardBeforehand({ ...target, ...target.safety, rows: 0 });
  const client = await connect(target.url);
  try {
    const found = await findRun(client, options.runId);
    if (FINAL_STATES.has(found.state)) return { run: found, work: undefined };
    const recorded = await recordedRun(found, options.open);
    await options.requireSame?.(found);
    const { runId, schema } = found;
    const { plan } = recorded;
    const bytesDone = (await committedShards(client, found)).reduce((sum, { bytes }) => sum + bytes, 0);
    await guard(client, { ...target, ...target.safety, adoptSchema: true, schema, plan, bytesDone, replace: false });
    const lease = await inTransaction(client, async () => {
      await ensureLedger(client);
      return takeLease(client, schema);
    });
    // Read again: until the lease was ours, another process may have gone on with the run.
    const run = await findRun(client, runId);
    if (FINAL_STATES.has(run.state)) {
      await releaseLease(client, lease);
      return { run, work: undefined };
    }
    if (options.workers === 0) return { run: await reopen(client, run, lease), work: undefined };
    return { run, work: await goOn(client, { run, lease, recorded }, options) };
  } finally {
    await close(client);
  }
}

/** Leaves what is left of a run to others, also of one that stopped for a fault which is mended by now. */
async function reopen(client: pg.Client, run: LedgerRun, lease: Lease): Promise<LedgerRun> {
  await inTransaction(client, async () => {
    await requireLease(client, lease);
    await setRunState(client, run.runId, "loading");
    await releaseLease(client, lease);
  });
  return { ...run, state: "loading", lastError: null };
}

/** Does what is left of a run whose lease is held. */
async function goOn(
  client: pg.Client,
  { run, lease, recorded }: { readonly run: LedgerRun; readonly lease: Lease; readonly recorded: RecordedRun },
  options: ResumeOptions,
): Promise<Resumed["work"]> {
  const { target, workers, signal, observer, onFailure } = options;
  const { universe, plan, whole } = recorded;
  const generateOptions: GenerateOptions = {
    universe,
    plan,
    workers,
    target,
    ...(onFailure && { onFailure }),
    ...(signal && { signal }),
    ...(observer && { observer }),
  };
  let progress: RunProgress;
  try {
    await requireOwnTables(client, run, universe);
    await requireKept(client, { universe, schema: run.schema });
    announce(generateOptions, target.url);
    progress = await progressOf(client, { run, lease, universe }, options);
    await inTransaction(client, async () => {
      await requireLease(client, lease);
      await setRunState(client, run.runId, "loading");
    });
  } catch (error) {
    await releaseLease(client, lease).catch(() => {});
    throw error;
  }
  // It would idle for the whole load.
  await close(client);
  const report = await carryOut(progress, generateOptions, {});
  return { report, universe, whole };
}

/** @throws SeedBulkError SB_RUN_CHANGED where a table is not the one that the run made */
export async function requireOwnTables(
  client: pg.Client,
  { runId, schema, plan }: LedgerRun,
  universe: Universe,
): Promise<void> {
  const own = await ownObjects(client, { runId });
  const names = new Set(own.filter(({ kind }) => kind !== "type").map((table) => qualified(table.schema, table.name)));
  const missing = plan.entities
    .map(({ entity }) => entity)
    .filter((name) => !names.has(tableName(schema, universe.entity(name))));
  if (missing.length === 0) return;
  throw new SeedBulkError(
    "SB_RUN_CHANGED",
    `these tables of "${schema}" are gone, or others than run ${runId} made: ${missing.join(", ")}`,
    { hint: "Nothing was written. Load anew with --replace, or into another schema with --schema." },
  );
}

/**
 * What is committed of a run. A crash of the server empties unlogged tables and their ledger together, but leaves
 * keys and indexes: the tables are then made anew, so that rows do not meet constraints in the wrong order.
 */
async function progressOf(
  client: pg.Client,
  { run, lease, universe }: { readonly run: LedgerRun; readonly lease: Lease; readonly universe: Universe },
  { observer, target }: ResumeOptions,
): Promise<RunProgress> {
  const url = sessionUrl(target, universe.model);
  const { runId, schema } = run;
  const { unlogged, beside = [] } = run.options;
  const committed = await committedShards(client, run);
  const steps = await finishedSteps(client, runId);
  if (!unlogged || committed.length > 0) return { runId, url, unlogged, lease, beside, committed, steps };
  observer?.notice?.("the server lost its unlogged tables: they are made anew");
  await inTransaction(client, async () => {
    await requireLease(client, lease);
    await dropObjects(client, await ownObjects(client, { runId }));
    await forgetProgress(client, runId);
    const entities = run.plan.entities.map(({ entity }) => universe.entity(entity));
    await makeTables(client, { runId, schema, entities, unlogged, replace: false, beside });
  });
  return { runId, url, unlogged, lease, beside, committed: [], steps: new Set() };
}
