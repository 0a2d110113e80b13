import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import type { Entity } from "../model/entity.js";
import { createStatements } from "../postgres/ddl.js";
import { qualified, quoteIdentifier } from "../postgres/identifiers.js";
import { setRunState } from "../postgres/ledger.js";

/** The comment that marks a schema as ours. */
const SCHEMA_MARK = "made by seed-bulk";

/** A table, an enum type or a schema that a run made. */
interface OwnObject {
  readonly runId: string;
  readonly kind: "table" | "type" | "schema";
  readonly schema: string;
  readonly name: string;
}

/**
 * Makes a run's schema, types and tables and records that it made them, in the caller's transaction.
 * @param replace drop what earlier runs made under the same names
 * @throws SeedBulkError SB_TABLE_EXISTS
 */
export async function makeTables(
  client: pg.Client,
  options: {
    readonly runId: string;
    readonly schema: string;
    readonly entities: readonly Entity[];
    readonly unlogged: boolean;
    readonly replace: boolean;
  },
): Promise<void> {
  const { runId, schema, entities, unlogged, replace } = options;
  const isNew = !(await schemaExists(client, schema));
  if (replace) await dropRunsOf(client, schema);
  await refuseExisting(client, schema, entities, replace);
  for (const sql of createStatements(schema, entities, { unlogged })) await client.query(sql);
  if (isNew) await client.query(`COMMENT ON SCHEMA ${quoteIdentifier(schema)} IS '${SCHEMA_MARK}'`);
  await client.query(
    "INSERT INTO seed_bulk.objects (run_id, kind, object_oid, schema_name, object_name) " +
      "SELECT $1::uuid, 'table', c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " +
      "WHERE n.nspname = $2 AND c.relkind = 'r' AND c.relname = ANY ($3) " +
      "UNION ALL SELECT $1::uuid, 'type', t.oid, n.nspname, t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace " +
      "WHERE n.nspname = $2 AND t.typtype = 'e' AND t.typname = ANY ($4) " +
      "UNION ALL SELECT $1::uuid, 'schema', n.oid, n.nspname, n.nspname FROM pg_namespace n WHERE n.nspname = $2 AND $5",
    [runId, schema, entities.map(({ name }) => name), enumNames(entities), isNew],
  );
}

/** Drops what runs made in a schema, and nothing else; returns the names of what was dropped. */
export async function dropRunsOf(client: pg.Client, schema: string): Promise<string[]> {
  const objects = await ownObjects(client, { schema });
  await dropObjects(client, objects);
  for (const runId of new Set(objects.map((object) => object.runId))) await setRunState(client, runId, "replaced");
  return objects.map(({ kind, name }) => `${kind} ${name}`);
}

/**
 * What runs made and is still there: an object that was dropped and made again by somebody else has another OID.
 * @param of all of a schema, or of one run
 */
export async function ownObjects(
  client: pg.Client,
  of: { readonly schema?: string; readonly runId?: string },
): Promise<OwnObject[]> {
  const { rows } = await client.query<OwnObject>(
    'SELECT o.run_id AS "runId", o.kind, n.nspname AS schema, c.relname AS name FROM seed_bulk.objects o ' +
      "JOIN pg_class c ON o.kind = 'table' AND c.oid = o.object_oid JOIN pg_namespace n ON n.oid = c.relnamespace " +
      "WHERE ($1::text IS NULL OR n.nspname = $1) AND ($2::uuid IS NULL OR o.run_id = $2) " +
      'UNION ALL SELECT o.run_id AS "runId", o.kind, n.nspname, t.typname FROM seed_bulk.objects o ' +
      "JOIN pg_type t ON o.kind = 'type' AND t.oid = o.object_oid JOIN pg_namespace n ON n.oid = t.typnamespace " +
      "WHERE ($1::text IS NULL OR n.nspname = $1) AND ($2::uuid IS NULL OR o.run_id = $2) " +
      "ORDER BY 2, 4",
    [of.schema ?? null, of.runId ?? null],
  );
  return rows;
}

/** Drops tables first, then the types they used. Anything of the user's that depends on them is an error, not dropped. */
export async function dropObjects(client: pg.Client, objects: readonly OwnObject[]): Promise<void> {
  const names = (kind: OwnObject["kind"]): string =>
    objects
      .filter((object) => object.kind === kind)
      .map(({ schema, name }) => qualified(schema, name))
      .join(", ");
  if (names("table")) await client.query(`DROP TABLE ${names("table")}`);
  if (names("type")) await client.query(`DROP TYPE ${names("type")}`);
}

async function schemaExists(client: pg.Client, schema: string): Promise<boolean> {
  const { rowCount } = await client.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema]);
  return rowCount === 1;
}

async function refuseExisting(
  client: pg.Client,
  schema: string,
  entities: readonly Entity[],
  replace: boolean,
): Promise<void> {
  const { rows } = await client.query<{ name: string; runId: string | null; scenario: string | null }>(
    'SELECT DISTINCT c.relname AS name, r.run_id AS "runId", r.scenario FROM pg_class c ' +
      "JOIN pg_namespace n ON n.oid = c.relnamespace " +
      "LEFT JOIN seed_bulk.objects o ON o.kind = 'table' AND o.object_oid = c.oid " +
      "LEFT JOIN seed_bulk.runs r ON r.run_id = o.run_id WHERE n.nspname = $1 AND c.relname = ANY ($2) ORDER BY 1",
    [schema, entities.map(({ name }) => name)],
  );
  if (rows.length === 0) return;
  const found = rows.map(({ name }) => name).join(", ");
  const owner = rows.find(({ runId }) => runId !== null);
  if (replace || owner === undefined) {
    throw new SeedBulkError(
      "SB_TABLE_EXISTS",
      `the schema "${schema}" has tables that seed-bulk did not make: ${found}`,
      {
        hint: "Use --schema to load into another schema, or drop these tables yourself.",
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
  return entities.flatMap(({ columns }) =>
    Object.values(columns).flatMap(({ type }) => (type.name === "enum" ? [type.type] : [])),
  );
}
