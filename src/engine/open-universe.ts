import { SeedBulkError } from "../errors.js";
import type { Scenario } from "../model/scenario/index.js";
import { Universe } from "../model/universe.js";
import { loadModel } from "../models/load.js";
import { makeDictionaries } from "./dictionaries.js";

/**
 * Opens the universe of a scenario that is worked out: one that was just read, or the one that a run's plan holds.
 * @throws SeedBulkError SB_RUN_CHANGED for the plan of a version that had other models
 */
export async function openUniverse(scenario: Scenario): Promise<Universe> {
  const model = await loadModel(scenario.model);
  if (model === undefined) {
    throw new SeedBulkError("SB_RUN_CHANGED", `the run's model "${scenario.model}" is not known here`);
  }
  return new Universe(model, scenario, makeDictionaries(model));
}
