import type pg from "pg";
import type { StepRule } from "../../model/checks.js";
import { quoteIdentifier } from "../../postgres/identifiers.js";
import { attempt } from "../attempt.js";
import type { CheckContext, CheckTask } from "../context.js";
import { type CheckResult, OFFENDING_ROWS_MAX } from "../result.js";
import { isWithinPlan, RowSource, unlessLabelled } from "../row-source.js";
import { type Finding, type SingleCheck, singleTask } from "./single.js";

/** No step without the one before it: one task for those of one table that agree in `by` and `at`. */
export function stepTasks(context: CheckContext): CheckTask[] {
  const { steps = [] } = context.universe.model.checks ?? {};
  const excused = steps.map((step) =>
    step.unless ? { ...step, where: unlessLabelled(step.where ?? "true", step.unless) } : step,
  );
  const wanted = excused.filter((step) => stepIsWithinPlan(context, step));
  const chains = new Map<string, StepRule[]>();
  for (const step of wanted) {
    const name = chainOf(step) ?? `alone: ${step.entity} ${step.rule}`;
    chains.set(name, [...(chains.get(name) ?? []), step]);
  }
  return [...chains.values()].map((chain) => ({
    rows: context.facts.rows(chain[0].entity) * 2,
    run: (client) => checkChain(client, context, chain),
  }));
}

function stepIsWithinPlan(context: CheckContext, { entity, where, by, at, follows }: StepRule): boolean {
  const before = [follows.where, follows.by, follows.at];
  return (
    isWithinPlan(context, { entity, expressions: [where, by, at] }) &&
    isWithinPlan(context, { entity: follows.entity, expressions: before })
  );
}

/** Steps with the same chain are rows of one table that stand in groups; undefined where a step is no such row. */
function chainOf({ entity, by, at, follows }: StepRule): string | undefined {
  const isOneTable = follows.entity === entity && follows.by === by && follows.at === at && at !== undefined;
  return isOneTable ? JSON.stringify([entity, by, at]) : undefined;
}

async function checkChain(
  client: pg.Client,
  context: CheckContext,
  chain: readonly StepRule[],
): Promise<CheckResult[]> {
  const began = performance.now();
  const isGood = chainOf(chain[0]) !== undefined && (await chainHolds(client, context, chain));
  const seconds = (performance.now() - began) / 1000 / chain.length;
  const results: CheckResult[] = [];
  for (const step of chain) {
    const check = stepCheck(context, step, isGood);
    const [result] = await singleTask(context, check).run(client);
    results.push({ ...result, seconds: result.seconds + seconds });
  }
  return results;
}

/**
 * Whether all steps of a chain hold, by one pass over the table: every row has one before it just where the earliest
 * of them has. Steps that may not hold are looked at one by one.
 */
async function chainHolds(client: pg.Client, context: CheckContext, chain: readonly StepRule[]): Promise<boolean> {
  const [{ entity, by, at }] = chain;
  const outcome = await attempt(client, async () => {
    const source = new RowSource(context, entity);
    const moment = source.expand(at ?? "NULL");
    const earliest = (where: string | undefined): string =>
      `min(${moment}) FILTER (WHERE ${source.expand(where ?? "true")})`;
    const broken = chain.map(({ where, follows }) => {
      const later = earliest(where);
      return `${later} IS NOT NULL AND (${later} >= ${earliest(follows.where)}) IS NOT TRUE`;
    });
    // A row without a moment, or that belongs to nobody, is in no group's order.
    const unplaced = `bool_or(${moment} IS NULL) OR ${source.expand(by)} IS NULL`;
    const { rowCount } = await client.query(
      `SELECT ${source.from} GROUP BY ${source.expand(by)} HAVING ${[unplaced, ...broken].join(" OR ")} LIMIT 1`,
    );
    return rowCount === 0;
  });
  return outcome.ok && outcome.value;
}

function stepCheck(context: CheckContext, step: StepRule, isGood: boolean): SingleCheck {
  return {
    name: `step of ${step.entity}: ${step.rule}`,
    kind: "step",
    entity: step.entity,
    expected: step.rule,
    look: async (client) => (isGood ? { ok: true, found: "no row breaks it" } : findLoose(client, context, step)),
  };
}

async function findLoose(client: pg.Client, context: CheckContext, step: StepRule): Promise<Finding> {
  const { entity, where = "true", by, at, follows } = step;
  const source = new RowSource(context, entity);
  const before = new RowSource(context, follows.entity, { alias: "b" });
  const key = source.order;
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
