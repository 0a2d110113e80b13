import { makeDictionaries } from "../../../src/engine/dictionaries.js";
import { anomalyKnobs } from "../../../src/model/scenario/anomaly-knobs.js";
import type { Scenario } from "../../../src/model/scenario/types.js";
import { Universe } from "../../../src/model/universe.js";
import { gaming } from "../../../src/models/gaming/index.js";
import { gamingKnobs } from "../../../src/models/gaming/knobs.js";

/** What a test wants to be other than the defaults. */
export interface Wanted {
  readonly seed?: number;
  readonly from?: string;
  readonly to?: string;
  readonly sizes?: Record<string, number>;
  readonly features?: Record<string, boolean>;
  readonly shares?: Record<string, number>;
  readonly weights?: Record<string, Record<string, number>>;
  readonly settings?: Record<string, number>;
  readonly anomalies?: Record<string, Record<string, unknown>>;
}

/** All four of the model's switches. */
export const ALL_FEATURES = { itemCategories: true, characterStats: true, guilds: true, inventory: true };

export function scenarioOf(wanted: Wanted = {}): Scenario {
  const { seed = 42, from = "2024-07-01", to = "2025-01-01" } = wanted;
  return {
    name: "test",
    description: "",
    model: "gaming",
    schema: "gaming",
    seed,
    scale: 1,
    window: { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    sizes: gamingKnobs.sizes.parse(wanted.sizes ?? {}),
    features: gamingKnobs.features.parse(wanted.features ?? {}),
    shares: gamingKnobs.shares.parse(wanted.shares ?? {}),
    weights: gamingKnobs.weights.parse(wanted.weights ?? {}),
    settings: gamingKnobs.settings.parse(wanted.settings ?? {}),
    anomalies: anomalyKnobs(gaming.anomalies ?? []).parse(wanted.anomalies ?? {}),
  };
}

const dictionaries = makeDictionaries(gaming);

export function universeOf(wanted: Wanted = {}): Universe {
  return new Universe(gaming, scenarioOf(wanted), dictionaries);
}

/** Rows by a key, in the order in which keys come up. */
export function grouped<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
