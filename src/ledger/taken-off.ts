import type pg from "pg";

/** What a run has taken off a table that was there before, and the statement that puts it back; or what follows a load. */
export interface TakenOff {
  readonly phase: string;
  readonly name: string;
  readonly entity: string;
  readonly sql: string;
}

/** Records what a run takes off, in the transaction that does it: whatever ends the run, this is what is owed. */
export async function recordTakenOff(client: pg.Client, runId: string, all: readonly TakenOff[]): Promise<void> {
  await client.query(
    "INSERT INTO seed_bulk.taken_off (run_id, position, phase, step, entity, statement) " +
      "SELECT $1::uuid, t.position, t.phase, t.step, t.entity, t.statement " +
      "FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS t(phase, step, entity, statement, position)",
    [
      runId,
      all.map(({ phase }) => phase),
      all.map(({ name }) => name),
      all.map(({ entity }) => entity),
      all.map(({ sql }) => sql),
    ],
  );
}

/** What a run has taken off, in the order of its recording. */
export async function takenOff(client: pg.Client, runId: string): Promise<TakenOff[]> {
  const { rows } = await client.query<TakenOff>(
    "SELECT phase, step AS name, entity, statement AS sql FROM seed_bulk.taken_off WHERE run_id = $1 ORDER BY position",
    [runId],
  );
  return rows;
}
