import type { z } from "zod";
import type { Estimate } from "../../engine/estimate.js";
import type { Entity } from "../../model/entity.js";
import type { PlanAnswer } from "../schemas.js";
import type { Planned } from "../universes.js";
import { columnAnswers } from "./columns.js";

type Answer = z.output<typeof PlanAnswer>;

/** A plan as GET plan answers it: with what a page draws of it. */
export function planAnswer({ universe, plan }: Planned, { seconds, from }: Estimate): Answer {
  const entities = plan.entities.map((planned) => ({ planned, entity: universe.entity(planned.entity) }));
  const names = new Set(plan.entities.map(({ entity }) => entity));
  return {
    scenario: plan.scenario,
    planHash: plan.hash,
    generatorVersion: plan.generatorVersion,
    rows: plan.rows,
    bytes: plan.bytesEstimated,
    shards: plan.shardCount,
    secondsEstimated: seconds,
    rowsPerSecond: plan.rows / seconds,
    rateFrom: from,
    entities: entities.map(({ planned, entity }) => ({
      entity: entity.name,
      comment: entity.comment,
      feature: entity.feature ?? null,
      rows: planned.rows,
      bytes: planned.bytesEstimated,
      rowBytes: planned.rowBytes,
      idStart: planned.idStart,
      idEnd: planned.idEnd,
      columns: columnAnswers(entity),
    })),
    references: entities.flatMap(({ entity }) => referencesOf(entity)).filter(({ to }) => names.has(to)),
  };
}

function referencesOf(entity: Entity): Answer["references"] {
  return entity.foreignKeys.map(({ columns, target: to, link, enforced }) => {
    const { reads } = entity.columns[link];
    const isParent = reads.includes("$parent") && entity.rows.kind === "children" && entity.rows.parent === to;
    return { from: entity.name, column: columns.join(", "), to, isForeignKey: enforced, isParent };
  });
}
