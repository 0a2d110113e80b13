import type pg from "pg";
import type { SumRule } from "../../model/checks.js";
import { storedColumns, targetColumns } from "../../model/entity.js";
import { quoteIdentifier } from "../../postgres/identifiers.js";
import type { CheckContext, CheckTask } from "../context.js";
import { OFFENDING_ROWS_MAX } from "../result.js";
import { isWithinPlan, keyColumn, RowSource, unlessLabelled } from "../row-source.js";
import { type Finding, singleTask } from "./single.js";

/** Figures that agree with the rows they sum up. */
export function sumTasks(context: CheckContext): CheckTask[] {
  const { sums = [] } = context.universe.model.checks ?? {};
  return [...sums, ...derivedSums(context, sums)]
    .filter(
      ({ entity, value, where, key, of }) =>
        isWithinPlan(context, { entity, expressions: [value, where, key] }) &&
        isWithinPlan(context, { entity: of.entity, expressions: [of.where, of.value, `{${of.reference}}`] }),
    )
    .map((sum) =>
      singleTask(context, {
        name: `sum of ${sum.entity}: ${sum.rule}`,
        kind: "sum",
        entity: sum.entity,
        expected: sum.rule,
        effort: 1 + (2 * context.facts.rows(sum.of.entity)) / Math.max(1, context.facts.rows(sum.entity)),
        look: (client) => findDifferences(client, context, sum),
      }),
    );
}

/** What columns say that they are sums or numbers of, where one column of the children names their owner. */
function derivedSums({ universe, planned }: CheckContext, declared: readonly SumRule[]): SumRule[] {
  return universe.entities.flatMap((entity) =>
    storedColumns(entity).flatMap(([name, { law }]): SumRule[] => {
      if (law?.kind !== "children" || !planned.has(entity.name) || !planned.has(law.child)) return [];
      if (declared.some((rule) => rule.entity === entity.name && rule.value === `{${name}}`)) return [];
      const child = universe.entity(law.child);
      const key = child.foreignKeys.find(({ target, columns }) => target === entity.name && columns.length === 1);
      const isSeen = law.column === undefined || storedColumns(child).some(([column]) => column === law.column);
      const isOwner = child.rows.kind === "children" && child.rows.parent === entity.name;
      if (key === undefined || !isSeen || !isOwner) return [];
      const value = law.column === undefined ? {} : { value: `{${law.column}}` };
      return [
        {
          entity: entity.name,
          rule: `${name} is ${law.column === undefined ? "the number" : `the sum of ${law.column}`} of its ${law.child}`,
          value: `{${name}}`,
          key: `{${targetColumns(key, entity)[0]}}`,
          of: { entity: law.child, reference: key.columns[0], ...value },
        },
      ];
    }),
  );
}

async function findDifferences(client: pg.Client, context: CheckContext, sum: SumRule): Promise<Finding> {
  const { entity, value, of, where = "true", skipEmpty = false, unless } = sum;
  const source = new RowSource(context, entity, { isExact: true });
  const parts = new RowSource(context, of.entity, { alias: "p", isExact: true });
  const key = sum.key === undefined ? source.column(keyColumn(source.entity)) : source.expand(sum.key);
  const { order } = source;
  const owner = parts.column(of.reference);
  const total = of.value === undefined ? "count(*)" : `sum(${parts.expand(of.value)})`;
  const added = of.where === undefined ? "" : `WHERE ${parts.expand(of.where)}`;
  const sums = `(SELECT ${owner} AS owner, ${total} AS total ${parts.from} ${added} GROUP BY ${owner})`;
  const looked = source.expand(unlessLabelled(where, unless));
  const stated = source.expand(value);
  const differing =
    `${source.from} ${skipEmpty ? "" : "LEFT "}JOIN ${sums} s ON s.owner = ${key} ` +
    `WHERE (${looked}) AND (${stated}) IS DISTINCT FROM coalesce(s.total, 0)`;
  const { rows } = await client.query<{ count: number }>(`SELECT count(*)::float8 AS count ${differing}`);
  const { count } = rows[0];
  if (count === 0) return { ok: true, found: "all agree" };
  const columns = source.paths.map((path) => `${source.column(path)}::text AS ${quoteIdentifier(path)}`);
  const { rows: offending } = await client.query(
    `SELECT ${columns.join(", ")}, (${stated})::text AS "stated", coalesce(s.total, 0)::text AS "counted" ` +
      `${differing} ORDER BY ${order} LIMIT ${OFFENDING_ROWS_MAX}`,
  );
  return { ok: false, found: `${count} ${count === 1 ? "row disagrees" : "rows disagree"}`, offending };
}
