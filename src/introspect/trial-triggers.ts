import type pg from "pg";
import { qualified, quoteIdentifier } from "../postgres/identifiers.js";
import type { CatalogTable } from "./catalog.js";
import type { InsertTrigger } from "./surroundings.js";

/** Rows that triggers are tried with. */
const ROWS_TRIED = 100;

/** Rows that triggers would have put into a table. */
interface Written {
  readonly table: string;
  readonly rows: number;
}

const INSERTED = `SELECT schemaname || '.' || relname AS "table", n_tup_ins::int AS rows FROM pg_stat_xact_user_tables
WHERE n_tup_ins > 0 AND schemaname NOT LIKE 'pg\\_temp%' ORDER BY 1`;

/**
 * What the triggers of a table would have done to rows that it takes: they are put, with the triggers on, into a temporary
 * table of its name. Nothing stays of it.
 * @param tried the temporary table that holds the rows
 * @returns what has to be told; undefined where nothing changes
 */
export async function tryTriggers(
  client: pg.Client,
  table: CatalogTable,
  { tried, triggers }: { readonly tried: string; readonly triggers: readonly InsertTrigger[] },
): Promise<string | undefined> {
  const name = `${table.schema}.${table.name}`;
  const named = triggers.length === 1 ? `the trigger ${triggers[0].name}` : `its ${triggers.length} triggers`;
  await client.query("SAVEPOINT triggers");
  try {
    const done = await fired(client, table, { tried, triggers });
    return done === "" ? undefined : `${name}: ${named} would ${done}`;
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    // What they refer to is not there yet.
    const what = code === "23503" ? "could not be tried" : "would refuse rows";
    return `${name}: ${named} ${what}: ${message}`;
  } finally {
    await client.query("ROLLBACK TO SAVEPOINT triggers");
  }
}

async function fired(
  client: pg.Client,
  table: CatalogTable,
  { tried, triggers }: { readonly tried: string; readonly triggers: readonly InsertTrigger[] },
): Promise<string> {
  const own = `pg_temp.${quoteIdentifier(table.name)}`;
  const columns = table.columns.filter(({ generated }) => !generated).map((column) => quoteIdentifier(column.name));
  const list = columns.join(", ");
  await client.query(`CREATE TEMP TABLE ${quoteIdentifier(table.name)} (LIKE ${qualified(table.schema, table.name)})`);
  for (const { definition } of triggers) await client.query(definition.replace("%TABLE%", () => own));
  const before = await written(client);
  const source = `SELECT ${list} FROM ${tried} ORDER BY ctid LIMIT ${ROWS_TRIED}`;
  await client.query(`INSERT INTO ${own} (${list}) ${source}`);
  // Those that wait for the end fire now.
  await client.query("SET CONSTRAINTS ALL IMMEDIATE");
  const elsewhere = (await written(client)).flatMap(({ table: target, rows }) => {
    const more = rows - (before.find((one) => one.table === target)?.rows ?? 0);
    return more > 0 ? [`put ${more} ${more === 1 ? "row" : "rows"} into ${target}`] : [];
  });
  const { rows } = await client.query<{ asked: number; kept: number }>(
    `SELECT (SELECT count(*)::int FROM (${source}) AS s) AS asked, (SELECT count(*)::int FROM ${own}) AS kept`,
  );
  const [{ asked, kept }] = rows;
  const dropped = kept < asked ? [`drop ${asked - kept} of ${asked} rows`] : [];
  const changed = kept === asked ? await changedColumns(client, { own, source, columns }) : [];
  return [...dropped, ...(changed.length === 0 ? [] : [`change ${changed.join(", ")}`]), ...elsewhere].join(", ");
}

async function written(client: pg.Client): Promise<Written[]> {
  return (await client.query<Written>(INSERTED)).rows;
}

/** The columns that do not hold what was sent: compared without an order, which a table does not promise. */
async function changedColumns(
  client: pg.Client,
  { own, source, columns }: { readonly own: string; readonly source: string; readonly columns: readonly string[] },
): Promise<string[]> {
  const counts = columns.map((column, at) => {
    const sent = `SELECT ${column}::text FROM (${source}) AS s`;
    return `(SELECT count(*)::int FROM (${sent} EXCEPT ALL SELECT ${column}::text FROM ${own}) AS d) AS c${at}`;
  });
  const { rows } = await client.query<Record<string, number>>(`SELECT ${counts.join(", ")}`);
  return columns.filter((_, at) => rows[0][`c${at}`] > 0);
}
