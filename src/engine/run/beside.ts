import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { ownObjects } from "../../ledger/objects.js";
import { type LedgerRun, listRuns, withPlan } from "../../ledger/runs.js";
import { hasLedger } from "../../ledger/schema.js";
import type { Plan } from "../../model/plan.js";
import { differencesOf } from "./plan-changes.js";

/**
 * The tables of a schema that stay where only some entities are made anew: those of finished runs of the same scenario,
 * which the new tables then fit row by row.
 * @returns their names; none where nothing of ours would stay
 * @throws SeedBulkError SB_RUN_CHANGED where what is there comes from another plan or is not whole
 */
export async function tablesBeside(
  client: pg.Client,
  { plan, unlogged }: { readonly plan: Plan; readonly unlogged: boolean },
): Promise<string[]> {
  if (!(await hasLedger(client))) return [];
  const { schema } = plan.scenario;
  const anew = new Set(plan.entities.map(({ entity }) => entity));
  const staying = (await ownObjects(client, { schema })).filter(
    ({ kind, name }) => kind === "table" && !anew.has(name),
  );
  if (staying.length === 0) return [];
  const owners = new Set(staying.map(({ runId }) => runId));
  for (const run of await listRuns(client)) {
    if (owners.has(run.runId)) refuseOthers(await withPlan(client, run), plan, unlogged);
  }
  return [...new Set(staying.map(({ name }) => name))];
}

function refuseOthers(run: LedgerRun, plan: Plan, unlogged: boolean): void {
  const { runId, state, scenario, options } = run;
  const refuse = (problem: string, hint: string): never => {
    throw new SeedBulkError("SB_RUN_CHANGED", `the other tables are those of run ${runId} (${scenario}), ${problem}`, {
      hint,
    });
  };
  if (state !== "done") refuse(`which is not finished: ${state}`, "Finish it first with `seed-bulk resume`.");
  const before = { generatorVersion: run.generatorVersion, scenario: dataOf(run.plan) };
  const now = { generatorVersion: plan.generatorVersion, scenario: dataOf(plan) };
  const differences = differencesOf(before, now, "");
  if (differences.length > 0) {
    refuse(
      `and new ones would not fit them: ${differences.slice(0, 10).join("; ")}`,
      "Give the scenario, seed, scale and window they were loaded with, or load all anew with --replace and without --only.",
    );
  }
  if (options.unlogged !== unlogged) {
    refuse(`which are ${options.unlogged ? "unlogged" : "logged"}`, "Load the others in the same way: see --unlogged.");
  }
}

/** As much of a scenario as decides its rows. */
function dataOf({ scenario }: Plan): Partial<Plan["scenario"]> {
  const { name: _name, description: _description, schema: _schema, ...data } = scenario;
  return data;
}
