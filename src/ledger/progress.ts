import type pg from "pg";

/** Forgets what a run has done: its tables are made anew. */
export async function forgetProgress(client: pg.Client, runId: string): Promise<void> {
  await client.query("DELETE FROM seed_bulk.shards WHERE run_id = $1", [runId]);
  await client.query("DELETE FROM seed_bulk.shards_unlogged WHERE run_id = $1", [runId]);
  await client.query("DELETE FROM seed_bulk.steps WHERE run_id = $1", [runId]);
}

/** Forgets all that a run has done and had to put back: others have replaced what it made. */
export async function forgetRun(client: pg.Client, runId: string): Promise<void> {
  await forgetProgress(client, runId);
  await client.query("DELETE FROM seed_bulk.deferred WHERE run_id = $1", [runId]);
  await client.query("DELETE FROM seed_bulk.verifications WHERE run_id = $1", [runId]);
}
