import type pg from "pg";
import type { Lease } from "./lease.js";
import { finishedSteps } from "./steps.js";

/**
 * Says that one of a run's workers does a step, so that no other does. The claim ends with the worker's share.
 * @returns whether the step was free, and is not done
 * @throws the violation of a foreign key, 23503, where the worker's share has ended
 */
export async function claimStep(client: pg.Client, { runId, lease }: Claiming, step: string): Promise<boolean> {
  const { rowCount } = await client.query(
    "INSERT INTO seed_bulk.claims (run_id, step, worker_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [runId, step, lease.member],
  );
  if (rowCount !== 1) return false;
  // Whoever had claimed it before may have done it, and left: then its row was there before the claim went.
  if (!(await finishedSteps(client, runId)).has(step)) return true;
  await unclaimStep(client, { runId, lease }, step);
  return false;
}

/** The run of a claim, and the share of the worker that makes it. */
export interface Claiming {
  readonly runId: string;
  readonly lease: Lease;
}

/** Takes a claim back, as that on a step that failed. */
export async function unclaimStep(client: pg.Client, { runId, lease }: Claiming, step: string): Promise<void> {
  await client.query("DELETE FROM seed_bulk.claims WHERE run_id = $1 AND step = $2 AND worker_id = $3", [
    runId,
    step,
    lease.member,
  ]);
}

/** The steps of a run that workers say they do, by name. */
export async function claimedSteps(client: pg.Client, runId: string): Promise<Set<string>> {
  const { rows } = await client.query<{ step: string }>("SELECT step FROM seed_bulk.claims WHERE run_id = $1", [runId]);
  return new Set(rows.map(({ step }) => step));
}
