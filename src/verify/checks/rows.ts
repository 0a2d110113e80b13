import type pg from "pg";
import type { PlannedEntity } from "../../model/plan.js";
import { quoteIdentifier } from "../../postgres/identifiers.js";
import { type CheckContext, type CheckTask, tableOf } from "../context.js";
import { type CheckResult, OFFENDING_ROWS_MAX } from "../result.js";
import { idColumn, isKeyOfIds } from "./ids.js";
import { findDuplicates, keyCheck } from "./keys.js";
import { type Finding, singleTask } from "./single.js";

/**
 * How many rows a table has, from which ID to which; and, from the same scan, that no ID is there twice where the IDs
 * are its primary key.
 */
export function rowsTask(context: CheckContext, planned: PlannedEntity): CheckTask {
  const { entity, rows, idStart, idEnd } = planned;
  const key = idColumn(context, entity);
  const expected: Figures = { rows, low: null, high: null, ...(key && rows > 0 && rangeOf(idStart, idEnd)) };
  const table = tableOf(context, entity);
  const look = async (client: pg.Client): Promise<Finding & { readonly figures: Figures }> => {
    const figures = await readFigures(client, table, { key, isMarked: !context.isProved });
    const ok = figures.rows === rows && figures.low === expected.low && figures.high === expected.high;
    const offending = ok || key === undefined ? [] : await wrongIds(client, context, planned, key);
    return { ok, found: inWords(figures), offending, rowsChecked: figures.rows, figures };
  };
  const check = { name: `rows of ${entity}`, kind: "rows", entity, expected: inWords(expected) };
  if (key === undefined || context.isProved || !isKeyOfIds(context, entity))
    return singleTask(context, { ...check, look });
  return {
    rows: rows * 2,
    async run(client) {
      let isWhole = false;
      const lookAtBoth = async (): Promise<Finding> => {
        const { figures, ...finding } = await look(client);
        isWhole = finding.ok && figures.mark === (await expectedMark(client, planned));
        return finding;
      };
      const results = await singleTask(context, { ...check, look: lookAtBoth }).run(client);
      const lookForDuplicates = async (): Promise<Finding> =>
        isWhole ? { ok: true, found: "no value twice" } : findDuplicates(client, table, [key]);
      const keys = await singleTask(context, { ...keyCheck(entity, [key]), look: lookForDuplicates }).run(client);
      return [...results, ...keys];
    },
  };
}

interface Figures {
  readonly rows: number;
  readonly low: string | null;
  readonly high: string | null;
  /** Of all IDs, whatever their order: the exclusive or of their 64-bit hashes. */
  readonly mark?: string | null;
}

function rangeOf(idStart: number, idEnd: number): Pick<Figures, "low" | "high"> {
  return { low: String(idStart), high: String(idEnd - 1) };
}

async function readFigures(
  client: pg.Client,
  table: string,
  { key, isMarked }: { readonly key: string | undefined; readonly isMarked: boolean },
): Promise<Figures> {
  const column = key === undefined ? undefined : quoteIdentifier(key);
  const range =
    column === undefined
      ? "NULL AS low, NULL AS high"
      : `min(${column})::text AS low, max(${column})::text AS high${isMarked ? `, ${markOf(column)} AS mark` : ""}`;
  const { rows } = await client.query<Figures>(`SELECT count(*)::float8 AS rows, ${range} FROM ${table}`);
  return rows[0];
}

/**
 * The mark that the plan's IDs have. As many IDs with the same mark are the same IDs, each once: each of them must be
 * there an odd number of times, and another combination of hashes gives the mark by chance once in 2^64. A fifth of
 * the time that grouping the IDs takes.
 */
async function expectedMark(client: pg.Client, { idStart, idEnd }: PlannedEntity): Promise<string | null> {
  const { rows } = await client.query<{ mark: string | null }>(
    `SELECT ${markOf("s.id")} AS mark FROM generate_series($1::int8, $2::int8 - 1) AS s (id)`,
    [idStart, idEnd],
  );
  return rows[0].mark;
}

function markOf(column: string): string {
  return `bit_xor(hashint8extended(${column}::int8, 0))::text`;
}

/** IDs that should not be there, then IDs that are missing. */
async function wrongIds(
  client: pg.Client,
  context: CheckContext,
  { entity, idStart, idEnd }: PlannedEntity,
  key: string,
): Promise<CheckResult["offending"]> {
  const table = tableOf(context, entity);
  const column = quoteIdentifier(key);
  const { rows } = await client.query(
    `(SELECT ${column}::text AS ${column}, 'outside the range' AS problem FROM ${table} ` +
      `WHERE ${column} < $1::int8 OR ${column} >= $2::int8 ORDER BY ${table}.${column} LIMIT $3) UNION ALL ` +
      `(SELECT s.wanted::text, 'missing' FROM generate_series($1::int8, $2::int8 - 1) AS s (wanted) ` +
      `WHERE NOT EXISTS (SELECT FROM ${table} t WHERE t.${column} = s.wanted) ORDER BY s.wanted LIMIT $3) LIMIT $3`,
    [idStart, idEnd, OFFENDING_ROWS_MAX],
  );
  return rows;
}

function inWords({ rows, low, high }: Figures): string {
  return low === null || high === null ? `${rows} rows` : `${rows} rows, IDs ${low} to ${high}`;
}
