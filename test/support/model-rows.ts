import { createHash } from "node:crypto";
import { wordAt } from "../../src/core/dictionary.js";
import type { Vector } from "../../src/core/vectors.js";
import { copyBinaryEncoder } from "../../src/encode/copy-binary.js";
import { makeDictionaries } from "../../src/engine/dictionaries.js";
import { storedColumns } from "../../src/model/entity.js";
import type { Model } from "../../src/model/model.js";
import { anomalyKnobs } from "../../src/model/scenario/anomaly-knobs.js";
import type { Scenario } from "../../src/model/scenario/types.js";
import { Universe } from "../../src/model/universe.js";

export type Value = number | string | null;
export type Row = Record<string, Value>;
// biome-ignore lint/suspicious/noExplicitAny: a row whose columns a test knows to be numbers or words
export type Facts = Record<string, any>;

/** What a test wants to be other than the model's defaults. */
export interface Wanted {
  readonly seed?: number;
  readonly from?: string;
  readonly to?: string;
  readonly sizes?: Record<string, number>;
  readonly features?: Record<string, boolean>;
  readonly shares?: Record<string, number>;
  readonly weights?: Record<string, Record<string, number>>;
  readonly settings?: Record<string, number>;
  readonly anomalies?: Record<string, unknown>;
}

/** Makes scenarios and universes of a model as tests want them, its defaults and a window holding otherwise. */
export function testUniverses(model: Model, window: { readonly from: string; readonly to: string }) {
  const dictionaries = makeDictionaries(model);
  const scenarioOf = (wanted: Wanted = {}): Scenario => {
    const { seed = 42, from = window.from, to = window.to } = wanted;
    return {
      name: "test",
      description: "",
      model: model.name,
      schema: model.schema,
      seed,
      scale: 1,
      window: { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
      sizes: model.knobs.sizes.parse(wanted.sizes ?? {}),
      features: model.knobs.features.parse(wanted.features ?? {}),
      shares: model.knobs.shares.parse(wanted.shares ?? {}),
      weights: model.knobs.weights.parse(wanted.weights ?? {}),
      settings: model.knobs.settings.parse(wanted.settings ?? {}),
      anomalies: anomalyKnobs(model.anomalies ?? []).parse(wanted.anomalies ?? {}),
    };
  };
  const universeOf = (wanted: Wanted = {}): Universe => new Universe(model, scenarioOf(wanted), dictionaries);
  return { scenarioOf, universeOf };
}

/** Some columns of all rows of an entity, hidden ones too; its stored columns unless told. */
export function rowsOf(universe: Universe, entity: string, columns?: readonly string[]): Row[] {
  const names = columns ?? storedColumns(universe.entity(entity)).map(([name]) => name);
  const program = universe.program(entity, names);
  const total = universe.rowCount(entity);
  const rows: Row[] = [];
  for (let start = 0; start < total; start += 1024) {
    const count = Math.min(1024, total - start);
    program.run(start, count);
    for (let i = 0; i < count; i++) {
      rows.push(Object.fromEntries(names.map((name) => [name, valueAt(program.vector(name), i)])));
    }
  }
  return rows;
}

function valueAt(vector: Vector, i: number): Value {
  if (vector.nulls.any && vector.nulls.flags[i] === 1) return null;
  if (vector.kind === "number") return vector.values[i];
  if (vector.kind === "word") return wordAt(vector.dictionary, vector.codes[i]);
  return Buffer.from(vector.bytes.slice(vector.offsets[i], vector.offsets[i + 1])).toString("latin1");
}

/** A digest of an entity's COPY bytes, made in batches of the sizes given in turn. */
export function digestOf(universe: Universe, entity: string, batches: readonly number[]): string {
  const columns = storedColumns(universe.entity(entity));
  const names = columns.map(([name]) => name);
  const program = universe.program(entity, names);
  const encoder = copyBinaryEncoder(columns.map(([name, { type }]) => ({ type, vector: program.vector(name) })));
  const hash = createHash("sha256");
  const total = universe.rowCount(entity);
  for (let start = 0, turn = 0; start < total; turn++) {
    const count = Math.min(batches[turn % batches.length], total - start);
    program.run(start, count);
    const bytes = Buffer.alloc(encoder.measure(count));
    encoder.write(count, { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }, 0);
    hash.update(bytes);
    start += count;
  }
  return hash.digest("hex");
}
