import { type ErrorCode, SeedBulkError } from "../../errors.js";
import { buildPlan } from "../../model/plan.js";
import type { SharedUniverse } from "../../model/universe.js";
import { openUniverse } from "../open-universe.js";
import type { WeighTask } from "./protocol.js";

/** What takes the time of a plan: a look at each parent, kept in shared memory. */
export type Weighed = Pick<SharedUniverse, "fanOuts" | "marks" | "weights">;

/** What weighing came to. Plain data, since a thread boundary drops an error's class and code. */
export type WeighOutcome =
  | { readonly ok: true; readonly weighed: Weighed }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined };

/**
 * Weighs a scenario's tables as its plan needs them. Whoever opens the universe with what comes back makes the plan in
 * milliseconds.
 */
export async function weigh({ scenario, origin }: WeighTask): Promise<WeighOutcome> {
  try {
    const universe = await openUniverse(scenario, origin);
    buildPlan(universe);
    const { fanOuts, marks, weights } = universe.share();
    return { ok: true, weighed: { fanOuts, marks, weights } };
  } catch (error) {
    if (!(error instanceof SeedBulkError)) throw error;
    return { ok: false, code: error.code, message: error.message, hint: error.hint };
  }
}
