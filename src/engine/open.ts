import { SeedBulkError } from "../errors.js";
import type { Model } from "../model/model.js";
import { buildPlan, type Plan } from "../model/plan.js";
import { loadScenario, type ScenarioOverrides } from "../model/scenario/index.js";
import type { Universe } from "../model/universe.js";
import { ALL_MODELS, MODEL_NAMES } from "../models/load.js";
import { scenarioDirs } from "../platform/package.js";
import { openUniverse } from "./open-universe.js";

/**
 * Works a scenario out: what `generate`, `runVerification`, `exportFiles` and `previewRows` begin with.
 * @param options.model a model that a program declares, or the path of a model's file; without it the scenario names one
 * @param options.scenario a built-in scenario's name, a file's path, or a name within the model; the model's own sizes
 *   without it
 * @param options.overrides seed, scale, window and the like in place of the scenario's
 * @throws SeedBulkError SB_MODEL_NOT_FOUND, SB_MODEL_INVALID, SB_SCENARIO_NOT_FOUND, SB_SCENARIO_INVALID
 */
export async function open(options: OpenOptions): Promise<{ readonly universe: Universe; readonly plan: Plan }> {
  const universe = await openWithoutPlan(options);
  return { universe, plan: buildPlan(universe) };
}

/** What is worked out, and what of. */
export interface OpenOptions {
  readonly model?: Model | string;
  readonly scenario?: string;
  readonly overrides?: ScenarioOverrides;
  /** Directories that hold `<model>/<name>.yaml`; the working directory's `scenarios` and the package's own without it. */
  readonly searchDirs?: readonly string[];
}

/** As {@link open}, and no plan, for which some rows of each table are made. */
export async function openWithoutPlan(options: OpenOptions): Promise<Universe> {
  const { model, scenario: name, overrides, searchDirs = scenarioDirs() } = options;
  const own = typeof model === "object" ? model : undefined;
  if (own !== undefined && own.origin === undefined && !MODEL_NAMES.includes(own.name)) refuseOrphan(own);
  const models = {
    get: (wanted: string, baseDir?: string) => (wanted === own?.name ? own : ALL_MODELS.get(wanted, baseDir)),
    keys: ALL_MODELS.keys,
  };
  const { scenario, modelOrigin } = await loadScenario({
    name,
    model: typeof model === "object" ? model.name : model,
    models,
    searchDirs,
    ...(overrides && { overrides }),
  });
  return openUniverse(scenario, modelOrigin);
}

/** Threads load a model anew: from data that they are given, or from a file. */
function refuseOrphan({ name }: Model): void {
  throw new SeedBulkError("SB_MODEL_INVALID", `the model ${name} has columns that are functions, and is in no file`, {
    hint: "Worker threads load a model by its file: export it by default from one of its own, and give that file's path.",
  });
}
