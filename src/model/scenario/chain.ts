import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { SeedBulkError } from "../../errors.js";
import { type LocatedScenario, locateScenario } from "./locate.js";
import { type MapNode, mergeMaps, nodeAt, withoutKeys } from "./nodes.js";
import type { Origin } from "./origin.js";
import { describeNode, displayPath, formatOrigin, invalidScenario } from "./problems.js";
import { readScenarioFile } from "./read.js";

/** Deeper than anyone can follow by eye; a bound all the same. */
const CHAIN_FILES_MAX = 16;

/** A scenario file merged with all that it extends. */
export interface ScenarioChain {
  readonly root: MapNode;
  /** Absolute paths: the scenario's own file first, then what it extends, and so on. */
  readonly files: readonly string[];
  /** The folder that the scenario's own file was found in by its name. */
  readonly folderModel: string | undefined;
}

/**
 * Reads a scenario and everything it extends, and merges them, the child's values winning.
 * @param reference as for `locateScenario`; a relative path is relative to the working directory
 * @throws SB_SCENARIO_NOT_FOUND, SB_SCENARIO_SYNTAX, SB_SCENARIO_INVALID
 */
export async function loadChain(reference: string, searchDirs: readonly string[]): Promise<ScenarioChain> {
  const own = await locateScenario(reference, { searchDirs, baseDir: process.cwd() });
  const links = [await readLink(own)];
  for (;;) {
    const child = links[links.length - 1];
    const extension = extensionOf(child);
    if (extension === undefined) break;
    const parent = await readLink(await locateParent(extension, child, searchDirs), extension.origin);
    const shown = [...links, parent].map(({ file }) => displayPath(file)).join(" -> ");
    if (links.some(({ realFile }) => realFile === parent.realFile)) {
      throw invalidChain(child, extension.origin, `extends goes in a circle: ${shown}`);
    }
    if (links.length === CHAIN_FILES_MAX) {
      throw invalidChain(child, extension.origin, `a chain of extends is at most ${CHAIN_FILES_MAX} files: ${shown}`);
    }
    links.push(parent);
  }
  const root = links
    .map(({ root }) => root)
    .reduceRight((parent, child) =>
      // What a scenario is called and says of itself is not true of one that extends it.
      mergeScenarios(withoutKeys(parent, ["name", "description", "extends"]), child),
    );
  return { root, files: links.map(({ file }) => file), folderModel: own.model };
}

/** Merges as `mergeMaps` does; the child's way of saying where the window begins replaces the parent's. */
export function mergeScenarios(parent: MapNode, child: MapNode): MapNode {
  const window = parent.entries.get("window");
  const begins = nodeAt(child, ["window", "from"]) ?? nodeAt(child, ["window", "months"]);
  if (window?.node.kind !== "map" || begins === undefined) return mergeMaps(parent, child);
  const entries = new Map(parent.entries);
  entries.set("window", { ...window, node: withoutKeys(window.node, ["from", "months"]) });
  return mergeMaps({ ...parent, entries }, child);
}

interface Link {
  readonly file: string;
  readonly realFile: string;
  readonly model: string | undefined;
  readonly root: MapNode;
}

interface Extension {
  readonly reference: string;
  readonly origin: Origin;
}

async function readLink(located: LocatedScenario, extendsOrigin?: Origin): Promise<Link> {
  const { file } = located;
  const root = await readScenarioFile(file).catch((error: unknown) => {
    throw extendsOrigin === undefined ? error : withOrigin(error, extendsOrigin);
  });
  const model = nodeAt(root, ["model"]);
  const ownModel = model?.kind === "scalar" && typeof model.value === "string" ? model.value : located.model;
  return { file, realFile: await realpath(file), model: ownModel, root };
}

function extensionOf({ root, file }: Link): Extension | undefined {
  const node = nodeAt(root, ["extends"]);
  if (node === undefined) return undefined;
  if (node.kind === "scalar" && typeof node.value === "string" && node.value !== "") {
    return { reference: node.value, origin: node.origin };
  }
  const message = `expected the name or the relative path of one scenario, got ${describeNode(node)}`;
  throw invalidScenario(scenarioNameOf(file), [{ origin: node.origin, path: ["extends"], message }]);
}

async function locateParent(
  extension: Extension,
  child: Link,
  searchDirs: readonly string[],
): Promise<LocatedScenario> {
  const options = { searchDirs, baseDir: dirname(child.file), model: child.model };
  return locateScenario(extension.reference, options).catch((error: unknown) => {
    throw withOrigin(error, extension.origin);
  });
}

/** A file that cannot be found is reported at the `extends` that asked for it; a fault inside it has its own place. */
function withOrigin(error: unknown, origin: Origin): unknown {
  if (!(error instanceof SeedBulkError) || error.code !== "SB_SCENARIO_NOT_FOUND") return error;
  const options = error.hint === undefined ? { cause: error } : { cause: error, hint: error.hint };
  return new SeedBulkError(error.code, `${formatOrigin(origin)} extends: ${error.message}`, options);
}

function invalidChain(child: Link, origin: Origin, message: string): SeedBulkError {
  return invalidScenario(scenarioNameOf(child.file), [{ origin, path: ["extends"], message }]);
}

/** A file's name without its ending: what a scenario is called where it does not say. */
export function scenarioNameOf(file: string): string {
  return basename(file).replace(/\.ya?ml$/i, "");
}
