import { resolve } from "node:path";
import { makeDictionaries } from "../../src/engine/dictionaries.js";
import { buildPlan, type Plan } from "../../src/model/plan.js";
import { loadScenario, type ScenarioOverrides } from "../../src/model/scenario/index.js";
import { Universe } from "../../src/model/universe.js";
import { MODELS } from "../../src/models/index.js";
import { ALL_MODELS, loadModel } from "../../src/models/load.js";

/** A model of six small tables that takes every kind of step to load. */
export const PARCELS = resolve(import.meta.dirname, "../fixtures/parcels.model.yaml");

/** A built-in scenario's universe and plan. */
export async function planned(
  name: string,
  overrides: ScenarioOverrides = {},
): Promise<{ universe: Universe; plan: Plan }> {
  const searchDirs = [resolve(import.meta.dirname, "../../scenarios")];
  const { scenario } = await loadScenario({ name, models: MODELS, searchDirs, overrides });
  const model = MODELS.get(scenario.model)!;
  const universe = new Universe(model, scenario, makeDictionaries(model));
  return { universe, plan: buildPlan(universe) };
}

/** The universe and the plan of a model's file. */
export async function plannedFile(model: string): Promise<{ universe: Universe; plan: Plan }> {
  const { scenario, modelOrigin } = await loadScenario({ model, models: ALL_MODELS, searchDirs: [] });
  const loaded = (await loadModel(modelOrigin!))!;
  const universe = new Universe(loaded, scenario, makeDictionaries(loaded));
  return { universe, plan: buildPlan(universe) };
}
