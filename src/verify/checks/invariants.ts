import type { CheckContext, CheckTask } from "../context.js";
import { OFFENDING_ROWS_MAX } from "../result.js";
import { expandTables } from "./queries.js";
import { type Finding, singleTask } from "./single.js";

/** What a model declares that only a query over whole tables can tell. */
export function invariantTasks(context: CheckContext): CheckTask[] {
  const { invariants = [] } = context.universe.model.checks ?? {};
  return invariants.flatMap(({ entity, rule, sql }) => {
    const broken = context.planned.has(entity) ? expandTables(context, sql) : undefined;
    if (broken === undefined) return [];
    const look = async (client: Parameters<CheckTask["run"]>[0]): Promise<Finding> => {
      const { rows } = await client.query<{ count: number }>(
        `SELECT count(*)::float8 AS count FROM (${broken}) AS broken`,
      );
      const { count } = rows[0];
      if (count === 0) return { ok: true, found: "no row breaks it" };
      const { rows: offending } = await client.query(`SELECT * FROM (${broken}) AS broken LIMIT ${OFFENDING_ROWS_MAX}`);
      return { ok: false, found: `${count} ${count === 1 ? "row breaks" : "rows break"} it`, offending };
    };
    return [
      singleTask(context, {
        name: `invariant of ${entity}: ${rule}`,
        kind: "invariant",
        entity,
        expected: rule,
        effort: 4,
        look,
      }),
    ];
  });
}
