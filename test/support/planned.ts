import { resolve } from "node:path";
import { makeDictionaries } from "../../src/engine/dictionaries.js";
import { buildPlan, type Plan } from "../../src/model/plan.js";
import { loadScenario, type ScenarioOverrides } from "../../src/model/scenario/index.js";
import { Universe } from "../../src/model/universe.js";
import { MODELS } from "../../src/models/index.js";

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
