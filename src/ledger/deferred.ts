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

/** The keys that a run has taken off and has to put back. */
export async function deferredKeys(client: pg.Client, runId: string): Promise<DeferredKey[]> {
  const { rows } = await client.query<DeferredKey>(
    "SELECT table_name AS table, constraint_name AS name, definition FROM seed_bulk.deferred WHERE run_id = $1 ORDER BY 1, 2",
    [runId],
  );
  return rows;
}
