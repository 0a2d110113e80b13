import { readdir, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { SeedBulkError } from "../../errors.js";
import { nearest } from "./nearest.js";
import { quote } from "./problems.js";

/** A scenario file in one of the search directories. */
export interface KnownScenario {
  /** The file's name without its ending. */
  readonly name: string;
  /** The folder that it lies in. */
  readonly model: string;
  /** Absolute path. */
  readonly file: string;
}

/** Where a scenario's file is; `model` is the folder's, known only where a name led there. */
export interface LocatedScenario {
  readonly file: string;
  readonly model?: string;
}

const YAML_ENDING = /\.ya?ml$/i;
const SUGGESTIONS_MAX = 3;

/**
 * Every `<searchDir>/<model>/<name>.yaml`, by model and name. Of two with the same model and name the one in the earlier
 * directory counts. A directory that does not exist holds none.
 */
export async function knownScenarios(searchDirs: readonly string[]): Promise<KnownScenario[]> {
  const known = new Map<string, KnownScenario>();
  for (const searchDir of searchDirs) {
    for (const model of await entriesOf(searchDir)) {
      const folder = resolve(searchDir, model);
      for (const entry of (await entriesOf(folder)).filter((name) => YAML_ENDING.test(name))) {
        const name = entry.replace(YAML_ENDING, "");
        const key = `${model}/${name}`;
        if (!known.has(key)) known.set(key, { name, model, file: join(folder, entry) });
      }
    }
  }
  return [...known.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, scenario]) => scenario);
}

/**
 * Finds the file that a reference means: `demo`, `marketing/demo`, or a path.
 * @param reference a path where it begins with `.` or `/` or ends in `.yaml` or `.yml`, or has a `/` and is no known `model/name`
 * @param options.baseDir what a relative path is relative to
 * @param options.model the model to prefer where several have a scenario of this name
 * @throws SB_SCENARIO_NOT_FOUND, for a name that several models have as well
 */
export async function locateScenario(
  reference: string,
  options: { searchDirs: readonly string[]; baseDir: string; model?: string | undefined },
): Promise<LocatedScenario> {
  const path = resolve(options.baseDir, reference);
  if (isAbsolute(reference) || reference.startsWith(".") || YAML_ENDING.test(reference)) return { file: path };

  const known = await knownScenarios(options.searchDirs);
  const named = known.filter(({ name, model }) => name === reference || `${model}/${name}` === reference);
  const match = named.length > 1 ? named.find(({ model }) => model === options.model) : named[0];
  if (match !== undefined) return { file: match.file, model: match.model };
  if (named.length > 1) throw ambiguous(reference, named);
  if (reference.includes("/") && (await exists(path))) return { file: path };
  throw notFound(reference, known);
}

function ambiguous(reference: string, named: readonly KnownScenario[]): SeedBulkError {
  const choices = named.map(({ model, name }) => `${model}/${name}`).join(", ");
  const message = `several models have a scenario ${quote(reference)}: ${choices}`;
  return new SeedBulkError("SB_SCENARIO_NOT_FOUND", message, { hint: `Write one of ${choices}.` });
}

function notFound(reference: string, known: readonly KnownScenario[]): SeedBulkError {
  const names = known.map(({ model, name }) => (reference.includes("/") ? `${model}/${name}` : name));
  const near = nearest(reference, names, SUGGESTIONS_MAX);
  const suggestion = near.length === 0 ? "" : `, did you mean ${near.map(quote).join(" or ")}?`;
  const all = known.length === 0 ? "none" : known.map(({ model, name }) => `${model}/${name}`).join(", ");
  return new SeedBulkError("SB_SCENARIO_NOT_FOUND", `no scenario ${quote(reference)}${suggestion}`, {
    hint: `Known scenarios: ${all}. A file of your own is given by its path, such as ./my.yaml.`,
  });
}

/** Names in a folder, sorted, because the file system's order is not the same on every machine. */
async function entriesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
