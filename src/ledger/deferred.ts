import type pg from "pg";

/** A foreign key of a table that stays, taken off while a run makes the table anew that it refers to. */
export interface DeferredKey {
  readonly table: string;
  readonly name: string;
  /** As Postgres writes it: `FOREIGN KEY (…) REFERENCES …`. */
  readonly definition: string;
}

/** Records keys that a run takes off, in the transaction that does it. */
export async function recordDeferred(
  client: pg.Client,
  run: { readonly runId: string; readonly schema: string },
  keys: readonly DeferredKey[],
): Promise<void> {
  for (const { table, name, definition } of keys) {
    await client.query("INSERT INTO seed_bulk.deferred VALUES ($1, $2, $3, $4, $5)", [
      run.runId,
      run.schema,
      table,
      name,
      definition,
    ]);
  }
}

/**
 * Takes over the keys that unfinished runs of a schema have taken off and not put back: whoever makes their tables anew
 * has to. Keys of tables that are made anew themselves come with them.
 * @returns the runs that are replaced by that
 */
export async function inheritDeferred(
  client: pg.Client,
  run: { readonly runId: string; readonly schema: string; readonly anew: readonly string[] },
): Promise<string[]> {
  const { runId, schema, anew } = run;
  const { rows } = await client.query<{ runId: string }>(
    "SELECT run_id AS \"runId\" FROM seed_bulk.runs WHERE schema_name = $1 AND run_id <> $2 AND state IN ('loading', 'finishing', 'stopped')",
    [schema, runId],
  );
  const unfinished = rows.map((row) => row.runId);
  await client.query("DELETE FROM seed_bulk.deferred WHERE run_id = ANY ($1) AND table_name = ANY ($2)", [
    unfinished,
    anew,
  ]);
  await client.query("UPDATE seed_bulk.deferred SET run_id = $1 WHERE run_id = ANY ($2)", [runId, unfinished]);
  return unfinished;
}

/** The keys that a run has taken off and has to put back. */
export async function deferredKeys(client: pg.Client, runId: string): Promise<DeferredKey[]> {
  const { rows } = await client.query<DeferredKey>(
    "SELECT table_name AS table, constraint_name AS name, definition FROM seed_bulk.deferred WHERE run_id = $1 ORDER BY 1, 2",
    [runId],
  );
  return rows;
}
