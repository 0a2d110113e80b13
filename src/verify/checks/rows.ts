import type pg from "pg";
import type { PlannedEntity } from "../../model/plan.js";
import { quoteIdentifier } from "../../postgres/identifiers.js";
import { type CheckContext, type CheckTask, tableOf } from "../context.js";
import { type CheckResult, OFFENDING_ROWS_MAX } from "../result.js";
import { type Finding, singleTask } from "./single.js";

/** How many rows a table has, and from which ID to which. */
export function rowsTask(context: CheckContext, planned: PlannedEntity): CheckTask {
  const { entity, rows, idStart, idEnd } = planned;
  const key = idColumn(context, entity);
  const hasRange = key !== undefined && rows > 0;
  const expected = {
    rows,
    low: hasRange ? String(idStart) : null,
    high: hasRange ? String(idEnd - 1) : null,
  };
  const look = async (client: pg.Client): Promise<Finding> => {
    const found = await readFigures(client, tableOf(context, entity), key);
    const ok = found.rows === rows && found.low === expected.low && found.high === expected.high;
    const offending = ok || key === undefined ? [] : await wrongIds(client, context, planned, key);
    return { ok, found: inWords(found), offending, rowsChecked: found.rows };
  };
  return singleTask(context, { name: `rows of ${entity}`, kind: "rows", entity, expected: inWords(expected), look });
}

interface Figures {
  readonly rows: number;
  readonly low: string | null;
  readonly high: string | null;
}

function idColumn({ universe }: CheckContext, entity: string): string | undefined {
  return Object.entries(universe.entity(entity).columns).find(([, { identity, hidden }]) => identity && !hidden)?.[0];
}

async function readFigures(client: pg.Client, table: string, key: string | undefined): Promise<Figures> {
  const column = key === undefined ? undefined : quoteIdentifier(key);
  const range =
    column === undefined ? "NULL AS low, NULL AS high" : `min(${column})::text AS low, max(${column})::text AS high`;
  const { rows } = await client.query<Figures>(`SELECT count(*)::float8 AS rows, ${range} FROM ${table}`);
  return rows[0];
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
