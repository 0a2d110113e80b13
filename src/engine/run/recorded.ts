import type { LedgerRun } from "../../ledger/runs.js";
import { buildPlan, type Plan } from "../../model/plan.js";
import type { Universe } from "../../model/universe.js";
import { openUniverse } from "../open-universe.js";
import { refuseChanges } from "./plan-changes.js";

/** A recorded run with its data as this version makes them. */
export interface RecordedRun {
  readonly universe: Universe;
  /** The run's own tables. */
  readonly plan: Plan;
  /** What the run's schema holds: its own tables, and those that it was fitted to. */
  readonly whole: Plan;
}

/** Opens the universe of a scenario; servers have a way of their own that keeps them answering. */
export type OpenUniverse = typeof openUniverse;

/**
 * Makes the plan of a recorded run anew, from the scenario that the ledger holds, and compares the two: whoever
 * verifies or goes on trusts the plan, not what the ledger says of it.
 * @throws SeedBulkError SB_RUN_CHANGED
 */
export async function recordedRun(run: LedgerRun, open: OpenUniverse = openUniverse): Promise<RecordedRun> {
  const { only, beside = [], model } = run.options;
  const universe = await open(run.plan.scenario, model);
  const plan = buildPlan(universe, only ?? undefined);
  refuseChanges(run, plan);
  return { universe, plan, whole: wholePlan(universe, plan, beside) };
}

/** The plan of a run's own tables together with those of the same scenario that were there before. */
export function wholePlan(universe: Universe, plan: Plan, beside: readonly string[]): Plan {
  if (beside.length === 0) return plan;
  return buildPlan(universe, [...plan.entities.map(({ entity }) => entity), ...beside]);
}
