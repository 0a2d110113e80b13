import { openUniverse } from "../src/engine/open-universe.js";
import { loadScenario } from "../src/model/scenario/index.js";
import type { Universe } from "../src/model/universe.js";
import { ALL_MODELS } from "../src/models/load.js";
import type { ScenarioRef } from "./tasks.js";

/** Opens the universe of a scenario by its name. */
export async function universeOf({ name, searchDirs, overrides }: ScenarioRef): Promise<Universe> {
  const { scenario, modelOrigin } = await loadScenario({ name, models: ALL_MODELS, searchDirs, overrides });
  return openUniverse(scenario, modelOrigin);
}
