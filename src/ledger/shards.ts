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

/** What a worker records of a shard, in the transaction that copied it. */
export interface ShardRecord {
  readonly runId: string;
  readonly unlogged: boolean;
  readonly lease: Lease;
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
 * @throws SeedBulkError SB_LEASE_LOST
 */
export async function recordShard(client: pg.Client, record: ShardRecord): Promise<void> {
  const { shard, lease } = record;
  const { rowCount } = await client.query(
    `WITH held AS (${leaseHeld("$11", "$12")}) INSERT INTO ${shardTable(record.unlogged)} ` +
      "(run_id, entity, shard_index, row_start, row_end, bytes, digest, worker, attempt, started_at) " +
      "SELECT $1::uuid, $2::text, $3::int4, $4::int8, $5::int8, $6::int8, $7::bytea, $8::int4, $9::int4, clock_timestamp() - make_interval(secs => $10) FROM held",
    [
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
      lease.schema,
      lease.epoch,
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
export async function requireWhole(
  client: pg.Client,
  run: { readonly runId: string; readonly unlogged: boolean },
  plan: Pick<Plan, "rows" | "shardCount">,
): Promise<void> {
  const { rows } = await client.query<{ shards: number; rows: number }>(
    "SELECT count(*)::float8 AS shards, coalesce(sum(row_end - row_start), 0)::float8 AS rows " +
      `FROM ${shardTable(run.unlogged)} WHERE run_id = $1`,
    [run.runId],
  );
  const [found] = rows;
  if (found.shards === plan.shardCount && found.rows === plan.rows) return;
  throw new SeedBulkError(
    "SB_LOAD_INCOMPLETE",
    `the ledger has ${found.rows} rows in ${found.shards} shards of run ${run.runId}, the plan ${plan.rows} in ${plan.shardCount}`,
    { hint: "`seed-bulk resume` loads what is missing; unlogged tables lose their rows when the server crashes." },
  );
}

function shardTable(unlogged: boolean): string {
  return unlogged ? "seed_bulk.shards_unlogged" : "seed_bulk.shards";
}
