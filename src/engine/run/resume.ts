import type pg from "pg";
import { claimSchema } from "../../ledger/claim.js";
import { ownObjects } from "../../ledger/objects.js";
import { forgetProgress } from "../../ledger/progress.js";
import { FINAL_STATES, findRun, type LedgerRun, setRunState } from "../../ledger/runs.js";
import { committedShards } from "../../ledger/shards.js";
import { finishedSteps } from "../../ledger/steps.js";
import type { Universe } from "../../model/universe.js";
import { close, connect, inTransaction } from "../../postgres/connection.js";
import { guard } from "../guard/guard.js";
import { carryOut, type RunProgress } from "./carry-out.js";
import { dropObjects } from "./drop-objects.js";
import { makeTables } from "./make-tables.js";
import type { GenerateOptions, RunTarget } from "./options.js";
import { announce } from "./phases.js";
import { type RecordedRun, recordedRun } from "./recorded.js";
import type { RunReport } from "./report.js";

export interface ResumeOptions extends Pick<GenerateOptions, "workers" | "onFailure" | "signal" | "observer"> {
  readonly target: Extract<RunTarget, { kind: "postgres" }>;
  /** A run's ID; the newest unfinished one without it. */
  readonly runId?: string;
  /** Refuses a run whose scenario has changed since: the caller knows what it was named by. */
  readonly requireSame?: (run: LedgerRun) => Promise<void>;
}

/** What resuming a run came to. */
export interface Resumed {
  readonly run: LedgerRun;
  /** What was done; undefined where nothing was left to do. */
  readonly work: (Pick<RecordedRun, "universe" | "whole"> & { readonly report: RunReport }) | undefined;
}

/**
 * Loads what a run lacks and finishes it. A run that is done is left alone.
 * @throws SeedBulkError SB_RUN_NOT_FOUND, SB_RUN_CHANGED, SB_RUN_BUSY, and what `generate` throws
 */
export async function resume(options: ResumeOptions): Promise<Resumed> {
  const { target } = options;
  const client = await connect(target.url);
  try {
    const run = await findRun(client, options.runId);
    if (FINAL_STATES.has(run.state)) return { run, work: undefined };
    await claimSchema(client, run.schema);
    const { universe, plan, whole } = await recordedRun(run);
    await options.requireSame?.(run);
    const { workers, signal, observer, onFailure } = options;
    const generateOptions: GenerateOptions = {
      universe,
      plan,
      workers,
      target,
      ...(onFailure && { onFailure }),
      ...(signal && { signal }),
      ...(observer && { observer }),
    };
    const bytesDone = (await committedShards(client, run)).reduce((sum, { bytes }) => sum + bytes, 0);
    const { schema } = run;
    await guard(client, { ...target, ...target.safety, adoptSchema: true, schema, plan, bytesDone, replace: false });
    announce(generateOptions, target.url);
    const progress = await progressOf(client, run, universe, target.url, options);
    await setRunState(client, run.runId, "loading");
    const report = await carryOut(client, progress, generateOptions, {});
    return { run, work: { report, universe, whole } };
  } finally {
    await close(client);
  }
}

/**
 * What is committed of a run. A crash of the server empties unlogged tables and their ledger together, but leaves
 * keys and indexes: the tables are then made anew, so that rows do not meet constraints in the wrong order.
 */
async function progressOf(
  client: pg.Client,
  run: LedgerRun,
  universe: Universe,
  url: string,
  { observer }: ResumeOptions,
): Promise<RunProgress> {
  const { runId, schema } = run;
  const { unlogged, beside = [] } = run.options;
  const committed = await committedShards(client, run);
  const steps = await finishedSteps(client, runId);
  if (!unlogged || committed.length > 0) return { runId, url, unlogged, beside, committed, steps };
  observer?.notice?.("the server lost its unlogged tables: they are made anew");
  await inTransaction(client, async () => {
    await dropObjects(client, await ownObjects(client, { runId }));
    await forgetProgress(client, runId);
    const entities = run.plan.entities.map(({ entity }) => universe.entity(entity));
    await makeTables(client, { runId, schema, entities, unlogged, replace: false, beside });
  });
  return { runId, url, unlogged, beside, committed: [], steps: new Set() };
}
