import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import type { Plan, Shard } from "../model/plan.js";
import { type Lease, leaseHeld, leaseLost } from "./lease.js";
import type { LedgerRun } from "./runs.js";

/** A committed shard, as verification compares it. */
export interface LedgerShard {
  readonly entity: string;
  readonly index: number;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * The shards of a run that are committed.
 * @param of those of an entity from one index to another, both included; all without it
 */
export async function committedShards(
  client: pg.Client,
  run: Pick<LedgerRun, "runId" | "options">,
  of?: { readonly entity: string; readonly first: number; readonly last: number },
): Promise<LedgerShard[]> {
  const { rows } = await client.query(
    'SELECT entity, shard_index AS "index", (row_end - row_start)::float8 AS rows, bytes::float8 AS bytes ' +
      `FROM ${shardTable(run.options.unlogged)} WHERE run_id = $1` +
      (of ? " AND entity = $2 AND shard_index BETWEEN $3 AND $4" : ""),
    of ? [run.runId, of.entity, of.first, of.last] : [run.runId],
  );
  return rows;
}

/** What of an entity is committed. */
export interface Sums {
  readonly shards: number;
  readonly rows: number;
}

/** What of each entity a run has committed. */
export async function committedSums(
  client: pg.Client,
  { runId, unlogged }: ShardsOf,
): Promise<ReadonlyMap<string, Sums>> {
  const { rows } = await client.query<Sums & { entity: string }>(
    "SELECT entity, count(*)::float8 AS shards, sum(row_end - row_start)::float8 AS rows " +
      `FROM ${shardTable(unlogged)} WHERE run_id = $1 GROUP BY entity`,
    [runId],
  );
  return new Map(rows.map((row) => [row.entity, row]));
}

/** Whether a run has committed a shard. */
export async function hasShard(
  client: pg.Client,
  { runId, unlogged }: ShardsOf,
  { entity, index }: Pick<Shard, "entity" | "index">,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM ${shardTable(unlogged)} WHERE run_id = $1 AND entity = $2 AND shard_index = $3`,
    [runId, entity, index],
  );
  return rowCount === 1;
}

/** What a worker records of a shard, in the transaction that copied it. */
export interface ShardRecord {
  readonly runId: string;
  readonly unlogged: boolean;
  readonly lease: Lease;
  readonly shard: Shard;
  readonly bytes: number;
  readonly worker: number;
  readonly attempt: number;
  readonly seconds: number;
}

/**
 * Records a shard, in the transaction of its COPY (law 5). Where another process has committed the shard meanwhile,
 * this is a unique violation, and the COPY goes with it.
 * @throws SeedBulkError SB_LEASE_LOST
 */
export async function recordShard(client: pg.Client, record: ShardRecord): Promise<void> {
  const { shard, lease } = record;
  const held = leaseHeld(lease, 10);
  const { rowCount } = await client.query(
    `WITH held AS (${held.text}) INSERT INTO ${shardTable(record.unlogged)} ` +
      "(run_id, entity, shard_index, row_start, row_end, bytes, worker, attempt, started_at) " +
      "SELECT $1::uuid, $2::text, $3::int4, $4::int8, $5::int8, $6::int8, $7::int4, $8::int4, clock_timestamp() - make_interval(secs => $9) FROM held",
    [
      record.runId,
      shard.entity,
      shard.index,
      shard.start,
      shard.end,
      record.bytes,
      record.worker,
      record.attempt,
      record.seconds,
      ...held.values,
    ],
  );
  if (rowCount !== 1) throw leaseLost(lease);
}

/** A violation as Postgres reports it. */
export interface Violation {
  /** SQLSTATE. */
  readonly code: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly constraint: string | undefined;
}

/** Whether an error says that the ledger has this shard of this run already: its key holds the run's ID. */
export function isCommittedAlready({ code, schema, table, constraint }: Violation): boolean {
  return (
    code === "23505" &&
    schema === "seed_bulk" &&
    (table === "shards" || table === "shards_unlogged") &&
    constraint === `${table}_pkey`
  );
}

/**
 * Makes sure that all of a plan is committed.
 * @throws SeedBulkError SB_LOAD_INCOMPLETE
 */
export async function requireWhole(client: pg.Client, run: ShardsOf, plan: PlanTotals): Promise<void> {
  const found = await committedTotals(client, run);
  if (isAllOf(found, plan)) return;
  throw new SeedBulkError(
    "SB_LOAD_INCOMPLETE",
    `the ledger has ${found.rows} rows in ${found.shards} shards of run ${run.runId}, the plan ${plan.rows} in ${plan.shardCount}`,
    { hint: "`seed-bulk resume` loads what is missing; unlogged tables lose their rows when the server crashes." },
  );
}

/** Whether all of a plan is committed. */
export async function isWhole(client: pg.Client, run: ShardsOf, plan: PlanTotals): Promise<boolean> {
  return isAllOf(await committedTotals(client, run), plan);
}

/** Whose shards are asked for. */
interface ShardsOf {
  readonly runId: string;
  readonly unlogged: boolean;
}

type PlanTotals = Pick<Plan, "rows" | "shardCount">;

function isAllOf({ shards, rows }: Sums, plan: PlanTotals): boolean {
  return shards === plan.shardCount && rows === plan.rows;
}

async function committedTotals(client: pg.Client, { runId, unlogged }: ShardsOf): Promise<Sums> {
  const { rows } = await client.query<Sums>(
    "SELECT count(*)::float8 AS shards, coalesce(sum(row_end - row_start), 0)::float8 AS rows " +
      `FROM ${shardTable(unlogged)} WHERE run_id = $1`,
    [runId],
  );
  return rows[0];
}

function shardTable(unlogged: boolean): string {
  return unlogged ? "seed_bulk.shards_unlogged" : "seed_bulk.shards";
}
