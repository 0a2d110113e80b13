import { dirname } from "node:path";
import type { ModelOrigin } from "../origin.js";
import { loadChain, mergeScenarios, type ScenarioChain, scenarioNameOf } from "./chain.js";
import { nearest } from "./nearest.js";
import { type MapNode, nodeAt, nodeOf, originAt } from "./nodes.js";
import type { Origin } from "./origin.js";
import { overridesNode, type ScenarioOverrides } from "./overrides.js";
import { describeNode, invalidScenario, type Problem, quote } from "./problems.js";
import { KNOB_SECTIONS, type Scenario, type ScenarioKnobs, type ScenarioModel } from "./types.js";
import { type ScenarioValues, validateScenario } from "./validate.js";
import { resolveWindow } from "./window.js";

/** Where a scenario names no seed. */
const SEED_DEFAULT = 42;

/** A scenario worked out, with what `validate` shows of it. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  /** Where each value came from, by its path, such as `sizes.campaigns`; every leaf of the scenario has one. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Absolute paths: the scenario's own file first, then what it extends, and so on. */
  readonly files: readonly string[];
  /** Where its model is from; undefined for the built-in ones. */
  readonly modelOrigin?: ModelOrigin;
}

/** The models there are, by name: a Map, or whatever loads one when it is asked for. */
export interface ModelSource {
  /** @param baseDir what the path of a model's file is relative to */
  get(name: string, baseDir?: string): ScenarioModel | undefined | Promise<ScenarioModel | undefined>;
  keys(): Iterable<string>;
}

/**
 * Finds, reads, merges and checks a scenario.
 * @param options.name a name (`demo`), a model and a name (`marketing/demo`), or a path (`./my.yaml`); a model of one's
 *   own needs none, and may hold scenarios by name itself
 * @param options.model the name or the file of the model, in place of what the scenario says
 * @param options.models the models there are, by name
 * @param options.searchDirs directories that hold `<model>/<name>.yaml`, the first to have one winning
 * @throws SB_SCENARIO_NOT_FOUND, SB_SCENARIO_SYNTAX, and SB_SCENARIO_INVALID with every problem at once
 */
export async function loadScenario(options: {
  name?: string | undefined;
  model?: string | undefined;
  models: ModelSource;
  searchDirs: readonly string[];
  overrides?: ScenarioOverrides;
}): Promise<LoadedScenario> {
  const { models, overrides = {} } = options;
  const given = options.model === undefined ? undefined : await models.get(options.model, process.cwd());
  const { root: own, files, folderModel } = await ownTree(options, given);
  const modelNode = nodeAt(own, ["model"]);
  const modelName = modelNameOf(own);
  const baseDir = modelNode?.origin.kind === "file" ? dirname(modelNode.origin.file) : process.cwd();
  const model = given ?? (modelName === undefined ? undefined : await models.get(modelName, baseDir));
  const based = model?.defaults === undefined ? own : mergeScenarios(model.defaults, own);
  const root = mergeScenarios(based, overridesNode(overrides, based));
  const known = [...models.keys()];
  const ownFile = files[0] ?? options.name ?? model?.name ?? "";
  const resolved = resolveScenario({ root, model, known, scale: overrides.scale, ownFile, folderModel });
  return { ...resolved, files, ...(model?.origin && { modelOrigin: model.origin }) };
}

/** What the scenario itself says: a file with all that it extends, a part of the model's file, or nothing. */
async function ownTree(
  { name, model, searchDirs }: { name?: string | undefined; model?: string | undefined; searchDirs: readonly string[] },
  given: ScenarioModel | undefined,
): Promise<ScenarioChain> {
  if (model === undefined) return loadChain(name ?? "", searchDirs);
  const origin: Origin = { kind: "commandLine", flag: "--model" };
  const saysModel = nodeOf({ model }, origin) as MapNode;
  if (name === undefined) return { root: saysModel, files: [], folderModel: undefined };
  const inFile = given?.scenarios?.get(name);
  if (inFile !== undefined) return { root: mergeScenarios(inFile, saysModel), files: [], folderModel: undefined };
  const { root, files } = await loadChain(name, searchDirs);
  return { root: mergeScenarios(root, saysModel), files, folderModel: undefined };
}

/** Turns a merged tree into a scenario, or throws with all that is wrong with it. */
function resolveScenario(input: {
  root: MapNode;
  model: ScenarioModel | undefined;
  known: readonly string[];
  scale: number | undefined;
  ownFile: string;
  folderModel: string | undefined;
}): Pick<LoadedScenario, "scenario" | "origins"> {
  const { root, model, scale = 1 } = input;
  const modelProblems = problemsOfModel(root, model, input);
  const { values, problems: formProblems } = validateScenario(root, model);
  const { window, problems: windowProblems } = resolveWindow(root);
  const given = nodeAt(root, ["window"]);
  const hasWindow = given !== undefined && (given.kind !== "map" || given.entries.size > 0);
  const problems = [
    ...modelProblems,
    // Of a window that is not there one thing is to be said, and not what each of its keys lacks.
    ...formProblems.filter(({ path }) => hasWindow || path[0] !== "window"),
    ...windowProblems,
    ...scaleProblems(scale, values, model?.knobs),
  ];
  if (problems.length > 0 || model === undefined || values === undefined || window === undefined) {
    throw invalidScenario(scenarioNameOf(input.ownFile), problems);
  }

  const { features, origins: ruled } = resolveFeatures(values.features, model.knobs.dependentFeatures ?? {});
  const scenario: Scenario = {
    name: values.name ?? scenarioNameOf(input.ownFile),
    description: values.description ?? "",
    model: model.name,
    ...(model.origin !== undefined && model.origin.kind !== "builtIn" && { modelHash: model.origin.hash }),
    schema: values.schema ?? model.schema,
    seed: values.seed ?? SEED_DEFAULT,
    scale,
    window,
    sizes: scaleSizes(values.sizes, scale, model.knobs),
    features,
    shares: values.shares,
    weights: values.weights,
    settings: values.settings,
    anomalies: values.anomalies,
  };
  return { scenario, origins: originsOf(scenario, root, ruled) };
}

function modelNameOf(root: MapNode): string | undefined {
  const node = nodeAt(root, ["model"]);
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

function problemsOfModel(
  root: MapNode,
  model: ScenarioModel | undefined,
  { known, folderModel }: { readonly known: readonly string[]; readonly folderModel: string | undefined },
): Problem[] {
  const name = modelNameOf(root);
  const problem = (message: string): Problem => ({ origin: originAt(root, ["model"]), path: ["model"], message });
  if (model === undefined) {
    const [suggestion] = nearest(name ?? "", known, 1);
    const help = suggestion === undefined ? "" : `, did you mean ${quote(suggestion)}?`;
    return [problem(`expected a model (${known.join(", ")}), got ${describeNode(nodeAt(root, ["model"]))}${help}`)];
  }
  // A listing goes by folders without reading what each file extends: the two must agree.
  // A model's file has no folder of its own.
  const isBuiltIn = model.origin === undefined || model.origin.kind === "builtIn";
  const misplaced = isBuiltIn && folderModel !== undefined && folderModel !== name;
  const message = `expected ${quote(String(folderModel))}, the folder that the file is in, got ${quote(model.name)}`;
  return misplaced ? [problem(message)] : [];
}

function scaleProblems(scale: number, values: ScenarioValues | undefined, knobs: ScenarioKnobs | undefined): Problem[] {
  const origin: Origin = { kind: "commandLine", flag: "--scale" };
  if (!(Number.isFinite(scale) && scale > 0))
    return [{ origin, path: [], message: `expected number > 0, got ${scale}` }];
  if (values === undefined || knobs === undefined) return [];
  const scaled = scaleSizes(values.sizes, scale, knobs);
  const problem = (name: string, message: string): Problem => ({
    origin,
    path: [],
    message: `makes sizes.${name} ${scaled[name]}, ${message}`,
  });
  const unsafe = Object.keys(scaled).filter((name) => !Number.isSafeInteger(scaled[name]));
  if (unsafe.length > 0) return unsafe.map((name) => problem(name, "more than 2^53 - 1"));
  const { error } = knobs.sizes.safeParse(scaled);
  return (error?.issues ?? []).map(({ path, message }) => problem(String(path[0]), message));
}

/** What there is any of stays, however small the scale, as many as there must be; what there is none of stays none. */
function scaleSizes(
  sizes: Readonly<Record<string, number>>,
  scale: number,
  knobs: ScenarioKnobs,
): Record<string, number> {
  const scalable = new Set(knobs.scaledSizes ?? Object.keys(sizes));
  const scaled = Object.fromEntries(
    Object.entries(sizes).map(([name, size]) => [
      name,
      size > 0 && scalable.has(name) ? Math.max(1, Math.round(size * scale)) : size,
    ]),
  );
  for (const issue of knobs.sizes.safeParse(scaled).error?.issues ?? []) {
    if (issue.code === "too_small" && issue.path.length === 1) scaled[String(issue.path[0])] = Number(issue.minimum);
  }
  return scaled;
}

/** Switches off what builds on a feature that is off, and what builds on that. */
function resolveFeatures(
  given: Readonly<Record<string, boolean>>,
  dependentFeatures: Readonly<Record<string, readonly string[]>>,
): { features: Record<string, boolean>; origins: Map<string, Origin> } {
  const features = { ...given };
  const origins = new Map<string, Origin>();
  // Each round switches off at least one feature or is the last.
  for (let changed = true; changed; ) {
    changed = false;
    for (const [name, needed] of Object.entries(dependentFeatures)) {
      const missing = needed.find((feature) => !features[feature]);
      if (!features[name] || missing === undefined) continue;
      features[name] = false;
      origins.set(`features.${name}`, { kind: "rule", rule: `off because ${missing} is off` });
      changed = true;
    }
  }
  return { features, origins };
}

function originsOf(scenario: Scenario, root: MapNode, ruled: ReadonlyMap<string, Origin>): Map<string, Origin> {
  const origins = new Map<string, Origin>();
  const fromTree = (path: string[]): Origin => nodeAt(root, path)?.origin ?? { kind: "default" };
  const add = (path: string[], origin: Origin) => origins.set(path.join("."), origin);
  for (const key of ["name", "description", "model", "schema", "seed"]) add([key], fromTree([key]));
  add(["scale"], scenario.scale === 1 ? { kind: "default" } : { kind: "commandLine", flag: "--scale" });
  const beginsAt = nodeAt(root, ["window", "from"]) === undefined ? "months" : "from";
  add(["window", "from"], fromTree(["window", beginsAt]));
  add(["window", "to"], fromTree(["window", "to"]));
  const walk = (value: unknown, path: string[]): void => {
    if (typeof value !== "object" || value === null) {
      add(path, ruled.get(path.join(".")) ?? fromTree(path));
      return;
    }
    for (const [key, child] of Object.entries(value)) walk(child, [...path, key]);
  };
  for (const section of KNOB_SECTIONS) walk(scenario[section], [section]);
  return origins;
}
