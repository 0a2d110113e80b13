import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { isNode, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { SeedBulkError } from "../errors.js";
import { nearest } from "../model/scenario/nearest.js";
import { displayPath } from "../model/scenario/problems.js";
import { isFile } from "../models/load.js";

const byName = <T extends z.ZodType>(value: T) => z.record(z.string(), value);

const SETTINGS = {
  scenario: z.string().min(1).describe("the scenario of commands that are given none"),
  model: z.string().min(1).describe("the file of a model of one's own, beside this one"),
  seed: z.int().min(0),
  scale: z.number().gt(0).describe("what the scenario's sizes are multiplied by"),
  rows: z.int().min(1).describe("rows of all tables together, in the place of a scale"),
  from: z.string().describe("the window's start, YYYY-MM-DD or an ISO instant"),
  to: z.string().describe("the window's end, not included"),
  schema: z.string().min(1).max(63).describe("the Postgres schema to load into"),
  sizes: byName(z.number().min(0)).describe("single sizes by name, before the scale"),
  features: byName(z.boolean()).describe("features of the model, by name"),
  anomalies: byName(z.number().min(0).max(1)).describe("rates of anomalies, by name"),
  workers: z.int().min(1).max(256).describe("worker threads"),
  maxRows: z.int().min(1).describe("refuse a plan of more rows"),
  adoptSchema: z.boolean().describe("load into a schema that seed-bulk did not make"),
  database: z
    .strictObject({ env: z.string().regex(/^[A-Za-z_]\w*$/, "expected the name of an environment variable") })
    .describe("the environment variable that holds the database's URL, which is a secret and does not stand in a file"),
} as const;

const Settings = z.strictObject(SETTINGS).partial();

/** `seed-bulk.config.yaml`: what is meant where a command line says nothing. */
export const ConfigFile = Settings.extend({
  profiles: byName(Settings).optional().describe("further settings by name, which --profile takes"),
});
export type ConfigFile = z.input<typeof ConfigFile>;

/** Settings as they hold for one command. */
export type Config = z.output<typeof Settings> & { readonly file: string };

/** A config with its types checked by the editor: `export default defineConfig({ … })` in seed-bulk.config.ts. */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config;
}

/** What editors complete and check config files by. */
export function configJsonSchema(): object {
  return { title: "seed-bulk config", ...z.toJSONSchema(ConfigFile) };
}

/**
 * Reads a config file.
 * @param profile whose settings stand in the place of the others'
 * @throws SeedBulkError SB_CONFIG_INVALID
 */
export async function readConfig(file: string, profile: string | undefined): Promise<Config> {
  const { profiles = {}, ...common } = /\.ya?ml$/i.test(file) ? fromYaml(file) : await fromProgram(file);
  if (profile !== undefined && !Object.hasOwn(profiles, profile)) {
    const names = Object.keys(profiles);
    const [guess] = nearest(profile, names, 1);
    throw new SeedBulkError(
      "SB_CONFIG_INVALID",
      `${displayPath(file)} has no profile "${profile}"${guess ? `, did you mean "${guess}"?` : ""}`,
      { hint: names.length > 0 ? `Its profiles are: ${names.join(", ")}.` : "It has none: `profiles:` takes them." },
    );
  }
  const settings = { ...common, ...(profile !== undefined && profiles[profile]) };
  const beside = (name: string): string => (isFile(name) ? resolve(dirname(file), name) : name);
  return {
    ...settings,
    ...(settings.model !== undefined && { model: beside(settings.model) }),
    ...(settings.scenario !== undefined && { scenario: beside(settings.scenario) }),
    file,
  };
}

function fromYaml(file: string): z.output<typeof ConfigFile> {
  const lines = new LineCounter();
  const document = parseDocument(textOf(file), { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken !== undefined) throw invalid(file, lines.linePos(broken.pos[0]).line, broken.message);
  return checked(file, document.toJS() ?? {}, (path) => {
    // What is missing or misspelt stands in what surrounds it.
    for (let depth = path.length; depth >= 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  });
}

async function fromProgram(file: string): Promise<z.output<typeof ConfigFile>> {
  let exported: { readonly default?: unknown };
  try {
    exported = await import(pathToFileURL(file).href);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new SeedBulkError("SB_CONFIG_INVALID", `${displayPath(file)} cannot be loaded: ${message}`, {
      cause,
      ...(code === "ERR_UNKNOWN_FILE_EXTENSION" && {
        hint: `Node ${process.versions.node} does not run TypeScript by itself: use Node 22.18 or newer, or write seed-bulk.config.yaml.`,
      }),
    });
  }
  return checked(file, exported.default, () => undefined);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "no such file" : message;
    throw new SeedBulkError("SB_CONFIG_INVALID", `cannot read the config ${displayPath(file)}: ${why}`, { cause });
  }
}

function checked(
  file: string,
  value: unknown,
  lineOf: (path: readonly (string | number)[]) => number | undefined,
): z.output<typeof ConfigFile> {
  const { success, data, error } = ConfigFile.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  if (issue.code !== "unrecognized_keys") {
    const where = path.length > 0 ? `${path.join(".")}: ` : "";
    throw invalid(file, lineOf(path), `${where}${issue.message}`);
  }
  const [key] = issue.keys;
  const known = Object.keys(path.length === 0 ? ConfigFile.shape : path[0] === "database" ? { env: 0 } : SETTINGS);
  const [guess] = nearest(key, known, 1);
  const hint = `${path.length === 0 ? "A config" : path.join(".")} takes ${known.join(", ")}.`;
  throw invalid(file, lineOf([...path, key]), `there is no "${key}"${guess ? `, did you mean "${guess}"?` : ""}`, hint);
}

function invalid(file: string, line: number | undefined, problem: string, hint?: string): SeedBulkError {
  const where = `${displayPath(file)}${line === undefined ? "" : `:${line}`}`;
  return new SeedBulkError("SB_CONFIG_INVALID", `${where}: ${problem}`, hint === undefined ? {} : { hint });
}

/** Commands that say which data they are about; others that have such an option mean something else by it. */
const OF_DATA: ReadonlySet<string> = new Set([
  "generate",
  "plan",
  "preview",
  "sample",
  "explain",
  "export",
  "validate",
]);

/** The names of options whose settings are called otherwise. */
const OPTION_NAMES: Readonly<Record<string, string>> = { sizes: "size", features: "feature", anomalies: "anomaly" };
const DATA_SETTINGS: ReadonlySet<string> = new Set([
  ...["scenario", "model", "seed", "scale", "rows", "from", "to", "schema"],
  ...Object.keys(OPTION_NAMES),
]);

/** Of these, whoever names one on the command line means none of the others. */
const EITHER = [
  ["scenario", "model"],
  ["rows", "scale", "multiplier"],
] as const;

/** Makes a config's settings what a command takes where its line says nothing. */
export function applyConfig(command: Command, { file: _file, database: _database, ...settings }: Config): void {
  for (const [setting, value] of Object.entries(settings)) {
    if (DATA_SETTINGS.has(setting) && !OF_DATA.has(command.name())) continue;
    const name = OPTION_NAMES[setting] ?? setting;
    const option = command.options.find((one) => one.attributeName() === name);
    // `preview --rows` counts the rows that it shows.
    if (option === undefined || (name === "rows" && option.short !== undefined)) continue;
    command.setOptionValueWithSource(name, value, "config");
  }
  command.hook("preAction", (_, action) => {
    for (const names of EITHER) {
      const isTold = names.some((name) => action.getOptionValueSource(name) === "cli");
      for (const name of isTold ? names : []) {
        if (action.getOptionValueSource(name) === "config") action.setOptionValue(name, undefined);
      }
    }
  });
}
