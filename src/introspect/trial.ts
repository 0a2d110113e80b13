import type pg from "pg";
import { ChunkBuffers, entityWriter } from "../engine/threads/entity-writer.js";
import { type Entity, storedColumns } from "../model/entity.js";
import type { Universe } from "../model/universe.js";
import { inTransaction } from "../postgres/connection.js";
import { copyRows } from "../postgres/copy-sink.js";
import { withColumn } from "../postgres/domain-condition.js";
import { qualified, quoteIdentifier } from "../postgres/identifiers.js";
import { literalForms } from "../postgres/literals.js";
import { acceptedOf, type NamedCondition, TRIED } from "./accepted-values.js";
import type { CatalogTable } from "./catalog.js";
import type { InsertTrigger, Surroundings } from "./surroundings.js";
import { tryTriggers } from "./trial-triggers.js";

/** Rows of each table that are tried. */
const ROWS_TRIED = 4000;

/** How long the server may think about the conditions of one table. */
const STATEMENT_SECONDS_MAX = 30;

/** What a condition or a key of a table has against its rows. */
export interface Objection {
  /** The constraint, as it is called. */
  readonly name: string;
  readonly kind: "check" | "key" | "exclusion" | "type";
  /** What Postgres says, or the condition's own text. */
  readonly text: string;
  /** The columns that it is about. */
  readonly columns: readonly string[];
  /** A row that is refused, as Postgres prints it. */
  readonly row?: string;
}

/** What came of trying a table. */
export interface Trial {
  readonly table: CatalogTable;
  readonly objections: readonly Objection[];
  /** What its triggers would have done to the rows; undefined where that is nothing. */
  readonly triggered?: string;
  /** Values of some columns together that all conditions on them take, as Postgres prints them. */
  readonly accepted: (columns: readonly string[]) => Promise<readonly (readonly (string | null)[])[]>;
}

/** Tables and what the model calls them, and the triggers on them by OID. */
export interface TablesToTry {
  readonly tables: readonly (readonly [CatalogTable, string])[];
  readonly triggers: Surroundings["triggers"];
  /** Tables that hold rows, and get more of them. */
  readonly added: ReadonlyMap<number, number>;
}

/**
 * Puts rows of each table into a temporary one without its conditions, and asks the server what these have against them.
 * Whatever it does is rolled back; tables of the database are read by nobody.
 */
export async function tryTables(
  client: pg.Client,
  universe: Universe,
  { tables, triggers, added }: TablesToTry,
  judge: (trial: Trial) => Promise<void>,
): Promise<void> {
  const buffers = new ChunkBuffers();
  await inTransactionRolledBack(client, async () => {
    universe.literals = await literalForms(client, universe.entities);
    for (const [table, name] of tables) {
      await client.query("SAVEPOINT before_table");
      const trying = {
        universe,
        buffers,
        table,
        entity: universe.entity(name),
        triggers: triggers.get(table.oid) ?? [],
        isAdded: added.has(table.oid),
      };
      await judge(await tryTable(client, trying));
      await client.query("ROLLBACK TO SAVEPOINT before_table");
    }
  });
}

async function inTransactionRolledBack(client: pg.Client, work: () => Promise<void>): Promise<void> {
  const undone = new Error("rolled back");
  await inTransaction(client, async () => {
    await client.query(`SET LOCAL statement_timeout = '${STATEMENT_SECONDS_MAX}s'`);
    await work();
    throw undone;
  }).catch((error: unknown) => {
    if (error !== undone) throw error;
  });
}

interface Trying {
  readonly universe: Universe;
  readonly buffers: ChunkBuffers;
  readonly table: CatalogTable;
  readonly entity: Entity;
  readonly triggers: readonly InsertTrigger[];
  readonly isAdded: boolean;
}

async function tryTable(client: pg.Client, trying: Trying): Promise<Trial> {
  const { table } = trying;
  const conditions = conditionsOf(table);
  const accepted = (columns: readonly string[]): Promise<(string | null)[][]> =>
    acceptedOf(client, [...conditions, ...requiredColumns(table)], columns);
  const refused = await fill(client, trying);
  if (refused !== undefined) return { table, objections: [refused], accepted };
  const objections: Objection[] = [];
  for (const condition of conditions) {
    const row = await refusedRow(client, condition.expression);
    if (row !== undefined) {
      objections.push({
        name: condition.name,
        kind: "check",
        text: condition.expression,
        columns: condition.columns,
        row,
      });
    }
  }
  if (trying.isAdded) await joinByRowsThere(client, table);
  for (const key of table.keys) {
    const text = await refusal(
      client,
      key.definition.replace(/^(CREATE UNIQUE INDEX) .*? ON .*? USING /s, `$1 ON pg_temp.${TRIED} USING `),
    );
    if (text !== undefined) objections.push({ name: key.name, kind: "key", text, columns: key.columns });
  }
  for (const { name, columns, definition } of table.exclusions) {
    const text = await refusal(client, `ALTER TABLE pg_temp.${TRIED} ADD ${definition}`);
    if (text !== undefined) objections.push({ name, kind: "exclusion", text, columns });
  }
  if (objections.length > 0 || trying.triggers.length === 0) return { table, objections, accepted };
  const triggered = await tryTriggers(client, table, { tried: `pg_temp.${TRIED}`, triggers: trying.triggers });
  return { table, objections, accepted, ...(triggered !== undefined && { triggered }) };
}

/** A table's CHECKs, and the conditions of its columns' domains. */
function conditionsOf(table: CatalogTable): NamedCondition[] {
  const ofDomains = table.columns.flatMap(({ name, type, domainChecks, generated }) =>
    generated
      ? []
      : domainChecks.map((expression) => ({
          name: `of the domain ${type}`,
          columns: [name],
          expression: withColumn(expression, name),
        })),
  );
  return [...table.checks, ...ofDomains];
}

/** Rows of a table that are looked at with those that are added to it. */
const ROWS_THERE_MAX = 100_000;

/** Puts rows that a table holds beside those that are tried: its keys are asked of both. */
async function joinByRowsThere(client: pg.Client, { schema, name, columns }: CatalogTable): Promise<void> {
  const list = columns.flatMap((column) => (column.generated ? [] : [quoteIdentifier(column.name)])).join(", ");
  await client.query(
    `INSERT INTO pg_temp.${TRIED} (${list}) SELECT ${list} FROM ${qualified(schema, name)} LIMIT ${ROWS_THERE_MAX}`,
  );
}

/** That columns which must have a value have one. */
function requiredColumns({ columns }: CatalogTable): NamedCondition[] {
  return columns.flatMap(({ name, notNull }) =>
    notNull ? [{ name, columns: [name], expression: `${quoteIdentifier(name)} IS NOT NULL` }] : [],
  );
}

/** Makes the temporary table and puts rows into it; what the types themselves have against a row. */
async function fill(client: pg.Client, { universe, buffers, table, entity }: Trying): Promise<Objection | undefined> {
  const made = qualified(table.schema, table.name);
  // Domains taken to what they are made of: their conditions are asked one by one.
  const domains = table.columns.filter(({ type, base, generated }) => type !== base && !generated);
  await client.query(`CREATE TEMP TABLE ${TRIED} (LIKE ${made} INCLUDING GENERATED)`);
  try {
    for (const { name, base } of domains) {
      // Not where a generated column is made of it: then the domain itself refuses.
      await refusal(client, `ALTER TABLE pg_temp.${TRIED} ALTER COLUMN ${quoteIdentifier(name)} TYPE ${base}`, true);
    }
    const columns = storedColumns(entity).map(([name]) => quoteIdentifier(name));
    const rows = Math.min(ROWS_TRIED, universe.rowCount(entity.name));
    const writer = entityWriter(universe, entity.name, buffers);
    await copyRows(
      client,
      `COPY pg_temp.${TRIED} (${columns.join(", ")}) FROM STDIN WITH (FORMAT binary)`,
      (work) => work,
      (send) => writer.write(0, rows, send),
    );
    return undefined;
  } catch (error) {
    const { message, column } = error as { message: string; column?: string };
    return { name: column ?? "its types", kind: "type", text: message, columns: column === undefined ? [] : [column] };
  }
}

/** A row that a condition refuses, or an error of a function in it; undefined where it takes all. */
async function refusedRow(client: pg.Client, expression: string): Promise<string | undefined> {
  await client.query("SAVEPOINT asked");
  try {
    const { rows } = await client.query<{ row: string }>(
      `SELECT t::text AS row FROM pg_temp.${TRIED} AS t WHERE (${expression}) IS FALSE LIMIT 1`,
    );
    return rows[0]?.row;
  } catch (error) {
    await client.query("ROLLBACK TO SAVEPOINT asked");
    return (error as Error).message;
  }
}

/** What the server has against a statement; what it does is undone, unless it is kept. */
async function refusal(client: pg.Client, statement: string, isKept = false): Promise<string | undefined> {
  await client.query("SAVEPOINT asked");
  try {
    await client.query(statement);
    if (!isKept) await client.query("ROLLBACK TO SAVEPOINT asked");
    return undefined;
  } catch (error) {
    await client.query("ROLLBACK TO SAVEPOINT asked");
    const { message, detail } = error as { message: string; detail?: string };
    return detail === undefined ? message : `${message}: ${detail}`;
  }
}
