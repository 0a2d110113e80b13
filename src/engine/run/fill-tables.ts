import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { recordTakenOff, type TakenOff } from "../../ledger/taken-off.js";
import { type Entity, placeOf, storedColumns } from "../../model/entity.js";
import { ownRows, tableName } from "../../postgres/ddl.js";
import { removables, sequenceSteps } from "../../postgres/definitions.js";
import { qualified } from "../../postgres/identifiers.js";

/** From this many rows on, building a table's indexes and keys afterwards costs less than keeping them row by row. */
const LARGE_ROWS = 5000;

/** How long taking something off waits for sessions that use a table. */
const LOCK_SECONDS_MAX = 30;

/**
 * Makes tables that were there before ready for a load, and records what that takes off them, in the caller's
 * transaction: foreign keys and triggers, and of large tables indexes and keys. Nothing goes without its definition
 * being in the ledger.
 * @throws SeedBulkError SB_TABLE_MISSING, SB_TABLE_EXISTS where one of them holds rows, SB_REFUSED for a role that does
 *   not own them, SB_RUN_BUSY where other sessions use them
 */
export async function fillTables(
  client: pg.Client,
  options: {
    readonly runId: string;
    readonly schema: string;
    readonly entities: readonly Entity[];
    readonly rowsOf: (entity: string) => number;
    readonly keepIndexes: boolean;
    readonly triggers: boolean;
  },
): Promise<void> {
  const { runId, schema, entities, rowsOf } = options;
  const tables = await tablesThere(client, schema, entities);
  await refuseFilled(client, schema, entities);
  await client.query(
    "INSERT INTO seed_bulk.objects (run_id, kind, object_oid, schema_name, object_name) " +
      "SELECT $1::uuid, 'filled', c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " +
      "WHERE c.oid::int8 = ANY ($2)",
    [runId, [...tables.keys()]],
  );
  const large = options.keepIndexes ? [] : [...tables].filter(([, { name }]) => rowsOf(name) >= LARGE_ROWS);
  // So that every name is told, and taken, with its schema.
  await client.query("SET LOCAL search_path = pg_catalog");
  await client.query(`SET LOCAL lock_timeout = '${LOCK_SECONDS_MAX}s'`);
  const oids = [...tables.keys()];
  const all = await removables(client, {
    tables: oids,
    large: large.map(([oid]) => oid),
    triggers: !options.triggers,
  });
  const entityOf = (oid: number): string => tables.get(oid)!.name;
  const steps: TakenOff[] = [
    ...all.map(({ tableOid, phase, name, putBack }) => ({
      phase,
      name,
      entity: entityOf(tableOid),
      tableOid,
      sql: putBack,
    })),
    ...(await sequenceSteps(client, oids)).map(({ tableOid, name, sql }) => ({
      phase: "sequences",
      name,
      entity: entityOf(tableOid),
      tableOid,
      sql,
    })),
    ...[...tables].map(([tableOid, entity]) => ({
      phase: "statistics",
      name: `analyze ${entity.name}`,
      entity: entity.name,
      tableOid,
      sql: `ANALYZE ${tableName(schema, entity)}`,
    })),
  ];
  await recordTakenOff(client, runId, steps);
  const statements = all.flatMap(({ takeOff }) => takeOff ?? []);
  try {
    // One message: thousands of statements would wait for thousands of answers.
    if (statements.length > 0) await client.query(statements.join(";\n"));
  } catch (cause) {
    throw refusalOf(cause);
  }
  await client.query("SET LOCAL lock_timeout = 0");
}

/** The entities' tables by their OIDs. @throws SeedBulkError SB_TABLE_MISSING */
async function tablesThere(
  client: pg.Client,
  schema: string,
  entities: readonly Entity[],
): Promise<ReadonlyMap<number, Entity>> {
  const places = entities.map((entity) => placeOf(entity, schema));
  const { rows } = await client.query<{ at: number; oid: number; columns: readonly string[] }>(
    "SELECT w.at::int4 AS at, c.oid::int8::float8 AS oid, (SELECT array_agg(a.attname::text) FROM pg_attribute a " +
      "WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns " +
      "FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(schema, name, at) " +
      "JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name " +
      "WHERE c.relkind IN ('r', 'p')",
    [places.map((place) => place.schema), places.map(({ name }) => name)],
  );
  const found = new Map(rows.map((row) => [row.at - 1, row]));
  const problems = entities.flatMap((entity, at) => {
    const there = found.get(at);
    const named = qualified(places[at].schema, places[at].name);
    if (there === undefined) return [`${named} is not there`];
    const missing = storedColumns(entity).flatMap(([column]) => (there.columns?.includes(column) ? [] : [column]));
    return missing.length === 0 ? [] : [`${named} has no column ${missing.join(", ")}`];
  });
  if (problems.length === 0) return new Map([...found].map(([at, { oid }]) => [oid, entities[at]]));
  throw new SeedBulkError(
    "SB_TABLE_MISSING",
    `the model fills tables that the database has not: ${problems.join("; ")}`,
    {
      hint: "Nothing was written. Make the tables first, or write the model anew with `seed-bulk introspect`.",
    },
  );
}

/** @throws SeedBulkError SB_TABLE_EXISTS where a table holds rows */
async function refuseFilled(client: pg.Client, schema: string, entities: readonly Entity[]): Promise<void> {
  const asked = entities.map((entity, at) => `(${at}, EXISTS (SELECT FROM ${ownRows(schema, entity)}))`);
  const { rows } = await client.query<{ at: number }>(
    `SELECT at FROM (VALUES ${asked.join(", ")}) AS t(at, filled) WHERE filled ORDER BY at`,
  );
  if (rows.length === 0) return;
  const names = rows.map(({ at }) => tableName(schema, entities[at]));
  throw new SeedBulkError("SB_TABLE_EXISTS", `these tables hold rows already: ${names.join(", ")}`, {
    hint: "Nothing was written. Empty them yourself, or write the model anew with `seed-bulk introspect`, which keeps their rows.",
  });
}

function refusalOf(cause: unknown): unknown {
  const { code, message } = cause as { code?: string; message: string };
  if (code === "42501") {
    return new SeedBulkError("SB_REFUSED", `the tables belong to another role: ${message}`, {
      cause,
      hint: "Nothing was changed. Connect as the role that owns the tables.",
    });
  }
  if (code === "55P03" || code === "40P01") {
    return new SeedBulkError("SB_RUN_BUSY", `other sessions use the tables: ${message}`, {
      cause,
      hint: "Nothing was changed. End those sessions (pg_stat_activity shows them) and try again.",
    });
  }
  return cause;
}
