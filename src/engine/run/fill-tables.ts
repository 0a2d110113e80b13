import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { FINAL_STATES, GONE_STATES, type RunState } from "../../ledger/runs.js";
import { recordTakenOff, type TakenOff } from "../../ledger/taken-off.js";
import { type Entity, placeOf, storedColumns } from "../../model/entity.js";
import { ownRows, tableName } from "../../postgres/ddl.js";
import { removables, sequenceSteps } from "../../postgres/definitions.js";
import { qualified, quoteIdentifier } from "../../postgres/identifiers.js";
import { emptyTables, replaceRun } from "./empty-filled.js";
import { loadingSteps } from "./load-in-order.js";

/** From this many rows on, building a table's indexes and keys afterwards costs less than keeping them row by row. */
const LARGE_ROWS = 1000;

/** How long taking something off waits for sessions that use a table. */
const LOCK_SECONDS_MAX = 30;

/**
 * Makes tables that were there before ready for a load, and records what that takes off them, in the caller's
 * transaction: foreign keys and triggers, and of large tables indexes and keys. Nothing goes without its definition
 * being in the ledger. For a role that does not own them all nothing is taken off.
 * @throws SeedBulkError SB_TABLE_MISSING, SB_TABLE_EXISTS where one of them holds rows, SB_REFUSED where tables of
 *   another role refer to each other around in a circle, SB_RUN_BUSY where other sessions use them
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
    /** Take out the rows that the tables hold. */
    readonly truncate: boolean;
  },
): Promise<void> {
  const { runId, schema, entities, rowsOf } = options;
  const tables = await tablesThere(client, schema, entities);
  const earlier = await runsThatFilled(client, [...tables.keys()]);
  if (options.truncate) {
    await emptyTables(
      client,
      [...tables].map(([oid, entity]) => ({ oid, ...placeOf(entity, schema) })),
    );
    for (const run of earlier) await replaceRun(client, run.runId);
  } else refuseUnfinished(earlier);
  await refuseFilled(
    client,
    schema,
    options.truncate ? entities : entities.filter(({ rowsBefore }) => rowsBefore === 0),
  );
  if (!options.truncate) for (const entity of entities) await refuseGrown(client, schema, entity);
  await client.query(
    "INSERT INTO seed_bulk.objects (run_id, kind, object_oid, schema_name, object_name) " +
      "SELECT $1::uuid, 'filled', c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " +
      "WHERE c.oid::int8 = ANY ($2)",
    [runId, [...tables.keys()]],
  );
  // Where more rows stay than come, their indexes would be built over again for few.
  const isLarge = ({ name, rowsBefore }: Entity): boolean =>
    rowsOf(name) >= LARGE_ROWS && (options.truncate || rowsOf(name) > rowsBefore);
  const large = options.keepIndexes ? [] : [...tables].filter(([, entity]) => isLarge(entity));
  // So that every name is told, and taken, with its schema.
  await client.query("SET LOCAL search_path = pg_catalog");
  await client.query(`SET LOCAL lock_timeout = '${LOCK_SECONDS_MAX}s'`);
  const oids = [...tables.keys()];
  await refuseSecured(client, oids);
  const isOwner = await ownsAll(client, oids);
  // Another role's tables are filled as they are, each after those that it refers to.
  if (!isOwner) loadingSteps(entities);
  const wanted = { tables: oids, large: large.map(([oid]) => oid), triggers: !options.triggers };
  const all = isOwner ? await removables(client, wanted) : [];
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
    ...(isOwner ? [...tables] : []).map(([tableOid, entity]) => ({
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

/** @throws SeedBulkError SB_REFUSED where row security applies to the role: Postgres then takes no COPY */
async function refuseSecured(client: pg.Client, oids: readonly number[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT oid::regclass::text AS name FROM pg_class WHERE oid::int8 = ANY ($1) AND row_security_active(oid) ORDER BY 1",
    [oids],
  );
  if (rows.length === 0) return;
  throw new SeedBulkError(
    "SB_REFUSED",
    `row security applies to this role on ${rows.map(({ name }) => name).join(", ")}, and Postgres then takes no COPY`,
    {
      hint: "Nothing was changed. Connect as a role with BYPASSRLS, or as the owner where the tables do not FORCE it.",
    },
  );
}

async function ownsAll(client: pg.Client, oids: readonly number[]): Promise<boolean> {
  const { rows } = await client.query<{ all: boolean }>(
    "SELECT bool_and(pg_has_role(relowner, 'USAGE')) AS all FROM pg_class WHERE oid::int8 = ANY ($1)",
    [oids],
  );
  return rows[0].all;
}

/** A run that filled some of the tables before, and whose rows may be there. */
interface EarlierRun {
  readonly runId: string;
  readonly state: RunState;
}

async function runsThatFilled(client: pg.Client, oids: readonly number[]): Promise<EarlierRun[]> {
  const { rows } = await client.query<EarlierRun>(
    'SELECT DISTINCT r.run_id AS "runId", r.state FROM seed_bulk.objects o JOIN seed_bulk.runs r USING (run_id) ' +
      "WHERE o.kind = 'filled' AND o.object_oid::int8 = ANY ($1)",
    [oids],
  );
  return rows.filter(({ state }) => !GONE_STATES.has(state));
}

/** @throws SeedBulkError SB_REFUSED where a run has taken something off the tables that is not back yet */
function refuseUnfinished(earlier: readonly EarlierRun[]): void {
  const unfinished = earlier.find(({ state }) => !FINAL_STATES.has(state));
  if (unfinished === undefined) return;
  throw new SeedBulkError("SB_REFUSED", `run ${unfinished.runId} fills these tables, and is not finished`, {
    hint: "Nothing was changed. `seed-bulk resume` finishes it, `seed-bulk cleanup` takes its rows out and puts back what it took off.",
  });
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
  const names = await filledTables(client, schema, entities);
  if (names.length === 0) return;
  throw new SeedBulkError("SB_TABLE_EXISTS", `these tables hold rows already: ${names.join(", ")}`, {
    hint: "Nothing was written. --truncate takes these rows out first; a model written anew by `seed-bulk introspect` keeps them.",
  });
}

/**
 * Rows that are added go behind those that were there when the model was written: where there are more by now, they would
 * have the numbers of these.
 * @throws SeedBulkError SB_RUN_CHANGED
 */
async function refuseGrown(client: pg.Client, schema: string, entity: Entity): Promise<void> {
  const { rowsBefore, firstId } = entity;
  if (rowsBefore === 0) return;
  const counted = storedColumns(entity).filter(([name, { rowId }]) => rowId && entity.primaryKey.includes(name));
  const beyond = counted.map(([name]) => `count(*) FILTER (WHERE ${quoteIdentifier(name)} >= ${firstId}) > 0`);
  const grown = [`count(*) > ${rowsBefore}`, ...beyond].join(" OR ");
  const { rows } = await client.query<{ grown: boolean }>(`SELECT ${grown} AS grown FROM ${ownRows(schema, entity)}`);
  if (!rows[0].grown) return;
  throw new SeedBulkError(
    "SB_RUN_CHANGED",
    `${tableName(schema, entity)} holds other rows than when the model was written, which puts its own behind ${rowsBefore}`,
    { hint: "Nothing was written. Write the model anew with `seed-bulk introspect --append`." },
  );
}

/** The entities' tables that hold rows. */
export async function filledTables(client: pg.Client, schema: string, entities: readonly Entity[]): Promise<string[]> {
  if (entities.length === 0) return [];
  const asked = entities.map((entity, at) => `(${at}, EXISTS (SELECT FROM ${ownRows(schema, entity)}))`);
  const { rows } = await client.query<{ at: number }>(
    `SELECT at FROM (VALUES ${asked.join(", ")}) AS t(at, filled) WHERE filled ORDER BY at`,
  );
  return rows.map(({ at }) => tableName(schema, entities[at]));
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
