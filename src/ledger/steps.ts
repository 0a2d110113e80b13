import type pg from "pg";

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

/** Records a finishing step, in the transaction that did it. */
export async function recordStep(client: pg.Client, runId: string, step: StepRecord, seconds: number): Promise<void> {
  await client.query(
    "INSERT INTO seed_bulk.steps (run_id, step, phase, entity, statement, seconds) VALUES ($1, $2, $3, $4, $5, $6)",
    [runId, step.name, step.phase, step.entity, step.sql, seconds],
  );
}
