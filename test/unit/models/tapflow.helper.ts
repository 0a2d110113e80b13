import { makeDictionaries } from "../../../src/engine/dictionaries.js";
import { anomalyKnobs } from "../../../src/model/scenario/anomaly-knobs.js";
import type { Scenario } from "../../../src/model/scenario/types.js";
import { Universe } from "../../../src/model/universe.js";
import { tapflowAnomalies } from "../../../src/models/tapflow/anomalies.js";
import { tapflow } from "../../../src/models/tapflow/index.js";
import { tapflowKnobs } from "../../../src/models/tapflow/knobs.js";
import type { Wanted } from "./marketing.helper.js";

/** A scenario beside `tapflow`: its figures where nothing else is wanted. */
export function scenarioOf(wanted: Wanted = {}): Scenario {
  const { seed = 42, from = "2020-01-01", to = "2025-06-25" } = wanted;
  return {
    name: "test",
    description: "",
    model: "tapflow",
    schema: "raw",
    seed,
    scale: 1,
    window: { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    sizes: tapflowKnobs.sizes.parse(wanted.sizes ?? {}),
    features: tapflowKnobs.features.parse(wanted.features ?? {}),
    shares: tapflowKnobs.shares.parse(wanted.shares ?? {}),
    weights: tapflowKnobs.weights.parse(wanted.weights ?? {}),
    settings: tapflowKnobs.settings.parse(wanted.settings ?? {}),
    anomalies: anomalyKnobs(tapflowAnomalies).parse(wanted.anomalies ?? {}),
  };
}

const dictionaries = makeDictionaries(tapflow);

export function universeOf(wanted: Wanted = {}): Universe {
  return new Universe(tapflow, scenarioOf(wanted), dictionaries);
}
