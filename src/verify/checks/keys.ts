import type pg from "pg";
import type { Entity } from "../../model/entity.js";
import { quoteIdentifier } from "../../postgres/identifiers.js";
import { type CheckContext, type CheckTask, tableOf } from "../context.js";
import { OFFENDING_ROWS_MAX } from "../result.js";
import { isKeyOfIds } from "./ids.js";
import { type Finding, type SingleCheck, singleTask } from "./single.js";

/** No value of a primary or a unique key twice: counted from the table, whatever its indexes say. */
export function keyTasks(context: CheckContext, entity: Entity): CheckTask[] {
  const primary = isKeyOfIds(context, entity.name) || entity.primaryKey.length === 0 ? [] : [entity.primaryKey];
  return [...primary, ...entity.uniqueKeys].map((columns) =>
    singleTask(context, {
      ...keyCheck(entity.name, columns),
      effort: 2,
      look: (client) => findDuplicates(client, tableOf(context, entity.name), columns),
    }),
  );
}

/** What the check of a key is called. */
export function keyCheck(entity: string, columns: readonly string[]): Omit<SingleCheck, "look"> {
  return { name: `key of ${entity} (${columns.join(", ")})`, kind: "key", entity, expected: "no value twice" };
}

/** Looks for values that several rows have. */
export async function findDuplicates(client: pg.Client, table: string, columns: readonly string[]): Promise<Finding> {
  const names = columns.map(quoteIdentifier);
  const list = names.join(", ");
  // NULLs of a unique key are no duplicates of each other; in a primary key they are another check's finding.
  const isThere = names.map((name) => `${name} IS NOT NULL`).join(" AND ");
  const groups = `FROM ${table} WHERE ${isThere} GROUP BY ${list} HAVING count(*) > 1`;
  const { rows } = await client.query<{ count: number }>(`SELECT count(*)::float8 AS count FROM (SELECT ${groups}) t`);
  const { count } = rows[0];
  if (count === 0) return { ok: true, found: "no value twice" };
  const shown = names.map((name) => `${name}::text AS ${name}`).join(", ");
  const { rows: offending } = await client.query(
    `SELECT ${shown}, count(*)::text AS "rows" ${groups} ORDER BY ${table}.${names.join(`, ${table}.`)} LIMIT ${OFFENDING_ROWS_MAX}`,
  );
  return { ok: false, found: `${count} ${count === 1 ? "value" : "values"} more than once`, offending };
}
