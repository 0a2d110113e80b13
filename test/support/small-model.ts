import * as z from "zod";
import { wordAt } from "../../src/core/dictionary.js";
import type { Vector } from "../../src/core/vectors.js";
import { isNull } from "../../src/core/vectors.js";
import { makeDictionaries } from "../../src/engine/dictionaries.js";
import type { ModelAnomaly } from "../../src/model/anomalies.js";
import type { ModelChecks } from "../../src/model/checks.js";
import type { Entity } from "../../src/model/entity.js";
import type { Model } from "../../src/model/model.js";
import { anomalyKnobs } from "../../src/model/scenario/anomaly-knobs.js";
import { Universe } from "../../src/model/universe.js";

const NO_KNOBS = {
  sizes: z.object({}),
  features: z.object({}),
  shares: z.object({}),
  weights: z.object({}),
  settings: z.object({}),
};

/** A universe of a few entities of a test's own. */
export function universeWith(
  entities: readonly Entity[],
  options: {
    seed?: number;
    anomalies?: readonly ModelAnomaly[];
    rates?: Record<string, unknown>;
    checks?: ModelChecks;
  } = {},
): Universe {
  const { seed = 42, anomalies = [], rates = {} } = options;
  const model: Model = {
    name: "small",
    description: "",
    schema: "small",
    knobs: NO_KNOBS,
    entities,
    dictionaries: {},
    anomalies,
    ...(options.checks && { checks: options.checks }),
  };
  const scenario = {
    name: "small",
    description: "",
    model: "small",
    schema: "small",
    seed,
    scale: 1,
    window: { from: "2024-01-01T00:00:00.000Z", to: "2025-01-01T00:00:00.000Z" },
    sizes: {},
    features: {},
    shares: {},
    weights: {},
    settings: {},
    anomalies: anomalyKnobs(anomalies).parse(rates),
  };
  return new Universe(model, scenario, makeDictionaries(model));
}

/** The values of some columns over all rows: numbers, texts or null. */
export function columnsOf<Name extends string>(
  universe: Universe,
  entity: string,
  names: readonly Name[],
): Record<Name, (number | string | null)[]> {
  const program = universe.program(entity, names);
  const total = universe.rowCount(entity);
  const values = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    (number | string | null)[]
  >;
  for (let start = 0; start < total; start += 1024) {
    const count = Math.min(1024, total - start);
    program.run(start, count);
    for (const name of names) {
      const vector = program.vector(name);
      for (let i = 0; i < count; i++) values[name].push(valueAt(vector, i));
    }
  }
  return values;
}

function valueAt(vector: Vector, i: number): number | string | null {
  if (isNull(vector, i)) return null;
  if (vector.kind === "number") return vector.values[i];
  if (vector.kind === "word") return wordAt(vector.dictionary, vector.codes[i]);
  return new TextDecoder().decode(vector.bytes.subarray(vector.offsets[i], vector.offsets[i + 1]));
}
