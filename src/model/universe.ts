import type { AnomalyFacts, BindContext } from "../columns/column.js";
import { type Dictionary, openDictionary, type SharedDictionary } from "../core/dictionary.js";
import {
  buildFanOut,
  evenFanOut,
  type FanOut,
  type FillWeights,
  openFanOut,
  type SharedFanOut,
} from "../core/fan-out.js";
import { buildMarks, type Marks, openMarks, type SharedMarks } from "../core/marks.js";
import { type CellKey, deriveKey } from "../core/random.js";
import { buildWeightedRows, openWeightedRows, type WeightedRows } from "../core/weighted-rows.js";
import type { LiteralForms } from "../encode/literals.js";
import { assert } from "../errors.js";
import { LABELS_TABLE } from "./anomalies.js";
import type { Entity } from "./entity.js";
import { type Anomalies, type AppendedRows, anomaliesOf } from "./injection.js";
import { labelsOf } from "./labels.js";
import type { Model } from "./model.js";
import { type ModelOrigin, originOf } from "./origin.js";
import { linkOfPath, typeOfPath } from "./paths.js";
import { type EntityProgram, programFor } from "./program.js";
import type { Scenario } from "./scenario/types.js";
import { assertSound, namedAssertion } from "./soundness.js";

/** What the coordinator makes once and every worker reads: shared memory and plain data. */
export interface SharedUniverse {
  readonly model: ModelOrigin;
  readonly scenario: Scenario;
  readonly dictionaries: Readonly<Record<string, SharedDictionary>>;
  readonly fanOuts: Readonly<Record<string, SharedFanOut>>;
  /** Rows that a column marks, by entity and column. */
  readonly marks: Readonly<Record<string, SharedMarks>>;
  /** Rows that are drawn by the weight that a column gives them, by entity and column. */
  readonly weights: Readonly<Record<string, SharedArrayBuffer>>;
  readonly literals?: LiteralForms | undefined;
}

/**
 * A model under a scenario: how many rows every entity has, whose children they are, and the means to make any row
 * of any entity. Pure: the same scenario gives the same universe in every thread.
 */
export class Universe {
  readonly model: Model;
  readonly scenario: Scenario;
  /** The entities that the scenario's features leave in, parents before their children. */
  readonly entities: readonly Entity[];
  readonly windowUs: { readonly from: number; readonly to: number };
  /** Binary forms of literals, once a server was asked for them. */
  literals: LiteralForms | undefined;
  readonly #dictionaries: Readonly<Record<string, SharedDictionary>>;
  readonly #byName: ReadonlyMap<string, Entity>;
  readonly #openDictionaries = new Map<string, Dictionary>();
  readonly #sharedFanOuts: Map<string, SharedFanOut>;
  readonly #fanOuts = new Map<string, FanOut>();
  readonly #sharedMarks: Map<string, SharedMarks>;
  readonly #sharedWeights: Map<string, SharedArrayBuffer>;
  readonly #rowCounts = new Map<string, number>();
  readonly #anomalies: Anomalies;
  /** What is being worked out, each for the one before it. */
  readonly #underway: string[] = [];

  constructor(
    model: Model,
    scenario: Scenario,
    dictionaries: Readonly<Record<string, SharedDictionary>>,
    shared: Partial<Pick<SharedUniverse, "fanOuts" | "marks" | "weights" | "literals">> = {},
  ) {
    assertSound(model);
    this.model = model;
    this.scenario = scenario;
    const { anomalies = [] } = model;
    const labels = anomalies.length > 0 ? [labelsOf(anomalies)] : [];
    this.entities = [...model.entities, ...labels].filter(
      ({ feature }) => feature === undefined || scenario.features[feature],
    );
    this.windowUs = { from: Date.parse(scenario.window.from) * 1000, to: Date.parse(scenario.window.to) * 1000 };
    this.#dictionaries = dictionaries;
    this.#byName = new Map(this.entities.map((entity) => [entity.name, entity]));
    this.#sharedFanOuts = new Map(Object.entries(shared.fanOuts ?? {}));
    this.#sharedMarks = new Map(Object.entries(shared.marks ?? {}));
    this.#sharedWeights = new Map(Object.entries(shared.weights ?? {}));
    this.literals = shared.literals;
    this.#anomalies = anomaliesOf(this);
  }

  /** What workers need to open the same universe. Builds every fan-out's index that is not built yet. */
  share(): SharedUniverse {
    for (const { name } of this.entities) this.rowCount(name);
    this.#anomalies.prepare();
    return {
      model: originOf(this.model),
      scenario: this.scenario,
      dictionaries: this.#dictionaries,
      fanOuts: Object.fromEntries(this.#sharedFanOuts),
      marks: Object.fromEntries(this.#sharedMarks),
      weights: Object.fromEntries(this.#sharedWeights),
      literals: this.literals,
    };
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  entity(name: string): Entity {
    const found = this.#byName.get(name);
    assert(found !== undefined, `the model ${this.model.name} has an entity ${name} under this scenario`);
    return found;
  }

  /** Rows of the table, those that anomalies add included. */
  rowCount(name: string): number {
    return this.ownRowCount(name) + (this.appendedRows(name)?.count ?? 0);
  }

  /** Rows of the table without those that anomalies add. */
  ownRowCount(name: string): number {
    const known = this.#rowCounts.get(name);
    if (known !== undefined) return known;
    const count = this.within(`the rows of ${name}`, () => this.#countRows(name));
    assert(Number.isSafeInteger(count) && count >= 0, `${name} has a whole number of rows, got ${count}`);
    this.#rowCounts.set(name, count);
    return count;
  }

  #countRows(name: string): number {
    const { rows } = this.entity(name);
    switch (rows.kind) {
      case "fixed":
        return Math.min(rows.count(this.scenario), rows.most?.((other) => this.ownRowCount(other)) ?? Infinity);
      case "children":
        return this.#sharedFanOut(name).childCount;
      case "labels":
        return this.#anomalies.labelCount();
    }
  }

  /** The rows that an anomaly adds to an entity; undefined where none does. */
  appendedRows(name: string): AppendedRows | undefined {
    return name === LABELS_TABLE ? undefined : this.#anomalies.appendedTo(name);
  }

  /** What an anomaly of the model does under this scenario. */
  anomaly(name: string): AnomalyFacts {
    return this.#anomalies.facts(name);
  }

  /** Which of an entity's own rows a column of 0 and 1 marks. */
  marks(entity: string, column: string): Marks {
    const name = `${entity}.${column}`;
    let shared = this.#sharedMarks.get(name);
    if (shared === undefined) {
      shared = buildMarks(this.ownRowCount(entity), this.#columnFill(entity, column));
      this.#sharedMarks.set(name, shared);
    }
    return openMarks(shared);
  }

  /** Whose children the rows of a child entity are. */
  fanOut(child: string): FanOut {
    let fanOut = this.#fanOuts.get(child);
    if (fanOut === undefined) {
      fanOut = openFanOut(this.#sharedFanOut(child), this.#weightsOf(child));
      this.#fanOuts.set(child, fanOut);
    }
    return fanOut;
  }

  dictionary(name: string): Dictionary {
    let dictionary = this.#openDictionaries.get(name);
    if (dictionary === undefined) {
      const shared = this.#dictionaries[name];
      assert(shared !== undefined, `the model ${this.model.name} has a dictionary ${name}`);
      dictionary = openDictionary(shared);
      this.#openDictionaries.set(name, dictionary);
    }
    return dictionary;
  }

  /**
   * Works something out under its name. What is being worked out needs itself where the same name comes again.
   * @throws an assertion with the whole cycle; one that fails inside is told with the name
   */
  within<T>(name: string, work: () => T): T {
    const at = this.#underway.indexOf(name);
    assert(at < 0, `what needs itself cannot be made: ${[...this.#underway.slice(at), name].join(" -> ")}`);
    this.#underway.push(name);
    try {
      return work();
    } catch (error) {
      throw namedAssertion(error, name);
    } finally {
      this.#underway.pop();
    }
  }

  /** The program that computes some columns of an entity; each call binds vectors of its own. */
  program(entity: string, columns: readonly string[]): EntityProgram {
    return programFor(this, this.entity(entity), columns);
  }

  bindContext(entity: Entity, column: string): BindContext {
    const { scenario, windowUs } = this;
    return {
      name: `${entity.name}.${column}`,
      scenario,
      windowUs,
      rowCount: this.ownRowCount(entity.name),
      firstId: entity.firstId,
      rowsBefore: entity.rowsBefore,
      lastingKey: () => deriveKey({ ...this.#seed, entity: entity.name, column }),
      key: (label) => this.key(entity.name, label === undefined ? column : `${column}#${label}`),
      sharedKey: (label) => this.sharedKey(label),
      typeOf: (path) => typeOfPath(this, entity, path),
      hasEntity: (name) => this.has(name),
      entity: (name) => ({ rowCount: this.ownRowCount(name), firstId: this.entity(name).firstId }),
      fanOut: (child) => this.fanOut(child),
      ownerOf: (name) => this.#ownerOf(name),
      linkOf: (path) => linkOfPath(this, entity, path),
      weightedRows: (name, weight) => this.#weightedRows(name, weight),
      dictionary: (name) => this.dictionary(name),
      program: (name, columns) => this.program(name, columns),
      anomaly: (name) => this.anomaly(name),
      strikes: (among) => this.#anomalies.pool(entity.name, among),
    };
  }

  /** The key of a column's random bits. */
  key(entity: string, column: string): CellKey {
    const before = this.has(entity) ? this.entity(entity).rowsBefore : 0;
    // Rows that come after others are not those over again.
    return deriveKey({ ...this.#seed, entity: before === 0 ? entity : `${entity}+${before}`, column });
  }

  /** A key of the model's own: of no entity, so that its name is one that none has. */
  sharedKey(label: string): CellKey {
    return deriveKey({ ...this.#seed, entity: "$shared", column: label });
  }

  get #seed(): { readonly seed: number; readonly model: string } {
    return { seed: this.scenario.seed, model: this.model.name };
  }

  #ownerOf(entity: string): string | undefined {
    const { rows } = this.entity(entity);
    return rows.kind === "children" ? rows.parent : undefined;
  }

  #weightedRows(entity: string, weight: string): WeightedRows {
    const name = `${entity}.${weight}`;
    let shared = this.#sharedWeights.get(name);
    if (shared === undefined) {
      const fill = this.#columnFill(entity, weight);
      shared = this.within(`the weights ${name}`, () => buildWeightedRows(name, this.ownRowCount(entity), fill));
      this.#sharedWeights.set(name, shared);
    }
    return openWeightedRows(shared);
  }

  #sharedFanOut(child: string): SharedFanOut {
    let shared = this.#sharedFanOuts.get(child);
    if (shared === undefined) {
      shared = this.#buildFanOut(child);
      this.#sharedFanOuts.set(child, shared);
    }
    return shared;
  }

  #buildFanOut(child: string): SharedFanOut {
    const { rows } = this.entity(child);
    assert(rows.kind === "children", `${child} has a parent`);
    const parentCount = this.ownRowCount(rows.parent);
    const most = rows.most?.((other) => this.ownRowCount(other)) ?? Infinity;
    const total = rows.total && Math.min(rows.total(this.scenario), most);
    if (rows.by === undefined) {
      assert(total !== undefined, `${child} says how many children there are`);
      return evenFanOut(parentCount, parentCount === 0 ? 0 : total);
    }
    if (parentCount === 0) return evenFanOut(0, 0);
    const fill = this.#weightsOf(child);
    return this.within(`the weights ${rows.parent}.${rows.by} of ${child}`, () =>
      buildFanOut(total === undefined ? "counts" : "shares", parentCount, total ?? 0, fill),
    );
  }

  #weightsOf(child: string): FillWeights {
    const { rows } = this.entity(child);
    assert(rows.kind === "children", `${child} has a parent`);
    const { parent, by } = rows;
    // Without weights the fan-out is even and asks for none.
    return this.#columnFill(parent, by ?? "");
  }

  #columnFill(entity: string, column: string): FillWeights {
    let program: EntityProgram | undefined;
    return (start, count, out) => {
      program ??= this.program(entity, [column]);
      program.run(start, count);
      const vector = program.vector(column);
      assert(vector.kind === "number", `${entity}.${column} is a column of numbers`);
      out.set(vector.values.subarray(0, count));
      // A weight that is NULL weighs nothing, a flag that is NULL marks nothing.
      if (vector.nulls.any) for (let i = 0; i < count; i++) if (vector.nulls.flags[i] === 1) out[i] = 0;
    };
  }
}
