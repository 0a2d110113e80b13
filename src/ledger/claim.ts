import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import { LOCK_CLASS } from "./schema.js";

/**
 * Claims a schema for this session, until it ends: one process at a time writes there.
 * @throws SeedBulkError SB_RUN_BUSY where another one does
 */
export async function claimSchema(client: pg.Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ got: boolean }>("SELECT pg_try_advisory_lock($1, hashtext($2)) AS got", [
    LOCK_CLASS,
    schema,
  ]);
  if (rows[0].got) return;
  throw new SeedBulkError("SB_RUN_BUSY", `another seed-bulk process is at work on the schema "${schema}"`, {
    hint: "Wait for it, or look at it with `seed-bulk status`.",
  });
}

/** The schemas of a list that some process is at work on. Looking, unlike trying the lock, disturbs nobody. */
export async function claimedSchemas(client: pg.Client, schemas: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ schema: string }>(
    "SELECT s AS schema FROM unnest($2::text[]) AS s JOIN pg_locks l ON l.locktype = 'advisory' AND l.granted " +
      "AND l.classid = $1::int8 AND l.objid::int8 = hashtext(s)::int8 & 4294967295 " +
      "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    [LOCK_CLASS, [...new Set(schemas)]],
  );
  return new Set(rows.map(({ schema }) => schema));
}
