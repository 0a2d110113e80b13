import type pg from "pg";
import { type Lease, leaseHeld, leaseLost } from "./lease.js";

/** What is recorded of a finishing step. */
export interface StepRecord {
  readonly name: string;
  readonly phase: string;
  readonly entity: string;
  readonly sql: string;
}

/** The finishing steps of a run that are done, by name. */
export async function finishedSteps(client: pg.Client, runId: string): Promise<Set<string>> {
  const { rows } = await client.query<{ step: string }>("SELECT step FROM seed_bulk.steps WHERE run_id = $1", [runId]);
  return new Set(rows.map(({ step }) => step));
}

/**
 * Records a finishing step, in the transaction that did it.
 * @throws SeedBulkError SB_LEASE_LOST
 */
export async function recordStep(
  client: pg.Client,
  { runId, lease }: { readonly runId: string; readonly lease: Lease },
  step: StepRecord,
  seconds: number,
): Promise<void> {
  const held = leaseHeld(lease, 7);
  const { rowCount } = await client.query(
    `WITH held AS (${held.text}) ` +
      "INSERT INTO seed_bulk.steps (run_id, step, phase, entity, statement, seconds) " +
      "SELECT $1::uuid, $2::text, $3::text, $4::text, $5::text, $6::float8 FROM held",
    [runId, step.name, step.phase, step.entity, step.sql, seconds, ...held.values],
  );
  if (rowCount !== 1) throw leaseLost(lease);
}
