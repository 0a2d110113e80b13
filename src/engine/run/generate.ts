import { randomUUID } from "node:crypto";
import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import type { Lease } from "../../ledger/lease.js";
import { releaseLease, takeLease } from "../../ledger/lease.js";
import { insertRun, isRecorded } from "../../ledger/runs.js";
import { ensureLedger } from "../../ledger/schema.js";
import type { Entity } from "../../model/entity.js";
import { originOf } from "../../model/origin.js";
import { packageVersion } from "../../platform/package.js";
import { close, connect, inTransaction } from "../../postgres/connection.js";
import { type Failure, isTransient, serverError } from "../../postgres/sqlstate.js";
import { guard } from "../guard/guard.js";
import { guardBeforehand } from "../guard/guard-beforehand.js";
import { startThreads } from "../threads/shard-threads.js";
import { tablesBeside } from "./beside.js";
import { carryOut, type RunProgress } from "./carry-out.js";
import { fillTables } from "./fill-tables.js";
import { loadPhase } from "./load.js";
import { makeTables } from "./make-tables.js";
import type { GenerateOptions, RunTarget } from "./options.js";
import { patiently } from "./patiently.js";
import { announce, timed } from "./phases.js";
import { type RunReport, reportOf } from "./report.js";
import { requireKept } from "./require-kept.js";
import { sessionUrl } from "./session-url.js";

/**
 * Executes a plan: tables, rows, then keys, indexes and statistics.
 * @throws SeedBulkError SB_RUN_BUSY, SB_REFUSED, SB_TABLE_EXISTS, and what loading and finishing throw
 */
export async function generate(options: GenerateOptions): Promise<RunReport> {
  const { universe, plan, target, runId = randomUUID() } = options;
  if (target.kind !== "postgres") return makeOnly(runId, options, target.kind);
  refuseBeforehand(options, target);
  const threads = options.threads ?? startThreads(originOf(universe.model), Math.min(options.workers, plan.shardCount));
  try {
    const { progress, seconds } = await begin(runId, options, target);
    return await carryOut(progress, { ...options, threads }, { schema: seconds });
  } finally {
    await threads.close();
  }
}

/**
 * Makes the tables of a plan and records the run, and leaves its rows to others: `work` on this machine or any.
 * @returns the run's ID
 * @throws as `generate`
 */
export async function prepareRun(
  options: GenerateOptions & { readonly target: Extract<RunTarget, { kind: "postgres" }> },
): Promise<string> {
  const { target, runId = randomUUID() } = options;
  refuseBeforehand(options, target);
  const { progress } = await begin(runId, options, target);
  await patiently(progress.url, (client) => releaseLease(client, progress.lease));
  return runId;
}

type PostgresTarget = Extract<RunTarget, { kind: "postgres" }>;

function refuseBeforehand({ plan }: GenerateOptions, target: PostgresTarget): void {
  guardBeforehand({ ...target, ...target.safety, schema: plan.scenario.schema, rows: plan.rows });
}

/** Makes the tables and records the run, under the lease of its schema. */
async function begin(
  runId: string,
  options: GenerateOptions,
  target: PostgresTarget,
): Promise<{ readonly progress: RunProgress; readonly seconds: number }> {
  const { universe, plan, replace = false, unlogged = false, only } = options;
  const { schema } = plan.scenario;
  const url = sessionUrl(target, universe.model);
  const client = await connect(url);
  try {
    // Whose model fills tables that are there means them.
    const adoptSchema = universe.model.existing === true || target.safety.adoptSchema;
    const onNotice = options.observer?.notice?.bind(options.observer);
    await guard(client, { ...target, ...target.safety, adoptSchema, schema, plan, replace, unlogged, onNotice });
  } finally {
    await close(client);
  }
  announce(options, url);
  let beside: readonly string[] = [];
  let lease: Lease = { schema, epoch: 0 };
  const record = (client: pg.Client, attempt: number): Promise<void> =>
    withRights(client, async () => {
      await ensureLedger(client);
      // The answer to an earlier attempt's commit may have been lost: then all this is done, under its lease.
      if (attempt > 1 && (await isRecorded(client, runId))) return;
      lease = await takeLease(client, schema);
      if (replace && only) beside = await tablesBeside(client, { plan, unlogged });
      const entities = plan.entities.map(({ entity }) => universe.entity(entity));
      await readyTables(client, options, { runId, entities, beside });
      const { source } = options;
      await insertRun(client, runId, plan, {
        unlogged,
        only: only ?? null,
        beside,
        packageVersion: packageVersion(),
        ...(source && { source }),
        ...(universe.model.origin && { model: universe.model.origin }),
      });
    });
  const seconds = await timed(options.observer, "schema", () => patiently(url, record, { signal: options.signal }));
  return { progress: { runId, url, unlogged, lease, beside, committed: [], steps: new Set() }, seconds };
}

/** Makes the tables, or those that were there ready. */
async function readyTables(
  client: pg.Client,
  {
    universe,
    plan,
    unlogged = false,
    replace = false,
    keepIndexes = false,
    triggers = false,
    truncate = false,
  }: GenerateOptions,
  run: { readonly runId: string; readonly entities: readonly Entity[]; readonly beside: readonly string[] },
): Promise<void> {
  const { schema } = plan.scenario;
  if (!universe.model.existing) return makeTables(client, { ...run, schema, unlogged, replace });
  if (unlogged || replace) {
    throw new SeedBulkError("SB_USAGE", `--${unlogged ? "unlogged" : "replace"} is for tables that seed-bulk makes`, {
      hint: "The model fills tables that are there. Nothing was changed.",
    });
  }
  await requireKept(client, { universe, schema });
  const rowsOf = (entity: string): number => universe.rowCount(entity);
  return fillTables(client, { ...run, schema, rowsOf, keepIndexes, triggers, truncate });
}

/** Runs work in a transaction; a right that the user lacks is told as what it is. */
async function withRights(client: pg.Client, work: () => Promise<void>): Promise<void> {
  try {
    await inTransaction(client, work);
  } catch (cause) {
    const { code, message } = cause as Failure;
    // What passes is for whoever tries again.
    if (cause instanceof SeedBulkError || isTransient(code, message)) throw cause;
    const what = code === "42501" ? "the user may not do this" : "the tables could not be made";
    const rights =
      "The user needs CREATE on the database, or on schemas that are there: the data's and the ledger's, seed_bulk.";
    throw serverError(cause as Failure, { what, rights }) ?? cause;
  }
}

/** Makes the rows and writes them nowhere. */
async function makeOnly(runId: string, options: GenerateOptions, kind: "discard" | "digest"): Promise<RunReport> {
  const { plan, universe, workers, observer, signal, threads } = options;
  announce(options);
  const common = { ...(signal && { signal }), ...(observer && { observer }), ...(threads && { threads }) };
  const loaded = await loadPhase({ plan, universe, sink: { kind }, workers, ...common });
  return reportOf({ runId, options, url: null, loaded, beside: [], phases: { load: loaded.seconds } });
}
