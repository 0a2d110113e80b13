import type pg from "pg";
import type { Entity } from "../../model/entity.js";
import { withColumn } from "../../postgres/domain-condition.js";
import { quoteIdentifier } from "../../postgres/identifiers.js";
import { attempt } from "../attempt.js";
import { type CheckContext, type CheckTask, tableOf } from "../context.js";
import type { CheckResult } from "../result.js";

/** What the catalog says of a table that was there. */
interface Promises {
  readonly checks: readonly { readonly name: string; readonly expression: string; readonly isValid: boolean }[];
  /** Conditions of the columns' domains on `VALUE`. */
  readonly domains: readonly { readonly name: string; readonly column: string; readonly expression: string }[];
  readonly foreignKeys: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly target: string;
    readonly targetColumns: readonly string[];
  }[];
  /** Indexes that hold no longer. */
  readonly idle: readonly string[];
}

const NAMES = (numbers: string, table: string): string =>
  `(SELECT json_agg(a.attname ORDER BY k.at) FROM unnest(${numbers}) WITH ORDINALITY AS k(number, at) ` +
  `JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = k.number)`;

const LIST = (row: string, from: string): string => `coalesce((SELECT json_agg(${row}) FROM ${from}), '[]')`;

const PROMISES = `
WITH RECURSIVE down AS (
  SELECT a.attname, a.atttypid AS oid FROM pg_attribute a WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  UNION ALL SELECT d.attname, t.typbasetype FROM down d JOIN pg_type t ON t.oid = d.oid WHERE t.typtype = 'd'
)
SELECT ${LIST(
  "json_build_object('name', conname, 'expression', pg_get_expr(conbin, conrelid), 'isValid', convalidated) ORDER BY conname",
  "pg_constraint WHERE conrelid = $1::regclass AND contype = 'c'",
)} AS checks,
${LIST(
  "json_build_object('name', d.attname || ' by ' || o.conname, 'column', d.attname, 'expression', pg_get_expr(o.conbin, 0)) ORDER BY d.attname, o.conname",
  "down d JOIN pg_constraint o ON o.contypid = d.oid AND o.contype = 'c'",
)} AS domains,
${LIST(
  `json_build_object('name', conname, 'columns', ${NAMES("conkey", "conrelid")}, 'target', confrelid::regclass::text,
    'targetColumns', ${NAMES("confkey", "confrelid")}) ORDER BY conname`,
  "pg_constraint WHERE conrelid = $1::regclass AND contype = 'f' AND conparentid = 0",
)} AS "foreignKeys",
${LIST("indexrelid::regclass::text ORDER BY 1", "pg_index WHERE indrelid = $1::regclass AND NOT (indisvalid AND indisready)")} AS idle`;

/** Whether a table that was there holds what its catalog promises: conditions, domains, foreign keys, indexes. */
export function promisesTask(context: CheckContext, entity: Entity): CheckTask {
  const table = tableOf(context, entity.name);
  const rows = context.facts.rows(entity.name);
  const result = (name: string, found: Pick<CheckResult, "ok" | "found" | "expected">, seconds = 0): CheckResult => ({
    name: `${name} of ${entity.name}`,
    kind: "catalog",
    entity: entity.name,
    rowsChecked: rows,
    offending: [],
    seconds,
    ...found,
  });
  return {
    rows: rows * 2,
    async run(client) {
      const began = performance.now();
      const read = await attempt(client, () => promisesOf(client, table));
      if (!read.ok) return [result("catalog", { ok: false, found: read.message, expected: "a table to look at" })];
      const { checks, domains, foreignKeys, idle } = read.value;
      const conditions = [
        ...checks.map(({ name, ...check }) => ({ name: `condition ${name}`, ...check })),
        ...domains.map(({ name, column, expression }) => ({
          name: `domain of ${name}`,
          expression: withColumn(expression, column),
          isValid: true,
        })),
      ];
      const results: CheckResult[] = [];
      if (entity.rowsBefore > 0) {
        const there = await attempt(client, () => countOf(client, `FROM ${table}`));
        const ok = there.ok && there.value >= rows;
        const found = there.ok ? `${there.value} rows` : there.message;
        results.push(
          result("rows", { ok, found, expected: `${rows} rows at the least, beside those that were there` }),
        );
      }
      for (const { name, expression, isValid } of conditions) {
        const from = `FROM ${table} WHERE (${expression}) IS FALSE`;
        const broken = await attempt(client, () => countOf(client, from));
        // Where a function cannot be called now, that it was when rows came in is what Postgres says.
        const found = broken.ok ? foundOf(broken.value) : { ok: isValid, found: `not asked again: ${broken.message}` };
        results.push(result(name, { ...found, expected: expression }));
      }
      for (const { name, columns, target, targetColumns } of foreignKeys) {
        // Of a table that rows were added to, nobody else looks at its references.
        if (entity.rowsBefore === 0 && isModelled(entity, columns)) continue;
        const orphans = await attempt(client, () =>
          countOf(client, orphansOf(table, { columns, target, targetColumns })),
        );
        const found = orphans.ok ? foundOf(orphans.value) : { ok: false, found: orphans.message };
        results.push(result(`foreign key ${name}`, { ...found, expected: `each is a row of ${target}` }));
      }
      if (idle.length > 0)
        results.push(result("indexes", { ok: false, found: `not valid: ${idle.join(", ")}`, expected: "all valid" }));
      const seconds = (performance.now() - began) / 1000 / Math.max(1, results.length);
      return results.map((one) => ({ ...one, seconds }));
    },
  };
}

async function promisesOf(client: pg.Client, table: string): Promise<Promises> {
  const { rows } = await client.query<Promises>(PROMISES, [table.replace(/^ONLY /, "")]);
  return rows[0];
}

/** The model's own rules look at keys that it knows. */
function isModelled({ foreignKeys }: Entity, columns: readonly string[]): boolean {
  const key = [...columns].sort().join("\n");
  return foreignKeys.some((own) => [...own.columns].sort().join("\n") === key);
}

function orphansOf(
  table: string,
  { columns, target, targetColumns }: Pick<Promises["foreignKeys"][number], "columns" | "target" | "targetColumns">,
): string {
  const isThere = columns.map((column) => `t.${quoteIdentifier(column)} IS NOT NULL`).join(" AND ");
  const isSame = columns
    .map((column, at) => `p.${quoteIdentifier(targetColumns[at])} = t.${quoteIdentifier(column)}`)
    .join(" AND ");
  return `FROM ${table} AS t WHERE ${isThere} AND NOT EXISTS (SELECT FROM ${target} AS p WHERE ${isSame})`;
}

async function countOf(client: pg.Client, from: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) AS count ${from}`);
  return Number(rows[0].count);
}

function foundOf(broken: number): Pick<CheckResult, "ok" | "found"> {
  return { ok: broken === 0, found: broken === 0 ? "all rows hold it" : `${broken} rows break it` };
}
