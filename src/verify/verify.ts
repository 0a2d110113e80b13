import type { RunObserver } from "../engine/observer.js";
import type { Plan } from "../model/plan.js";
import type { Universe } from "../model/universe.js";
import { anomalyRules, copyTasks } from "./checks/anomalies.js";
import { calendarTasks } from "./checks/calendars.js";
import { countTasks } from "./checks/count-rules.js";
import { declaredRules } from "./checks/declared-rules.js";
import { definitionsTask } from "./checks/definitions/definitions.js";
import { derivedRules } from "./checks/derived-rules.js";
import { distributionTasks } from "./checks/distributions.js";
import { invariantTasks } from "./checks/invariants.js";
import { keyTasks } from "./checks/keys.js";
import { promisesTask } from "./checks/promises.js";
import { queryTasks } from "./checks/queries.js";
import { spreadTasks } from "./checks/references.js";
import { rowsTask } from "./checks/rows.js";
import { stepTasks } from "./checks/steps.js";
import { sumTasks } from "./checks/sums.js";
import { type CheckContext, type CheckTask, checkContext } from "./context.js";
import { runTasks } from "./lanes.js";
import type { CheckResult, QueryPlan, VerificationReport } from "./result.js";

export interface VerifyOptions {
  readonly url: string;
  readonly schema: string;
  readonly universe: Universe;
  readonly plan: Plan;
  /** Whether the tables were loaded unlogged; without it, either is good. */
  readonly unlogged?: boolean;
  /** Connections at the most. */
  readonly connections: number;
  readonly signal?: AbortSignal;
  readonly observer?: RunObserver;
  /** Ask Postgres for the plans of the model's queries. */
  readonly explainPlans?: boolean;
  /**
   * The tables were loaded just now, and finished: what Postgres has proved then is not looked at again, and the model's
   * queries are not timed.
   */
  readonly isProved?: boolean;
}

/**
 * Compares what is in the database with what the plan and the model say of it. What is wrong with the data is a
 * result; only what keeps the checks from being made is thrown. Nothing is written.
 * @throws SeedBulkError SB_INTERRUPTED, SB_CONNECTION_LOST, and what connecting throws
 */
export async function verify(options: VerifyOptions): Promise<VerificationReport> {
  const { url, schema, universe, plan, connections, unlogged, signal, observer, explainPlans = false } = options;
  // Of tables that were there the catalog may hold keys that are not valid.
  const isProved = options.isProved === true && universe.model.existing !== true;
  // Rows that were there before a run's are in no plan: of such tables the catalog alone is asked.
  const own = plan.entities.filter(({ entity }) => universe.entity(entity).rowsBefore === 0);
  const context = {
    ...checkContext(universe, { ...plan, entities: own }, schema, isProved),
    ...(unlogged !== undefined && { unlogged }),
  };
  const added = plan.entities.map(({ entity }) => universe.entity(entity)).filter(({ rowsBefore }) => rowsBefore > 0);
  const plans: QueryPlan[] = [];
  const tasks = [
    ...checkTasks(context, explainPlans ? (queryPlan) => plans.push(queryPlan) : undefined),
    ...added.map((entity) => promisesTask({ ...context, facts: checkContext(universe, plan, schema).facts }, entity)),
  ];
  const onResult = ({ name, seconds }: CheckResult): void => observer?.stepEnded?.(name, seconds);
  observer?.phaseStarted?.("verify");
  const began = performance.now();
  const checks = await runTasks(tasks, { url, connections, onResult, ...(signal && { signal }) });
  const seconds = (performance.now() - began) / 1000;
  observer?.phaseEnded?.("verify", seconds);
  const { scenario } = universe;
  return {
    ok: checks.every(({ ok }) => ok),
    isProved,
    scenario: scenario.name,
    model: scenario.model,
    schema,
    planHash: plan.hash,
    seconds,
    rowsChecked: checks.reduce((sum, { kind, rowsChecked }) => (kind === "rows" ? sum + rowsChecked : sum), 0),
    checks: inOrder(context, checks),
    plans,
  };
}

/** All checks of a plan, made ready. */
export function checkTasks(context: CheckContext, onPlan?: (plan: QueryPlan) => void): CheckTask[] {
  const planned = [...context.planned.values()];
  const entities = planned.map(({ entity }) => context.universe.entity(entity));
  const all = [
    ...entities.flatMap((entity) => derivedRules(context, entity)),
    ...declaredRules(context),
    ...anomalyRules(context),
  ];
  // The later of two rules about the same pair of moments says more of them: how far apart they are.
  const asked = context.isProved ? all.filter((rule) => !rule.isProved) : all;
  const rules = new Map(asked.map((rule) => [rule.name, rule]));
  return [
    // Of tables that were there, the catalog says what the model does not know.
    ...(context.universe.model.existing
      ? entities.filter(({ kept }) => !kept).map((entity) => promisesTask(context, entity))
      : [definitionsTask(context)]),
    ...planned.map((entity) => rowsTask(context, entity)),
    ...(context.isProved ? [] : entities.flatMap((entity) => keyTasks(context, entity))),
    ...countTasks(context, [...rules.values()]),
    ...sumTasks(context),
    ...invariantTasks(context),
    ...copyTasks(context),
    ...stepTasks(context),
    ...distributionTasks(context),
    ...calendarTasks(context),
    ...entities.flatMap((entity) => spreadTasks(context, entity)),
    ...(context.isProved ? [] : queryTasks(context, onPlan)),
  ];
}

/** By entity as the plan has them, then by name: lanes end in another order each time. */
function inOrder(context: CheckContext, checks: readonly CheckResult[]): CheckResult[] {
  const names = [...context.planned.keys()];
  const place = ({ entity }: CheckResult): number => (entity === null ? names.length : names.indexOf(entity));
  return checks.toSorted((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
}
