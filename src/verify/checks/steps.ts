import type pg from "pg";
import type { StepRule } from "../../model/checks.js";
import { quoteIdentifier } from "../../postgres/identifiers.js";
import type { CheckContext, CheckTask } from "../context.js";
import { OFFENDING_ROWS_MAX } from "../result.js";
import { isWithinPlan, RowSource } from "../row-source.js";
import { type Finding, singleTask } from "./single.js";

/** No step without the one before it. */
export function stepTasks(context: CheckContext): CheckTask[] {
  const { steps = [] } = context.universe.model.checks ?? {};
  return steps
    .filter(({ entity, where, by, at, follows }) => {
      const before = [follows.where, follows.by, follows.at];
      return (
        isWithinPlan(context, { entity, expressions: [where, by, at] }) &&
        isWithinPlan(context, { entity: follows.entity, expressions: before })
      );
    })
    .map((step) =>
      singleTask(context, {
        name: `step of ${step.entity}: ${step.rule}`,
        kind: "step",
        entity: step.entity,
        expected: step.rule,
        effort: 2,
        look: (client) => findLoose(client, context, step),
      }),
    );
}

async function findLoose(client: pg.Client, context: CheckContext, step: StepRule): Promise<Finding> {
  const { entity, where = "true", by, at, follows } = step;
  const source = new RowSource(context, entity);
  const before = new RowSource(context, follows.entity, { alias: "b" });
  const key = source.entity.primaryKey.map((column) => source.column(column)).join(", ");
  const isBefore = [
    `${before.expand(follows.by)} = ${source.expand(by)}`,
    ...(follows.where === undefined ? [] : [`(${before.expand(follows.where)})`]),
    ...(at === undefined || follows.at === undefined ? [] : [`${before.expand(follows.at)} <= ${source.expand(at)}`]),
  ].join(" AND ");
  const condition = `(${source.expand(where)}) AND NOT EXISTS (SELECT ${before.from} WHERE ${isBefore})`;
  const loose = `${source.from} WHERE ${condition}`;
  const { rows } = await client.query<{ count: number }>(`SELECT count(*)::float8 AS count ${loose}`);
  const { count } = rows[0];
  if (count === 0) return { ok: true, found: "no row breaks it" };
  const columns = source.paths.map((path) => `${source.column(path)}::text AS ${quoteIdentifier(path)}`);
  const { rows: offending } = await client.query(
    `SELECT ${columns.join(", ")} ${loose} ORDER BY ${key} LIMIT ${OFFENDING_ROWS_MAX}`,
  );
  return { ok: false, found: `${count} ${count === 1 ? "row breaks" : "rows break"} it`, offending };
}
