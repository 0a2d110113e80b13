import type pg from "pg";
import { quoteIdentifier } from "../postgres/identifiers.js";

/** The name of the table that is tried with; only this connection sees it. */
export const TRIED = "seed_bulk_trial";

/** A condition of a table's own or of a domain, and what it is called. */
export interface NamedCondition {
  readonly name: string;
  readonly columns: readonly string[];
  readonly expression: string;
}

const WITNESSES_MAX = 200;

/** Values of a column that are tried with those of others: fewer where there are more others. */
const CANDIDATES_MAX: readonly number[] = [60, 40, 12];

/** Values of columns together that all conditions on them take: those of rows that were tried, or of others put together. */
export async function acceptedOf(
  client: pg.Client,
  conditions: readonly NamedCondition[],
  columns: readonly string[],
): Promise<(string | null)[][]> {
  const asked = conditions.filter((condition) => condition.columns.every((column) => columns.includes(column)));
  const where = asked.map(({ expression }) => `(${expression}) IS NOT FALSE`).join(" AND ") || "true";
  const shown = columns.map((column) => `${quoteIdentifier(column)}::text`).join(", ");
  const found = await rowsOrNone(
    client,
    `SELECT DISTINCT ${shown} FROM pg_temp.${TRIED} WHERE ${where} LIMIT ${WITNESSES_MAX}`,
  );
  const isFull = columns.every((_column, at) => found.some((row) => row[at] !== null));
  if (found.length > 0 && isFull) return found;
  const plain = [...new Set(asked.flatMap(({ expression }) => literalsOf(expression)))];
  const literals = [...plain, ...documentsOf(plain), ...USUAL];
  const sources: string[] = [];
  // One after another: their savepoints are in one transaction.
  const most = CANDIDATES_MAX[Math.min(columns.length, CANDIDATES_MAX.length) - 1];
  for (const column of columns) sources.push(await candidatesOf(client, column, { literals, most }));
  const isThere = columns.map((column) => `${quoteIdentifier(column)} IS NOT NULL`).join(" AND ");
  const query = `SELECT DISTINCT ${shown} FROM ${sources.join(" CROSS JOIN ")} WHERE ${where}`;
  const full = await rowsOrNone(client, `${query} AND ${isThere} LIMIT ${WITNESSES_MAX}`);
  if (full.length > 0 || found.length > 0) return [...full, ...found].slice(0, WITNESSES_MAX);
  return rowsOrNone(client, `${query} LIMIT ${WITNESSES_MAX}`);
}

async function rowsOrNone(client: pg.Client, sql: string): Promise<(string | null)[][]> {
  await client.query("SAVEPOINT asked");
  try {
    const { rows } = await client.query<(string | null)[]>({ text: sql, rowMode: "array" });
    return rows;
  } catch {
    await client.query("ROLLBACK TO SAVEPOINT asked");
    return [];
  }
}

/** The constants in a condition, and the numbers beside them. */
function literalsOf(expression: string): string[] {
  const texts = [...expression.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text.replaceAll("''", "'"));
  const numbers = [...expression.matchAll(/(?<![\w'.])\d+(?:\.\d+)?(?![\w'])/g)].map(([text]) => Number(text));
  return [...texts, ...numbers.flatMap((number) => [number - 1, number, number + 1].map(String))];
}

/** Values of many types that many a condition takes. */
const USUAL: readonly string[] = [
  "0",
  "1",
  "5",
  "10",
  "100",
  "1000",
  "a@example.com",
  "https://example.com/a",
  "abc",
  "ABC",
  "A1",
  "2024-01-01",
  "2025-06-15 12:00:00+00",
  "true",
  "{}",
  "[]",
  "192.0.2.1",
  "00000000-0000-4000-8000-000000000001",
];

/** Constants beyond these are no names of parts of a document. */
const NAMES_MAX = 6;

/** Documents and arrays that hold constants: what a condition may ask of a JSON column's parts. */
function documentsOf(literals: readonly string[]): string[] {
  const names = literals.filter((text) => /^[A-Za-z_][\w -]{0,39}$/.test(text)).slice(0, NAMES_MAX);
  if (names.length === 0) return [];
  const whole = Object.fromEntries(names.map((name) => [name, 1]));
  return [
    ...[whole, names, ...names.map((name) => ({ [name]: name })), ...names.map((name) => [name])].map((one) =>
      JSON.stringify(one),
    ),
    ...names.flatMap((name) =>
      names.flatMap((other) => (other === name ? [] : [JSON.stringify({ ...whole, [name]: other })])),
    ),
    ...names.map((name) => `{"${name}"}`),
  ];
}

/** A sub-query of the values that a column might have: none, constants that its type reads, and some that were tried. */
async function candidatesOf(
  client: pg.Client,
  column: string,
  { literals, most }: { readonly literals: readonly string[]; readonly most: number },
): Promise<string> {
  const name = quoteIdentifier(column);
  const readable: string[] = [];
  for (const literal of literals) {
    if (readable.length >= most) break;
    const text = `E'${literal.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
    // The column's own type, without naming it.
    const query = `SELECT ${name} FROM (SELECT ${name} FROM pg_temp.${TRIED} LIMIT 0) AS t UNION ALL SELECT ${text}`;
    if ((await rowsOrNone(client, query)).length > 0) readable.push(text);
  }
  const own = `SELECT ${name} FROM (SELECT DISTINCT ${name} FROM pg_temp.${TRIED} LIMIT ${most}) AS s`;
  const all = [own, ...readable.map((text) => `SELECT ${text}`), "SELECT NULL"];
  return `(${all.join(" UNION ALL ")}) AS ${quoteIdentifier(`of ${column}`.slice(0, 60))}`;
}
