import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import type { DeferredKey } from "../../ledger/deferred.js";
import { type OwnObject, ownObjects } from "../../ledger/objects.js";
import { setRunState } from "../../ledger/runs.js";
import { qualified, quoteIdentifier } from "../../postgres/identifiers.js";

/** How long a drop waits for sessions that use a table. */
const LOCK_SECONDS_MAX = 30;

/** Drops what runs made in a schema, and nothing else; returns the names of what was dropped. */
export async function dropRunsOf(client: pg.Client, schema: string): Promise<string[]> {
  // A run that fills tables which were there made none of them, and may owe them what it took off.
  const objects = (await ownObjects(client, { schema })).filter(({ kind }) => kind !== "filled");
  await dropObjects(client, objects);
  for (const runId of new Set(objects.map((object) => object.runId))) await setRunState(client, runId, "replaced");
  return objects.map(({ kind, name }) => `${kind} ${name}`);
}

/**
 * Drops tables, then the types they used, in the caller's transaction. Nothing else goes with them but what hangs on
 * the tables themselves: indexes, triggers, sequences of their columns.
 * @throws SeedBulkError SB_REFUSED where something of the user's depends on them or they are another role's,
 *   SB_RUN_BUSY where other sessions use them
 */
export async function dropObjects(client: pg.Client, objects: readonly OwnObject[]): Promise<void> {
  const tables = objects.filter(({ kind }) => kind === "table");
  const types = objects.filter(({ kind }) => kind === "type");
  try {
    await client.query(`SET LOCAL lock_timeout = '${LOCK_SECONDS_MAX}s'`);
    if (tables.length > 0) {
      const own = await ownObjects(client);
      const dropped = new Set(tables.map(({ oid }) => oid));
      await takeOffKeys(
        client,
        tables,
        own.filter(({ oid }) => !dropped.has(oid)),
      );
      // A table that somebody replaces while we wait for its lock has the same name and is not ours.
      await client.query(`LOCK TABLE ${namesOf(tables)} IN ACCESS EXCLUSIVE MODE`);
      await requireSame(client, tables);
      await client.query(`DROP TABLE ${namesOf(tables)}`);
    }
    if (types.length > 0) await client.query(`DROP TYPE ${namesOf(types)}`);
    await client.query("SET LOCAL lock_timeout = 0");
  } catch (cause) {
    throw dropError(cause);
  }
}

function namesOf(objects: readonly OwnObject[]): string {
  return objects.map(({ schema, name }) => qualified(schema, name)).join(", ");
}

async function requireSame(client: pg.Client, tables: readonly OwnObject[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT name FROM unnest($1::text[], $2::int8[]) AS t(name, oid) WHERE to_regclass(name)::oid::int8 IS DISTINCT FROM oid",
    [tables.map(({ schema, name }) => qualified(schema, name)), tables.map(({ oid }) => oid)],
  );
  if (rows.length === 0) return;
  throw new SeedBulkError(
    "SB_RUN_BUSY",
    `somebody else made these tables anew: ${rows.map((r) => r.name).join(", ")}`,
    {
      hint: "Nothing was dropped. Try again.",
    },
  );
}

/** What Postgres says of a drop, as an error of ours; its detail names every object that is in the way. */
function dropError(cause: unknown): unknown {
  const { code, message, detail } = cause as { code?: string; message: string; detail?: string };
  switch (code) {
    case "2BP01":
      return new SeedBulkError(
        "SB_REFUSED",
        `something that seed-bulk did not make depends on its tables:\n${detail}`,
        {
          cause,
          hint: "Nothing was dropped. Drop these yourself first.",
        },
      );
    case "42501":
      return new SeedBulkError("SB_REFUSED", `the tables belong to another role: ${message}`, {
        cause,
        hint: "Nothing was dropped. Connect as the role that loaded them.",
      });
    case "55P03":
    case "42P01":
    case "40P01":
      return new SeedBulkError("SB_RUN_BUSY", `other sessions use the tables: ${message}`, {
        cause,
        hint: "Nothing was dropped. End those sessions (pg_stat_activity shows them) and try again.",
      });
    default:
      return cause;
  }
}

/** Takes off the foreign keys by which tables of ours that stay refer to tables that go. */
export async function takeOffKeys(
  client: pg.Client,
  going: readonly OwnObject[],
  staying: readonly OwnObject[],
): Promise<DeferredKey[]> {
  const oids = (objects: readonly OwnObject[]): number[] =>
    objects.filter(({ kind }) => kind === "table").map(({ oid }) => oid);
  const { rows } = await client.query<DeferredKey & { schema: string }>(
    "SELECT n.nspname AS schema, c.relname AS table, o.conname AS name, pg_get_constraintdef(o.oid) AS definition " +
      "FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace " +
      "WHERE o.contype = 'f' AND o.confrelid::int8 = ANY ($1) AND o.conrelid::int8 = ANY ($2) ORDER BY 1, 2, 3",
    [oids(going), oids(staying)],
  );
  for (const { schema, table, name } of rows) {
    await client.query(`ALTER TABLE ${qualified(schema, table)} DROP CONSTRAINT ${quoteIdentifier(name)}`);
  }
  return rows;
}
