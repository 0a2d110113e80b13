import type { AnomalyFacts, RowProgram } from "../columns/column.js";
import type { Marks } from "../core/marks.js";
import { type CellKey, cellBits, multiplyHigh } from "../core/random.js";
import type { NumberVector } from "../core/vectors.js";
import { assert, SeedBulkError } from "../errors.js";
import type { ModelAnomaly } from "./anomalies.js";
import type { Model } from "./model.js";
import { instantUs } from "./scenario/instants.js";
import type { Scenario } from "./scenario/types.js";
import { type StrikePlan, type StrikePool, strikePool } from "./strikes.js";

/** Rows that an anomaly adds after an entity's own ones. */
export interface AppendedRows {
  readonly anomaly: string;
  readonly count: number;
  /** Whether each is the same as its source but for the ID. */
  readonly isCopy: boolean;
  /** The row that a row is made after: itself for the entity's own ones. */
  sourceOf(row: number): number;
}

/** What anomalies are worked out from: a universe's rows without those that they add. */
export interface AnomalySource {
  readonly model: Model;
  readonly scenario: Scenario;
  has(entity: string): boolean;
  ownRowCount(entity: string): number;
  key(entity: string, column: string): CellKey;
  marks(entity: string, column: string): Marks;
  program(entity: string, columns: readonly string[]): RowProgram;
}

/** The anomalies of a model under one scenario. */
export interface Anomalies {
  facts(name: string): AnomalyFacts;
  pool(entity: string, among?: string): StrikePool;
  appendedTo(entity: string): AppendedRows | undefined;
  labelCount(): number;
  /** Weighs whatever marks rows, so that no worker has to. */
  prepare(): void;
}

/** Works out, when asked, which rows each anomaly strikes or adds. */
export function anomaliesOf(source: AnomalySource): Anomalies {
  const all = source.model.anomalies ?? [];
  const pools = new Map<string, StrikePool>();
  const appended = new Map<string, AppendedRows | undefined>();
  const present = all.filter(({ entity }) => source.has(entity));

  const pool = (entity: string, among?: string): StrikePool => {
    const name = `${entity}#${among ?? ""}`;
    const known = pools.get(name);
    if (known !== undefined) return known;
    const made = makePool(source, entity, among);
    pools.set(name, made);
    return made;
  };
  const appendedTo = (entity: string): AppendedRows | undefined => {
    if (!appended.has(entity)) appended.set(entity, makeAppended(source, entity));
    return appended.get(entity);
  };
  const facts = (name: string): AnomalyFacts => {
    const anomaly = all.find((candidate) => candidate.name === name);
    assert(anomaly !== undefined, `the model ${source.model.name} has an anomaly ${name}`);
    const { entity, among } = anomaly;
    const settings = source.scenario.anomalies[name];
    const code = codeOf(source, anomaly);
    return {
      ...settings,
      code,
      count: countOf(source, anomaly),
      ...(settings.from !== undefined && { fromUs: instantUs(settings.from) }),
      rowOf: anomaly.appended
        ? (index) => source.ownRowCount(entity) + index
        : (index) => pool(entity, among).rowOf(code, index),
    };
  };
  const labelCount = (): number => present.reduce((sum, anomaly) => sum + countOf(source, anomaly), 0);
  const prepare = (): void => {
    for (const { entity, among, appended } of present) if (appended === undefined) pool(entity, among);
  };
  return { facts, pool, appendedTo, labelCount, prepare };
}

function codeOf({ model }: AnomalySource, anomaly: ModelAnomaly): number {
  return model.anomalies!.indexOf(anomaly) + 1;
}

/** A share of the entity's rows, exact to the row. */
function countOf(source: AnomalySource, { name, entity }: ModelAnomaly): number {
  return Math.round(source.scenario.anomalies[name].rate * source.ownRowCount(entity));
}

function makePool(source: AnomalySource, entity: string, among: string | undefined): StrikePool {
  const anomalies = source.model.anomalies!.filter(
    (one) => one.entity === entity && one.among === among && one.appended === undefined,
  );
  const isStruck = anomalies.some((anomaly) => countOf(source, anomaly) > 0);
  const marks = isStruck && among !== undefined ? source.marks(entity, among) : undefined;
  const size = marks?.size ?? source.ownRowCount(entity);
  const plans = anomalies.map((anomaly) => strikePlan(source, anomaly, marks));
  const wanted = plans.reduce((sum, { count }) => sum + count, 0);
  if (wanted > size) {
    const names = anomalies.map(({ name }) => name).join(", ");
    throw new SeedBulkError(
      "SB_SCENARIO_INVALID",
      `the anomalies ${names} are to strike ${wanted} rows of ${entity}, and only ${size} can be struck`,
      { hint: "Lower their rates: a rate is a share of all the entity's rows, and one row shows one anomaly at most." },
    );
  }
  return strikePool({ size, marks, key: source.key(entity, `anomalies#${among ?? ""}`) }, plans);
}

function strikePlan(source: AnomalySource, anomaly: ModelAnomaly, marks: Marks | undefined): StrikePlan {
  const { name, entity, bursts: taken, since } = anomaly;
  const { when, bursts, from } = source.scenario.anomalies[name];
  const count = countOf(source, anomaly);
  const common = { code: codeOf(source, anomaly), count };
  if (when === "spread" || taken !== true || count === 0) return { ...common, bursts: 0 };
  if (from === undefined) return { ...common, bursts };
  const first = firstRowFrom(source, entity, since, instantUs(from));
  return { ...common, bursts, fromRank: marks === undefined ? first : firstRankFrom(marks, first) };
}

/** The rank of the first marked row that is not before another row. */
function firstRankFrom({ size, rowOf }: Marks, row: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (rowOf(middle) < row) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, Math.min(low, size - 1));
}

/** The first row whose moment is not before another, of an entity whose moments grow with its IDs: by bisection. */
function firstRowFrom(source: AnomalySource, entity: string, path: string, atUs: number): number {
  const program = source.program(entity, [path]);
  let low = 0;
  let high = source.ownRowCount(entity);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    program.run(middle, 1);
    if ((program.vector(path) as NumberVector).values[0] < atUs) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, source.ownRowCount(entity) - 1);
}

function makeAppended(source: AnomalySource, entity: string): AppendedRows | undefined {
  const anomaly = source.model.anomalies?.find((one) => one.entity === entity && one.appended !== undefined);
  if (anomaly === undefined) return undefined;
  const count = countOf(source, anomaly);
  if (count === 0) return undefined;
  const own = source.ownRowCount(entity);
  const key = source.key(entity, `appended#${anomaly.name}`);
  // One source from each of as many stretches of rows: distinct, and in the order of rows, so that siblings stay together.
  const sourceOf = (row: number): number => {
    if (row < own) return row;
    const start = Math.floor(((row - own) * own) / count);
    const size = Math.floor(((row - own + 1) * own) / count) - start;
    return start + multiplyHigh(cellBits(key, row - own, 0), size);
  };
  return {
    anomaly: anomaly.name,
    count,
    isCopy: anomaly.appended === "copy",
    sourceOf,
  };
}
