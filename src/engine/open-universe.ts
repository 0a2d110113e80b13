import { SeedBulkError } from "../errors.js";
import type { ModelOrigin } from "../model/origin.js";
import type { Scenario } from "../model/scenario/index.js";
import { type SharedUniverse, Universe } from "../model/universe.js";
import { loadModel } from "../models/load.js";
import { makeDictionaries } from "./dictionaries.js";

/**
 * Opens the universe of a scenario that is worked out: one that was just read, or the one that a run's plan holds.
 * @param origin where its model is from; the built-in one of its name without it
 * @param weighed what another thread has worked out for it
 * @throws SeedBulkError SB_RUN_CHANGED for the plan of a version that had other models, and what loading a model throws
 */
export async function openUniverse(
  scenario: Scenario,
  origin?: ModelOrigin,
  weighed?: Pick<SharedUniverse, "fanOuts" | "marks" | "weights">,
): Promise<Universe> {
  const model = await loadModel(origin ?? { kind: "builtIn", name: scenario.model });
  if (model === undefined) {
    throw new SeedBulkError("SB_RUN_CHANGED", `the run's model "${scenario.model}" is not known here`);
  }
  return new Universe(model, scenario, makeDictionaries(model), weighed);
}
