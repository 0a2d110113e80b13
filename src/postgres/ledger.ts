import { hostname } from "node:os";
import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import type { Plan, Shard } from "../model/plan.js";
import type { FinishingStep } from "./finish.js";

/** Where a run stands. A run in a state that is not final can be resumed. */
export type RunState = "loading" | "finishing" | "done" | "rolled back" | "replaced" | "cleaned up";

/** The states of runs that nothing is left to do for. */
export const FINAL_STATES: ReadonlySet<RunState> = new Set(["done", "rolled back", "replaced", "cleaned up"]);

/** A run as the ledger has it. */
export interface LedgerRun {
  readonly runId: string;
  readonly state: RunState;
  readonly plan: Plan;
  readonly planHash: string;
  readonly generatorVersion: number;
  readonly scenario: string;
  readonly schema: string;
  readonly options: RunOptions;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
  readonly host: string;
  readonly pid: number;
  /** What the last attempt ended with, where it did not end well. */
  readonly lastError: string | null;
}

/** How a run was asked for, as far as resuming it matters. */
export interface RunOptions {
  readonly unlogged: boolean;
  readonly only: readonly string[] | null;
  /** Entities of the same plan that were there already and stay; the run's own tables fit them. */
  readonly beside?: readonly string[];
  /** What the command line named the scenario by, so that a resume can see whether it changed. */
  readonly source?: Readonly<Record<string, unknown>>;
}

/** The tables that record runs, in the target database. Shards of unlogged tables have an unlogged table of their own. */
const LEDGER_DDL = `
CREATE SCHEMA IF NOT EXISTS seed_bulk;
COMMENT ON SCHEMA seed_bulk IS 'made by seed-bulk: its runs, and which shards of them are committed';
CREATE TABLE IF NOT EXISTS seed_bulk.runs (
  run_id uuid PRIMARY KEY,
  state text NOT NULL,
  plan json NOT NULL,
  plan_hash text NOT NULL,
  generator_version int4 NOT NULL,
  seed int8 NOT NULL,
  scenario text NOT NULL,
  schema_name text NOT NULL,
  options jsonb NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  host text NOT NULL,
  pid int4 NOT NULL,
  last_error text
);
CREATE TABLE IF NOT EXISTS seed_bulk.shards (
  run_id uuid NOT NULL,
  entity text NOT NULL,
  shard_index int4 NOT NULL,
  row_start int8 NOT NULL,
  row_end int8 NOT NULL,
  bytes int8 NOT NULL,
  digest bytea NOT NULL,
  worker int4 NOT NULL,
  attempt int4 NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run_id, entity, shard_index)
);
CREATE UNLOGGED TABLE IF NOT EXISTS seed_bulk.shards_unlogged (LIKE seed_bulk.shards INCLUDING ALL);
CREATE TABLE IF NOT EXISTS seed_bulk.steps (
  run_id uuid NOT NULL,
  step text NOT NULL,
  phase text NOT NULL,
  entity text NOT NULL,
  statement text NOT NULL,
  seconds float8 NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run_id, step)
);
CREATE TABLE IF NOT EXISTS seed_bulk.deferred (
  run_id uuid NOT NULL,
  schema_name text NOT NULL,
  table_name text NOT NULL,
  constraint_name text NOT NULL,
  definition text NOT NULL,
  PRIMARY KEY (run_id, schema_name, table_name, constraint_name)
);
CREATE TABLE IF NOT EXISTS seed_bulk.objects (
  run_id uuid NOT NULL,
  kind text NOT NULL,
  object_oid oid NOT NULL,
  schema_name text NOT NULL,
  object_name text NOT NULL,
  PRIMARY KEY (run_id, kind, object_oid)
);
`;

/** First number of the advisory locks: "seed" in ASCII. The second says which schema. */
const LOCK_CLASS = 0x73656564;

/** Makes the ledger where it is missing; several processes may do so at once. */
export async function ensureLedger(client: pg.Client): Promise<void> {
  // CREATE ... IF NOT EXISTS races with itself on the catalog's unique keys.
  await client.query("SELECT pg_advisory_xact_lock($1, 0)", [LOCK_CLASS]);
  await client.query(LEDGER_DDL);
}

/** Whether the database has a ledger. */
export async function hasLedger(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>("SELECT to_regclass('seed_bulk.runs') IS NOT NULL AS there");
  return rows[0].there;
}

/**
 * Claims a schema for this session, until it ends: one process at a time writes there.
 * @throws SeedBulkError SB_RUN_BUSY where another one does
 */
export async function claimSchema(client: pg.Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ got: boolean }>("SELECT pg_try_advisory_lock($1, hashtext($2)) AS got", [
    LOCK_CLASS,
    schema,
  ]);
  if (rows[0].got) return;
  throw new SeedBulkError("SB_RUN_BUSY", `another seed-bulk process is at work on the schema "${schema}"`, {
    hint: "Wait for it, or look at it with `seed-bulk status`.",
  });
}

/** The schemas of a list that some process is at work on. Looking, unlike trying the lock, disturbs nobody. */
export async function claimedSchemas(client: pg.Client, schemas: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ schema: string }>(
    "SELECT s AS schema FROM unnest($2::text[]) AS s JOIN pg_locks l ON l.locktype = 'advisory' AND l.granted " +
      "AND l.classid = $1::int8 AND l.objid::int8 = hashtext(s)::int8 & 4294967295 " +
      "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    [LOCK_CLASS, [...new Set(schemas)]],
  );
  return new Set(rows.map(({ schema }) => schema));
}

/** Records a new run, in the caller's transaction. */
export async function insertRun(client: pg.Client, runId: string, plan: Plan, options: RunOptions): Promise<void> {
  const { scenario, hash, generatorVersion } = plan;
  await client.query(
    "INSERT INTO seed_bulk.runs (run_id, state, plan, plan_hash, generator_version, seed, scenario, schema_name, options, host, pid) " +
      "VALUES ($1, 'loading', $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    [
      runId,
      JSON.stringify(plan),
      hash,
      generatorVersion,
      scenario.seed,
      `${scenario.model}/${scenario.name}`,
      scenario.schema,
      JSON.stringify(options),
      hostname(),
      process.pid,
    ],
  );
}

/** Moves a run on. */
export async function setRunState(
  client: pg.Client,
  runId: string,
  state: RunState,
  lastError: string | null = null,
): Promise<void> {
  await client.query(
    "UPDATE seed_bulk.runs SET state = $2, last_error = $3, updated_at = clock_timestamp(), host = $4, pid = $5, " +
      "finished_at = CASE WHEN $6 THEN clock_timestamp() END WHERE run_id = $1",
    [runId, state, lastError, hostname(), process.pid, FINAL_STATES.has(state)],
  );
}

/** All runs, the newest first. */
export async function listRuns(client: pg.Client): Promise<LedgerRun[]> {
  if (!(await hasLedger(client))) return [];
  const { rows } = await client.query(
    'SELECT run_id AS "runId", state, plan, plan_hash AS "planHash", generator_version AS "generatorVersion", scenario, ' +
      'schema_name AS "schema", options, started_at AS "startedAt", updated_at AS "updatedAt", ' +
      'finished_at AS "finishedAt", host, pid, last_error AS "lastError" FROM seed_bulk.runs ORDER BY started_at DESC, run_id',
  );
  return rows;
}

/** A committed shard, as verification compares it. */
export interface LedgerShard {
  readonly entity: string;
  readonly index: number;
  readonly rows: number;
  readonly bytes: number;
}

/** The shards of a run that are committed. */
export async function committedShards(
  client: pg.Client,
  run: Pick<LedgerRun, "runId" | "options">,
): Promise<LedgerShard[]> {
  const { rows } = await client.query(
    'SELECT entity, shard_index AS "index", (row_end - row_start)::float8 AS rows, bytes::float8 AS bytes ' +
      `FROM ${shardTable(run.options.unlogged)} WHERE run_id = $1`,
    [run.runId],
  );
  return rows;
}

/** The finishing steps of a run that are done, by name. */
export async function finishedSteps(client: pg.Client, runId: string): Promise<Set<string>> {
  const { rows } = await client.query<{ step: string }>("SELECT step FROM seed_bulk.steps WHERE run_id = $1", [runId]);
  return new Set(rows.map(({ step }) => step));
}

/** Records a finishing step, in the transaction that did it. */
export async function recordStep(
  client: pg.Client,
  runId: string,
  step: FinishingStep,
  seconds: number,
): Promise<void> {
  await client.query(
    "INSERT INTO seed_bulk.steps (run_id, step, phase, entity, statement, seconds) VALUES ($1, $2, $3, $4, $5, $6)",
    [runId, step.name, step.phase, step.entity, step.sql, seconds],
  );
}

/** A foreign key of a table that stays, taken off while a run makes the table anew that it refers to. */
export interface DeferredKey {
  readonly table: string;
  readonly name: string;
  /** As Postgres writes it: `FOREIGN KEY (…) REFERENCES …`. */
  readonly definition: string;
}

/** Records keys that a run takes off, in the transaction that does it. */
export async function recordDeferred(
  client: pg.Client,
  run: { readonly runId: string; readonly schema: string },
  keys: readonly DeferredKey[],
): Promise<void> {
  for (const { table, name, definition } of keys) {
    await client.query("INSERT INTO seed_bulk.deferred VALUES ($1, $2, $3, $4, $5)", [
      run.runId,
      run.schema,
      table,
      name,
      definition,
    ]);
  }
}

/** The keys that a run has taken off and has to put back. */
export async function deferredKeys(client: pg.Client, runId: string): Promise<DeferredKey[]> {
  const { rows } = await client.query<DeferredKey>(
    "SELECT table_name AS table, constraint_name AS name, definition FROM seed_bulk.deferred WHERE run_id = $1 ORDER BY 1, 2",
    [runId],
  );
  return rows;
}

/** Forgets what a run has done: its tables are made anew. */
export async function forgetProgress(client: pg.Client, runId: string): Promise<void> {
  await client.query("DELETE FROM seed_bulk.shards WHERE run_id = $1", [runId]);
  await client.query("DELETE FROM seed_bulk.shards_unlogged WHERE run_id = $1", [runId]);
  await client.query("DELETE FROM seed_bulk.steps WHERE run_id = $1", [runId]);
}

/** What a worker records of a shard, in the transaction that copied it. */
export interface ShardRecord {
  readonly runId: string;
  readonly unlogged: boolean;
  readonly shard: Shard;
  readonly bytes: number;
  /** SHA-256. */
  readonly digest: Uint8Array;
  readonly worker: number;
  readonly attempt: number;
  readonly seconds: number;
}

/**
 * Records a shard, in the transaction of its COPY (law 5). Where another process has committed the shard meanwhile,
 * this is a unique violation, and the COPY goes with it.
 */
export async function recordShard(client: pg.Client, record: ShardRecord): Promise<void> {
  const { shard } = record;
  await client.query({
    name: `record shard${record.unlogged ? " unlogged" : ""}`,
    text:
      `INSERT INTO ${shardTable(record.unlogged)} ` +
      "(run_id, entity, shard_index, row_start, row_end, bytes, digest, worker, attempt, started_at) " +
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() - make_interval(secs => $10))",
    values: [
      record.runId,
      shard.entity,
      shard.index,
      shard.start,
      shard.end,
      record.bytes,
      record.digest,
      record.worker,
      record.attempt,
      record.seconds,
    ],
  });
}

/** The constraint whose violation means that a shard is committed already. */
export const SHARD_KEYS: ReadonlySet<string> = new Set(["shards_pkey", "shards_unlogged_pkey"]);

function shardTable(unlogged: boolean): string {
  return unlogged ? "seed_bulk.shards_unlogged" : "seed_bulk.shards";
}
