import { LABELS_TABLE, type ModelAnomaly } from "../../model/anomalies.js";
import { quoteIdentifier, quoteLiteral } from "../../postgres/identifiers.js";
import { type CheckContext, type CheckTask, tableOf } from "../context.js";
import { OFFENDING_ROWS_MAX } from "../result.js";
import { keyColumn, LABELLED, unlessLabelled } from "../row-source.js";
import type { CountRule } from "./count-rules.js";
import { type Finding, singleTask } from "./single.js";

/**
 * What labels and data say of each other: as many labels as the rate asks for, no label without its anomaly, no anomaly
 * without its label.
 */
export function anomalyRules(context: CheckContext): CountRule[] {
  return plannedAnomalies(context).flatMap((anomaly) => {
    const { name, entity, about } = anomaly;
    const { count } = context.universe.anomaly(name);
    const labels: CountRule = {
      entity: LABELS_TABLE,
      kind: "anomaly",
      name: `labels of ${name}`,
      where: `{name} = ${quoteLiteral(name)}`,
      allowed: { low: count, high: count },
      expected: `${count} rows`,
    };
    const shows = showsOf(context, anomaly);
    // What a model's file has go wrong may look like anything: only that it is labelled is known.
    if (shows === "") return [labels];
    return [
      labels,
      {
        entity,
        kind: "anomaly",
        name: `labelled ${entity}: ${name}`,
        where: `{${LABELLED}${name}} AND (${shows}) IS NOT TRUE`,
        expected: `each row with the label shows it: ${about}`,
      },
      {
        entity,
        kind: "anomaly",
        name: `unlabelled ${entity}: ${name}`,
        where: unlessLabelled(shows, [name, ...copiesIn(context, entity)]),
        expected: `no row without the label shows it: ${about}`,
      },
    ];
  });
}

/** Labels of rows that are not there, and copies that are not what they repeat. */
export function copyTasks(context: CheckContext): CheckTask[] {
  const anomalies = plannedAnomalies(context);
  return [
    ...anomalies.map((anomaly) => orphanTask(context, anomaly)),
    ...anomalies.filter(({ appended }) => appended === "copy").map((anomaly) => copyTask(context, anomaly)),
  ];
}

function plannedAnomalies(context: CheckContext): ModelAnomaly[] {
  const { anomalies = [] } = context.universe.model;
  if (!context.planned.has(LABELS_TABLE)) return [];
  return anomalies.filter(({ entity }) => context.planned.has(entity));
}

/** Copies of an entity's rows: a copy of a struck row shows what that row shows, and is compared with it instead. */
function copiesIn(context: CheckContext, entity: string): string[] {
  return plannedAnomalies(context).flatMap((one) =>
    one.entity === entity && one.appended === "copy" ? [one.name] : [],
  );
}

/** Rows that an anomaly adds stand after the entity's own ones. */
function showsOf({ universe }: CheckContext, { entity, appended, shows }: ModelAnomaly): string {
  const { firstId } = universe.entity(entity);
  const isAdded = `{${keyColumn(universe.entity(entity))}} >= ${firstId + universe.ownRowCount(entity)}`;
  const conditions = [...(appended ? [isAdded] : []), ...(shows === undefined || appended === "copy" ? [] : [shows])];
  return conditions.map((condition) => `(${condition})`).join(" AND ");
}

function orphanTask(context: CheckContext, { name, entity }: ModelAnomaly): CheckTask {
  const key = quoteIdentifier(keyColumn(context.universe.entity(entity)));
  // A join: of "OR NOT EXISTS" the server makes a hash of the whole table, which beyond its memory takes minutes.
  const orphans =
    `FROM ${tableOf(context, LABELS_TABLE)} l LEFT JOIN ${tableOf(context, entity)} t ` +
    `ON t.${key} = l.row_id AND l.entity = ${quoteLiteral(entity)} WHERE l.name = ${quoteLiteral(name)} AND t.${key} IS NULL`;
  return singleTask(context, {
    name: `labelled rows of ${name}`,
    kind: "anomaly",
    entity: LABELS_TABLE,
    expected: `each label's row is there in ${entity}`,
    look: async (client): Promise<Finding> => {
      const { rows } = await client.query<{ count: number }>(`SELECT count(*)::float8 AS count ${orphans}`);
      if (rows[0].count === 0) return { ok: true, found: "all are there" };
      const { rows: offending } = await client.query(
        `SELECT l.id::text AS id, l.row_id::text AS row_id ${orphans} ORDER BY l.id LIMIT ${OFFENDING_ROWS_MAX}`,
      );
      return { ok: false, found: `${rows[0].count} labels of rows that are not there`, offending };
    },
  });
}

function copyTask(context: CheckContext, { name, entity }: ModelAnomaly): CheckTask {
  const table = tableOf(context, entity);
  const column = keyColumn(context.universe.entity(entity));
  const key = quoteIdentifier(column);
  const without = `- ${quoteLiteral(column)}`;
  const differing =
    `FROM ${tableOf(context, LABELS_TABLE)} l JOIN ${table} c ON c.${key} = l.row_id ` +
    `LEFT JOIN ${table} o ON o.${key} = substring(l.detail from '\\d+$')::int8 ` +
    `WHERE l.name = ${quoteLiteral(name)} AND to_jsonb(c) ${without} IS DISTINCT FROM to_jsonb(o) ${without}`;
  return singleTask(context, {
    name: `copies in ${entity}: ${name}`,
    kind: "anomaly",
    entity,
    expected: "each is the same as the row that its label names, but for the ID",
    look: async (client): Promise<Finding> => {
      const { rows } = await client.query<{ count: number }>(`SELECT count(*)::float8 AS count ${differing}`);
      if (rows[0].count === 0) return { ok: true, found: "all are the same" };
      const { rows: offending } = await client.query(
        `SELECT l.row_id::text AS ${key}, l.detail ${differing} ORDER BY l.row_id LIMIT ${OFFENDING_ROWS_MAX}`,
      );
      return { ok: false, found: `${rows[0].count} rows differ`, offending };
    },
  });
}
