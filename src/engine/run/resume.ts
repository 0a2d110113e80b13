import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { claimSchema } from "../../ledger/claim.js";
import { ownObjects } from "../../ledger/objects.js";
import { forgetProgress } from "../../ledger/progress.js";
import { FINAL_STATES, type LedgerRun, listRuns, setRunState } from "../../ledger/runs.js";
import { committedShards } from "../../ledger/shards.js";
import { finishedSteps } from "../../ledger/steps.js";
import { buildPlan } from "../../model/plan.js";
import type { Universe } from "../../model/universe.js";
import { close, connect, inTransaction } from "../../postgres/connection.js";
import { guard } from "../guard/guard.js";
import { dropObjects } from "./drop-objects.js";
import {
  announce,
  carryOut,
  type GenerateOptions,
  type RunProgress,
  type RunReport,
  type RunTarget,
} from "./generate.js";
import { makeTables } from "./make-tables.js";
import { refuseChanges } from "./plan-changes.js";

export interface ResumeOptions extends Pick<GenerateOptions, "workers" | "onFailure" | "signal" | "observer"> {
  readonly target: Extract<RunTarget, { kind: "postgres" }>;
  /** A run's ID; the newest unfinished one without it. */
  readonly runId?: string;
  /** Opens the universe of a run's scenario as it is now. */
  readonly universeOf: (run: LedgerRun) => Promise<Universe>;
}

/**
 * Loads what a run lacks and finishes it. A run that is done is left alone.
 * @returns the report, or the run where nothing was left to do
 * @throws SeedBulkError SB_RUN_NOT_FOUND, SB_RUN_CHANGED, SB_RUN_BUSY, and what `generate` throws
 */
export async function resume(options: ResumeOptions): Promise<RunReport | LedgerRun> {
  const { target } = options;
  const client = await connect(target.url);
  try {
    const run = await findRun(client, options.runId);
    if (FINAL_STATES.has(run.state)) return run;
    await claimSchema(client, run.schema);
    const universe = await options.universeOf(run);
    const plan = buildPlan(universe, run.options.only ?? undefined);
    refuseChanges(run, plan);
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
    return await carryOut(client, progress, generateOptions, {});
  } finally {
    await close(client);
  }
}

/** @throws SeedBulkError SB_RUN_NOT_FOUND */
export async function findRun(client: pg.Client, runId: string | undefined): Promise<LedgerRun> {
  const runs = await listRuns(client);
  if (runId === undefined) {
    const unfinished = runs.find(({ state }) => !FINAL_STATES.has(state));
    if (unfinished) return unfinished;
    throw new SeedBulkError("SB_RUN_NOT_FOUND", "the database has no unfinished run", {
      hint: "`seed-bulk status` lists the runs there are.",
    });
  }
  const found = runs.filter((run) => run.runId.startsWith(runId.toLowerCase()));
  if (found.length === 1) return found[0];
  const problem = found.length === 0 ? "has no run" : `has ${found.length} runs whose ID begins with`;
  throw new SeedBulkError("SB_RUN_NOT_FOUND", `the database ${problem} ${runId}`, {
    hint: "`seed-bulk status` lists the runs there are.",
  });
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
