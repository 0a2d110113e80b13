import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { openUniverse } from "../engine/open-universe.js";
import { scaledToRows } from "../engine/scaled-to-rows.js";
import { SeedBulkError } from "../errors.js";
import type { Model } from "../model/model.js";
import { buildPlan, type Plan } from "../model/plan.js";
import { type LoadedScenario, loadScenario } from "../model/scenario/index.js";
import { nearest } from "../model/scenario/nearest.js";
import type { Universe } from "../model/universe.js";
import { ALL_MODELS, isFile } from "../models/load.js";
import { scenarioDirs } from "../platform/package.js";

/** The options that say which data: the same for every command that makes or describes some. */
export interface ScenarioOptions {
  readonly scenario?: string;
  /** The file of a model of one's own. */
  readonly model?: string;
  readonly seed?: number;
  readonly scale?: number;
  readonly multiplier?: number;
  readonly from?: string;
  readonly to?: string;
  readonly schema?: string;
  readonly size?: Readonly<Record<string, number>>;
  readonly feature?: Readonly<Record<string, boolean>>;
  readonly anomaly?: Readonly<Record<string, number>>;
}

/** Which plan somebody reckons with. */
export interface ExpectedPlanOptions {
  /** Its SHA-256, or the beginning of it. */
  readonly expectPlan?: string;
}

/** Adds the options that say which data. */
export function withScenarioOptions(command: Command): Command {
  return command
    .option("-s, --scenario <name>", "a scenario's name (see `seed-bulk scenarios`) or a YAML file")
    .option("--model <file>", "a model of your own, in YAML, JavaScript or TypeScript")
    .option("--seed <n>", "another seed than the scenario's", wholeNumber(0))
    .option("--scale <x>", "multiply the scenario's sizes", positiveNumber)
    .option("--multiplier <x>", "the same as --scale", positiveNumber)
    .option("--from <date>", "the window's start, YYYY-MM-DD or ISO instant in UTC")
    .option("--to <date>", "the window's end, not included")
    .option("--schema <name>", "the Postgres schema to load into")
    .option("--size <name=n>", "one of the scenario's sizes, before --scale; may be given again", sizeOf)
    .option("--feature <name=on|off>", "switch a feature of the model; may be given again", featureSwitch)
    .option("--anomaly <name=rate>", "how often an anomaly strikes, 0 to 1; may be given again", anomalyRate);
}

/** Adds --expect-plan. */
export function withExpectedPlanOption(command: Command): Command {
  return command.option("--expect-plan <sha256>", "refuse data of another plan; its beginning is enough", planDigest);
}

/** How many rows all tables are to have together, in the place of a scale. */
export interface RowsOptions {
  readonly rows?: number | undefined;
}

/** Adds --rows. */
export function withRowsOption(command: Command): Command {
  return command.option(
    "--rows <n>",
    "scale the sizes so that all tables together have about as many rows",
    wholeNumber(1),
  );
}

/** More threads than this gain nothing and cost memory each. */
const WORKERS_MAX = 256;

/** Adds --workers. @param mayBeNone whether 0 leaves the rows to `seed-bulk work` */
export function withWorkersOption(command: Command, mayBeNone = false): Command {
  const workers = Math.min(WORKERS_MAX, availableParallelism());
  const what = mayBeNone ? "worker threads; 0 leaves the rows to `seed-bulk work`, on any machine" : "worker threads";
  return command.option("-w, --workers <n>", what, wholeNumber(mayBeNone ? 0 : 1, WORKERS_MAX), workers);
}

/** Loads the scenario that the options name. */
export async function scenarioOf(options: ScenarioOptions, { rows }: RowsOptions = {}): Promise<LoadedScenario> {
  const { scenario, model, seed, scale = options.multiplier, from, to, schema, size, feature, anomaly } = options;
  if (scenario === undefined && model === undefined) {
    throw new SeedBulkError("SB_USAGE", "expected --scenario with a scenario's name, or --model with a model's file", {
      hint: "`seed-bulk scenarios` lists the scenarios there are; `seed-bulk init` writes a model to begin with.",
    });
  }
  const load = (scale: number | undefined): Promise<LoadedScenario> => {
    const overrides = { seed, scale, from, to, schema, sizes: size, features: feature, anomalies: anomaly };
    return loadScenario({ name: scenario, model, models: ALL_MODELS, searchDirs: scenarioDirs(), overrides });
  };
  if (rows === undefined) return load(scale);
  if (scale === undefined) return scaledToRows(load, rows);
  throw new SeedBulkError("SB_USAGE", "expected --rows or --scale, not both", {
    hint: "Each of them decides the sizes.",
  });
}

/** Opens the universe of a model itself, at the scale at which its tables have about as many rows as are asked for. */
export async function scenarioOfModel(
  model: Model,
  { rows, seed }: { readonly rows: number; readonly seed?: number },
): Promise<Universe> {
  const models = { get: async () => model, keys: () => [model.name] };
  const load = (scale: number): Promise<LoadedScenario> =>
    loadScenario({ name: undefined, model: model.name, models, searchDirs: [], overrides: { seed, scale } });
  const { scenario, modelOrigin } = await scaledToRows(load, rows);
  return openUniverse(scenario, modelOrigin);
}

/** What names the scenario, as plain data that finds it again from anywhere: a file by its absolute path. */
export function sourceOf(options: ScenarioOptions, { rows }: RowsOptions = {}): Readonly<Record<string, unknown>> {
  const { scenario, model: file, seed, scale = options.multiplier, from, to, schema, size, feature, anomaly } = options;
  const isPath = scenario !== undefined && /[\\/]|\.ya?ml$/i.test(scenario) && existsSync(scenario);
  const name = isPath ? resolve(scenario) : scenario;
  const model = file !== undefined && isFile(file) ? resolve(file) : file;
  const given = Object.entries({ scenario: name, model, seed, scale, rows, from, to, schema, size, feature, anomaly });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** Opens the universe of the scenario that the options name. */
export async function universeOf(options: ScenarioOptions, rows: RowsOptions = {}): Promise<Universe> {
  const { scenario, modelOrigin } = await scenarioOf(options, rows);
  return openUniverse(scenario, modelOrigin);
}

/**
 * Makes the plan of what the options name, and refuses one that is not what somebody reckons with: a benchmark's
 * figures, a test's rows and a dashboard's numbers are of one data set.
 * @throws SeedBulkError SB_PLAN_UNEXPECTED
 */
export function expectedPlan(
  universe: Universe,
  only: readonly string[] | undefined,
  { expectPlan }: ExpectedPlanOptions,
): Plan {
  const plan = buildPlan(universe, only);
  if (expectPlan === undefined || plan.hash.startsWith(expectPlan)) return plan;
  throw new SeedBulkError("SB_PLAN_UNEXPECTED", `the plan has the SHA-256 ${plan.hash}, not ${expectPlan}`, {
    hint: "Nothing was written. The scenario, the model, an option or the version of seed-bulk is another than the one that it was noted of.",
  });
}

/**
 * The entity that a word on the command line means: its name or its alias.
 * @throws SeedBulkError SB_ENTITY_NOT_FOUND
 */
export function requireEntity(universe: Universe, name: string): string {
  const found = universe.entities.find((entity) => entity.name === name || entity.alias === name);
  if (found !== undefined) return found.name;
  const names = universe.entities.map((entity) => entity.name);
  const [guess] = nearest(name, names, 1);
  throw new SeedBulkError(
    "SB_ENTITY_NOT_FOUND",
    `the scenario "${universe.scenario.name}" has no entity "${name}"${guess ? `, did you mean "${guess}"?` : ""}`,
    { hint: `Its entities are: ${names.join(", ")}.` },
  );
}

/** Parses a whole number of at least `low`. */
export function wholeNumber(low: number, high: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high) {
      const upTo = high === Number.MAX_SAFE_INTEGER ? "" : ` up to ${high}`;
      throw new InvalidArgumentError(`It is a whole number from ${low}${upTo}.`);
    }
    return value;
  };
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError("It is a number above 0, such as 0.1 or 5.");
  }
  return value;
}

function planDigest(text: string): string {
  if (!/^[0-9a-f]{8,64}$/i.test(text)) {
    throw new InvalidArgumentError("It is the plan's SHA-256 as `plan` shows it, or at least its first 8 digits.");
  }
  return text.toLowerCase();
}

/** Parses `a,b,c`. */
export function nameList(text: string): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.length === 0) throw new InvalidArgumentError("It is a list of names with commas between them.");
  return names;
}

function sizeOf(text: string, previous: Readonly<Record<string, number>> = {}): Record<string, number> {
  const match = /^([A-Za-z]\w*)=(\d{1,12}(?:\.\d{1,6})?)$/.exec(text);
  if (!match) throw new InvalidArgumentError("It is a size's name, = and a number; `validate` shows the sizes.");
  return { ...previous, [match[1]]: Number(match[2]) };
}

function featureSwitch(text: string, previous: Readonly<Record<string, boolean>> = {}): Record<string, boolean> {
  const match = /^([A-Za-z]\w*)=(on|off)$/.exec(text);
  if (!match) throw new InvalidArgumentError("It is a feature's name with =on or =off behind it.");
  return { ...previous, [match[1]]: match[2] === "on" };
}

function anomalyRate(text: string, previous: Readonly<Record<string, number>> = {}): Record<string, number> {
  const match = /^([a-z][a-z0-9_]*)=(0(?:\.\d+)?|1(?:\.0+)?)$/.exec(text);
  if (!match) throw new InvalidArgumentError("It is an anomaly's name, = and a rate from 0 to 1.");
  return { ...previous, [match[1]]: Number(match[2]) };
}
