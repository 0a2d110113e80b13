import { makeDictionaries } from "../src/engine/dictionaries.js";
import { loadScenario } from "../src/model/scenario/index.js";
import { Universe } from "../src/model/universe.js";
import { MODELS } from "../src/models/index.js";
import type { ScenarioRef } from "./tasks.js";

/** What a bench may change of a scenario. */
export interface ScenarioOverrides {
  readonly seed?: number;
  readonly scale?: number;
  readonly schema?: string;
}

/** Opens a scenario's universe. */
export async function openUniverse({ name, searchDirs, overrides }: ScenarioRef): Promise<Universe> {
  const { scenario } = await loadScenario({ name, models: MODELS, searchDirs, overrides });
  const model = MODELS.get(scenario.model)!;
  return new Universe(model, scenario, makeDictionaries(model));
}
