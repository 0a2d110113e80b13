import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { inheritDeferred, recordDeferred } from "../../ledger/deferred.js";
import { type OwnObject, ownObjects } from "../../ledger/objects.js";
import { setRunState } from "../../ledger/runs.js";
import { type Entity, storedColumns, tableColumns } from "../../model/entity.js";
import { createStatements } from "../../postgres/ddl.js";
import { NAME_BYTES_MAX, quoteIdentifier } from "../../postgres/identifiers.js";
import { indexNames } from "../schedule/finishing-steps.js";
import { dropObjects, dropRunsOf, takeOffKeys } from "./drop-objects.js";

/** The comment that marks a schema as ours. */
export const SCHEMA_MARK = "made by seed-bulk";

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
  await client.query(createStatements(schema, entities, { unlogged, typesThere, isSchemaThere: !isNew }).join(";\n"));
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
  for (const runId of await inheritDeferred(client, { ...run, anew: [...names] })) {
    await setRunState(client, runId, "replaced");
  }
  await recordDeferred(client, run, await takeOffKeys(client, going, staying));
  await dropObjects(client, going);
  return staying;
}

/** @throws SeedBulkError SB_SCENARIO_INVALID */
function refuseLongNames(schema: string, entities: readonly Entity[]): void {
  const names = [
    ["schema", schema],
    ...entities.flatMap((entity) => [
      ["table", entity.name],
      ...tableColumns(entity).map(([column]) => [`column of ${entity.name}`, column]),
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
      "LEFT JOIN seed_bulk.runs r ON r.run_id = o.run_id " +
      "WHERE n.nspname = $1 AND (f.name = ANY ($2) OR (f.kind = 'table' AND f.name = ANY ($3))) ORDER BY 1",
    [
      schema,
      [...entities.map(({ name }) => name), ...enumNames(entities).filter((name) => !typesThere.includes(name))],
      // Made when all rows are loaded: a name that is taken must not wait until then. Types may have the same.
      entities.flatMap(indexNames),
    ],
  );
  if (rows.length === 0) return;
  const owner = rows.find(({ runId }) => runId !== null);
  const isOurs = owner !== undefined && !replace;
  const found = rows.flatMap(({ name, runId }) => (isOurs && runId === null ? [] : [name])).join(", ");
  if (!isOurs) {
    throw new SeedBulkError(
      "SB_TABLE_EXISTS",
      `the schema "${schema}" has tables, types or indexes that seed-bulk did not make: ${found}`,
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
