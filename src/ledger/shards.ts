import type pg from "pg";
import type { Shard } from "../model/plan.js";
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
