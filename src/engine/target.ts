import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import { type Entity, storedColumns } from "../model/entity.js";
import { createStatements } from "../postgres/ddl.js";
import { qualified, quoteIdentifier } from "../postgres/identifiers.js";
import { type DeferredKey, recordDeferred, setRunState } from "../postgres/ledger.js";

/** The comment that marks a schema as ours. */
export const SCHEMA_MARK = "made by seed-bulk";

/** Postgres keeps this much of a name and cuts the rest off without an error. */
export const NAME_BYTES_MAX = 63;

/** How long a drop waits for sessions that use a table. */
const LOCK_SECONDS_MAX = 30;

/** A table or an enum type that a run made. */
export interface OwnObject {
  readonly runId: string;
  readonly kind: "table" | "type";
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
}

/**
 * Makes a run's schema, types and tables and records that it made them, in the caller's transaction.
 * @param replace drop what earlier runs made under the same names
 * @throws SeedBulkError SB_TABLE_EXISTS, SB_SCENARIO_INVALID for a name too long, and what `dropObjects` throws
 */
export async function makeTables(
  client: pg.Client,
  options: {
    readonly runId: string;
    readonly schema: string;
    readonly entities: readonly Entity[];
    readonly unlogged: boolean;
    readonly replace: boolean;
    /** Tables of the same plan that stay. */
    readonly beside?: readonly string[];
  },
): Promise<void> {
  const { runId, schema, entities, unlogged, replace, beside = [] } = options;
  refuseLongNames(schema, entities);
  const isNew = !(await schemaExists(client, schema));
  const standing = beside.length > 0 ? await takeOut(client, { runId, schema, entities }) : [];
  if (replace && beside.length === 0) await dropRunsOf(client, schema);
  const typesThere = standing.filter(({ kind }) => kind === "type").map(({ name }) => name);
  await refuseExisting(client, schema, entities, { replace, typesThere });
  // One message: a hundred statements would wait for a hundred answers.
  await client.query(createStatements(schema, entities, { unlogged, typesThere }).join(";\n"));
  if (isNew) await client.query(`COMMENT ON SCHEMA ${quoteIdentifier(schema)} IS '${SCHEMA_MARK}'`);
  await client.query(
    "INSERT INTO seed_bulk.objects (run_id, kind, object_oid, schema_name, object_name) " +
      "SELECT $1::uuid, 'table', c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " +
      "WHERE n.nspname = $2 AND c.relkind = 'r' AND c.relname = ANY ($3) " +
      "UNION ALL SELECT $1::uuid, 'type', t.oid, n.nspname, t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace " +
      "WHERE n.nspname = $2 AND t.typtype = 'e' AND t.typname = ANY ($4) " +
      "UNION ALL SELECT $1::uuid, 'schema', n.oid, n.nspname, n.nspname FROM pg_namespace n WHERE n.nspname = $2 AND $5",
    [
      runId,
      schema,
      entities.map(({ name }) => name),
      enumNames(entities).filter((name) => !typesThere.includes(name)),
      isNew,
    ],
  );
}

/**
 * Drops those tables of a schema that are made anew, and takes the foreign keys off that lead to them from tables
 * which stay; the ledger knows these. Types stay.
 * @returns what stays
 */
async function takeOut(
  client: pg.Client,
  run: { readonly runId: string; readonly schema: string; readonly entities: readonly Entity[] },
): Promise<OwnObject[]> {
  const names = new Set(run.entities.map(({ name }) => name));
  const own = await ownObjects(client, { schema: run.schema });
  const going = own.filter(({ kind, name }) => kind === "table" && names.has(name));
  const staying = own.filter((object) => !going.includes(object));
  await recordDeferred(client, run, await takeOffKeys(client, going, staying));
  await dropObjects(client, going);
  return staying;
}

/** Takes off the foreign keys by which tables of ours that stay refer to tables that go. */
async function takeOffKeys(
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

/** Drops what runs made in a schema, and nothing else; returns the names of what was dropped. */
export async function dropRunsOf(client: pg.Client, schema: string): Promise<string[]> {
  const objects = await ownObjects(client, { schema });
  await dropObjects(client, objects);
  for (const runId of new Set(objects.map((object) => object.runId))) await setRunState(client, runId, "replaced");
  return objects.map(({ kind, name }) => `${kind} ${name}`);
}

/**
 * What runs made and is still there, tables before types. An object is known by its OID and by its name: what somebody
 * has dropped and made again has another OID, in a restored dump the OIDs belong to anything, and what somebody has
 * renamed is theirs.
 * @param of all of a schema, of one run, or of the database
 */
export async function ownObjects(
  client: pg.Client,
  of: { readonly schema?: string; readonly runId?: string } = {},
): Promise<OwnObject[]> {
  const { rows } = await client.query<OwnObject>(
    'SELECT o.run_id AS "runId", o.kind, o.object_oid::int8::float8 AS oid, o.schema_name AS schema, o.object_name AS name ' +
      "FROM seed_bulk.objects o JOIN pg_namespace n ON n.nspname = o.schema_name " +
      "WHERE ($1::text IS NULL OR o.schema_name = $1) AND ($2::uuid IS NULL OR o.run_id = $2) AND (" +
      "o.kind = 'table' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = o.object_oid AND c.relname = o.object_name " +
      "AND c.relnamespace = n.oid AND c.relkind = 'r') OR " +
      "o.kind = 'type' AND EXISTS (SELECT FROM pg_type t WHERE t.oid = o.object_oid AND t.typname = o.object_name " +
      "AND t.typnamespace = n.oid AND t.typtype = 'e')) ORDER BY 2, 4, 5",
    [of.schema ?? null, of.runId ?? null],
  );
  return rows;
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
    await client.query("SET LOCAL lock_timeout TO DEFAULT");
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

/** @throws SeedBulkError SB_SCENARIO_INVALID */
function refuseLongNames(schema: string, entities: readonly Entity[]): void {
  const names = [
    ["schema", schema],
    ...entities.flatMap((entity) => [
      ["table", entity.name],
      ...storedColumns(entity).map(([column]) => [`column of ${entity.name}`, column]),
    ]),
    ...enumNames(entities).map((name) => ["type", name]),
  ];
  for (const [what, name] of names) {
    const bytes = Buffer.byteLength(name);
    if (bytes >= 1 && bytes <= NAME_BYTES_MAX && !name.includes("\0")) continue;
    throw new SeedBulkError(
      "SB_SCENARIO_INVALID",
      `the name of a ${what} has ${bytes} bytes, and Postgres keeps 1 to ${NAME_BYTES_MAX}: ${JSON.stringify(name)}`,
      { hint: "Choose a shorter name; characters beyond ASCII take 2 to 4 bytes each." },
    );
  }
}

async function schemaExists(client: pg.Client, schema: string): Promise<boolean> {
  const { rowCount } = await client.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema]);
  return rowCount === 1;
}

async function refuseExisting(
  client: pg.Client,
  schema: string,
  entities: readonly Entity[],
  { replace, typesThere }: { readonly replace: boolean; readonly typesThere: readonly string[] },
): Promise<void> {
  // Tables and types share their names: every table is a type too.
  const { rows } = await client.query<{ name: string; runId: string | null; scenario: string | null }>(
    'SELECT DISTINCT f.name, r.run_id AS "runId", r.scenario FROM (' +
      "SELECT oid, relname AS name, relnamespace AS namespace, 'table' AS kind FROM pg_class " +
      "UNION ALL SELECT oid, typname, typnamespace, 'type' FROM pg_type WHERE typrelid = 0" +
      ") AS f JOIN pg_namespace n ON n.oid = f.namespace " +
      "LEFT JOIN seed_bulk.objects o ON o.kind = f.kind AND o.object_oid = f.oid AND o.object_name = f.name " +
      "LEFT JOIN seed_bulk.runs r ON r.run_id = o.run_id WHERE n.nspname = $1 AND f.name = ANY ($2) ORDER BY 1",
    [
      schema,
      [...entities.map(({ name }) => name), ...enumNames(entities).filter((name) => !typesThere.includes(name))],
    ],
  );
  if (rows.length === 0) return;
  const found = rows.map(({ name }) => name).join(", ");
  const owner = rows.find(({ runId }) => runId !== null);
  if (replace || owner === undefined) {
    throw new SeedBulkError(
      "SB_TABLE_EXISTS",
      `the schema "${schema}" has tables or types that seed-bulk did not make: ${found}`,
      {
        hint: "Use --schema to load into another schema, or drop these yourself.",
      },
    );
  }
  throw new SeedBulkError(
    "SB_TABLE_EXISTS",
    `the schema "${schema}" already holds the data of run ${owner.runId} (${owner.scenario}): ${found}`,
    { hint: "Use --replace to drop it first, `seed-bulk resume` to finish it, or --schema to load beside it." },
  );
}

function enumNames(entities: readonly Entity[]): string[] {
  const names = entities.flatMap((entity) =>
    storedColumns(entity).flatMap(([, { type }]) => (type.name === "enum" ? [type.type] : [])),
  );
  return [...new Set(names)];
}
