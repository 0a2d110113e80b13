import { resolve } from "node:path";
import { makeDictionaries } from "../../../src/engine/dictionaries.js";
import { anomalyKnobs } from "../../../src/model/scenario/anomaly-knobs.js";
import { loadScenario, type ScenarioOverrides } from "../../../src/model/scenario/index.js";
import type { Scenario } from "../../../src/model/scenario/types.js";
import { Universe } from "../../../src/model/universe.js";
import { anomalies } from "../../../src/models/erp/anomalies.js";
import { erp } from "../../../src/models/erp/index.js";
import { erpKnobs } from "../../../src/models/erp/knobs.js";

const dictionaries = makeDictionaries(erp);

/** What a test wants to be other than the model's defaults. */
export interface Wanted {
  readonly seed?: number;
  readonly from?: string;
  readonly to?: string;
  readonly sizes?: Record<string, number>;
  readonly shares?: Record<string, number>;
  readonly settings?: Record<string, number>;
  readonly anomalies?: Record<string, { readonly rate: number }>;
}

/** The model under its defaults, without anomalies, but for what is wanted. */
export function erpUniverse(wanted: Wanted = {}): Universe {
  const { seed = 7, from = "2024-01-01", to = "2024-04-01" } = wanted;
  const scenario: Scenario = {
    name: "test",
    description: "",
    model: "erp",
    schema: "mock_data",
    seed,
    scale: 1,
    window: { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    sizes: erpKnobs.sizes.parse(wanted.sizes ?? {}),
    features: {},
    shares: erpKnobs.shares.parse(wanted.shares ?? {}),
    weights: erpKnobs.weights.parse({}),
    settings: erpKnobs.settings.parse(wanted.settings ?? {}),
    anomalies: anomalyKnobs(anomalies).parse(wanted.anomalies ?? {}),
  };
  return new Universe(erp, scenario, dictionaries);
}

/** A built-in scenario of the model. */
export async function erpScenario(name: string, overrides: ScenarioOverrides = {}): Promise<Universe> {
  const searchDirs = [resolve(import.meta.dirname, "../../../scenarios")];
  const models = new Map([[erp.name, erp]]);
  const { scenario } = await loadScenario({ name: `erp/${name}`, models, searchDirs, overrides });
  return new Universe(erp, scenario, dictionaries);
}
