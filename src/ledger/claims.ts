import type pg from "pg";
import { type Lease, leaseLost } from "./lease.js";
import { finishedSteps } from "./steps.js";

/**
 * Says that one of a run's workers does some steps, so that no other does. The claims end with the worker's share.
 * @returns those of the steps that were free, and are not done
 * @throws SeedBulkError SB_LEASE_LOST where the worker's share has ended
 */
export async function claimSteps(
  client: pg.Client,
  { runId, lease }: Claiming,
  steps: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await client
    .query<{ step: string }>(
      "INSERT INTO seed_bulk.claims (run_id, step, worker_id) SELECT $1, unnest($2::text[]), $3 " +
        "ON CONFLICT DO NOTHING RETURNING step",
      [runId, steps, lease.member],
    )
    .catch((cause: { code?: string }) => {
      // The share that the claims would hang on is gone.
      throw cause.code === "23503" ? leaseLost(lease) : cause;
    });
  const claimed = new Set(rows.map(({ step }) => step));
  // Whoever had claimed one before may have done it, and left: then its row was there before the claim went.
  const finished = await finishedSteps(client, runId);
  const done = [...claimed].filter((step) => finished.has(step));
  if (done.length > 0) await unclaimSteps(client, { runId, lease }, done);
  for (const step of done) claimed.delete(step);
  return claimed;
}

/** The run of a claim, and the share of the worker that makes it. */
export interface Claiming {
  readonly runId: string;
  readonly lease: Lease;
}

/** Takes claims back, as those on steps that failed. */
export async function unclaimSteps(
  client: pg.Client,
  { runId, lease }: Claiming,
  steps: readonly string[],
): Promise<void> {
  await client.query("DELETE FROM seed_bulk.claims WHERE run_id = $1 AND step = ANY ($2) AND worker_id = $3", [
    runId,
    steps,
    lease.member,
  ]);
}

/** The steps of a run that workers say they do, by name. */
export async function claimedSteps(client: pg.Client, runId: string): Promise<Set<string>> {
  const { rows } = await client.query<{ step: string }>("SELECT step FROM seed_bulk.claims WHERE run_id = $1", [runId]);
  return new Set(rows.map(({ step }) => step));
}
