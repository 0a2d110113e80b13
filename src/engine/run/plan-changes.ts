import { SeedBulkError } from "../../errors.js";
import type { LedgerRun } from "../../ledger/runs.js";
import type { Plan } from "../../model/plan.js";

/** Differences that an error names. */
const NAMED_MAX = 10;

/** @throws SeedBulkError SB_RUN_CHANGED where the plan is not the one that the run began with */
export function refuseChanges(run: LedgerRun, plan: Plan): void {
  if (plan.hash === run.planHash) return;
  const differences = differencesOf(run.plan, plan, "").slice(0, NAMED_MAX);
  throw new SeedBulkError("SB_RUN_CHANGED", `run ${run.runId} began with another plan: ${differences.join("; ")}`, {
    hint: "Resume it with the version and the scenario it began with, or start over with --replace.",
  });
}

/**
 * What differs between two pieces of plans, hashes aside: `scenario.seed was 42, is 7`.
 * @param path what the pieces are called; empty for whole plans
 */
export function differencesOf(before: unknown, now: unknown, path: string): string[] {
  if (typeof before !== "object" || typeof now !== "object" || before === null || now === null) {
    return Object.is(before, now) ? [] : [`${path} was ${JSON.stringify(before)}, is ${JSON.stringify(now)}`];
  }
  if (Array.isArray(before) && Array.isArray(now) && [...before, ...now].every((item) => typeof item !== "object")) {
    const texts = [before, now].map((value) => JSON.stringify(value));
    return texts[0] === texts[1] ? [] : [`${path} was ${texts[0]}, is ${texts[1]}`];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  for (const key of ["hash", "notes"]) keys.delete(key);
  return [...keys].flatMap((key) =>
    differencesOf(
      (before as Record<string, unknown>)[key],
      (now as Record<string, unknown>)[key],
      path === "" ? key : `${path}.${key}`,
    ),
  );
}
