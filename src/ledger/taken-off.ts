import type pg from "pg";

/** What a run has taken off a table that was there before, and the statement that puts it back; or what follows a load. */
export interface TakenOff {
  readonly phase: string;
  readonly name: string;
  readonly entity: string;
  readonly tableOid: number;
  readonly sql: string;
}

/** Records what a run takes off, in the transaction that does it: whatever ends the run, this is what is owed. */
export async function recordTakenOff(client: pg.Client, runId: string, all: readonly TakenOff[]): Promise<void> {
  await client.query(
    "INSERT INTO seed_bulk.taken_off (run_id, position, phase, step, entity, table_oid, statement) " +
      "SELECT $1::uuid, t.position, t.phase, t.step, t.entity, t.table_oid, t.statement " +
      "FROM unnest($2::text[], $3::text[], $4::text[], $5::oid[], $6::text[]) WITH ORDINALITY AS t(phase, step, entity, table_oid, statement, position)",
    [
      runId,
      all.map(({ phase }) => phase),
      all.map(({ name }) => name),
      all.map(({ entity }) => entity),
      all.map(({ tableOid }) => tableOid),
      all.map(({ sql }) => sql),
    ],
  );
}

/** What a run has taken off, in the order of its recording. */
export async function takenOff(client: pg.Client, runId: string): Promise<TakenOff[]> {
  const { rows } = await client.query<TakenOff>(
    'SELECT phase, step AS name, entity, table_oid::int8::float8 AS "tableOid", statement AS sql ' +
      "FROM seed_bulk.taken_off WHERE run_id = $1 ORDER BY position",
    [runId],
  );
  return rows;
}

/** How many rows a run has committed, by the OID of the table that they are in. */
export async function rowsCommitted(client: pg.Client, runId: string): Promise<ReadonlyMap<number, number>> {
  const { rows } = await client.query<{ oid: number; rows: number }>(
    "SELECT t.table_oid::int8::float8 AS oid, sum(s.row_end - s.row_start)::float8 AS rows FROM seed_bulk.shards s " +
      "JOIN (SELECT DISTINCT entity, table_oid FROM seed_bulk.taken_off WHERE run_id = $1) t USING (entity) " +
      "WHERE s.run_id = $1 GROUP BY 1",
    [runId],
  );
  return new Map(rows.map((row) => [row.oid, row.rows]));
}

/** Forgets what a run has taken off, once all of it is put back. */
export async function forgetTakenOff(client: pg.Client, runId: string): Promise<void> {
  await client.query("DELETE FROM seed_bulk.taken_off WHERE run_id = $1", [runId]);
}
