import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { SeedBulkError } from "../errors.js";
import type { Model } from "../model/model.js";
import type { ModelOrigin } from "../model/origin.js";
import { displayPath } from "../model/scenario/problems.js";

/** The built-in models, each loaded when it is asked for: a worker needs one, and all take a quarter of a second. */
const LOADERS: Readonly<Record<string, () => Promise<Model>>> = {
  marketing: async () => (await import("./marketing/index.js")).marketing,
  gaming: async () => (await import("./gaming/index.js")).gaming,
  tapflow: async () => (await import("./tapflow/index.js")).tapflow,
  erp: async () => (await import("./erp/index.js")).erp,
};

/** Names of the built-in models. */
export const MODEL_NAMES: readonly string[] = Object.keys(LOADERS);

/** The built-in models by name, and others by their files, as scenarios are checked against them. */
export const ALL_MODELS = {
  get: (name: string, baseDir?: string): Promise<Model | undefined> =>
    isFile(name) ? modelOfFile(resolve(baseDir ?? ".", name)) : builtIn(name),
  keys: (): Iterable<string> => MODEL_NAMES,
};

/** What reads model files: a tenth of a second that built-in models need not wait for, in each thread. */
const reading = () => import("../model/file/read.js");

/** Models of files by what they hold, so that dictionaries are made once a process. */
const known = new Map<string, Model>();
const KNOWN_MAX = 16;

/**
 * A model by its origin; undefined where this version has no built-in model of that name.
 * @throws SeedBulkError SB_MODEL_NOT_FOUND, SB_MODEL_INVALID, and SB_RUN_CHANGED where a program's file is another now
 */
export async function loadModel(origin: ModelOrigin): Promise<Model | undefined> {
  if (origin.kind === "builtIn") return builtIn(origin.name);
  if (origin.kind === "document") {
    const { modelOfDocument } = await reading();
    return remembered(origin.hash, () => modelOfDocument(origin));
  }
  const model = await modelOfFile(origin.file);
  if (model.origin?.kind === "file" && model.origin.hash === origin.hash) return model;
  throw new SeedBulkError("SB_RUN_CHANGED", `${displayPath(origin.file)} is not what it was when the run began`, {
    hint: "Put the file back as it was, or load anew with --replace.",
  });
}

async function builtIn(name: string): Promise<Model | undefined> {
  return Object.hasOwn(LOADERS, name) ? LOADERS[name]() : undefined;
}

/** Whether a model's name is the path of a file. */
export function isFile(name: string): boolean {
  return /[\\/]|\.(ya?ml|[cm]?[jt]s)$/i.test(name);
}

const FILE_CHARS_MAX = 64 * 1024 * 1024;

async function modelOfFile(file: string): Promise<Model> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === "ENOENT" ? "no such file" : cause.message;
    throw new SeedBulkError("SB_MODEL_NOT_FOUND", `cannot read the model ${displayPath(file)}: ${why}`, {
      cause,
      hint: `The built-in models are ${MODEL_NAMES.join(", ")}; one of your own is given by its path, such as ./shop.model.yaml.`,
    });
  });
  if (text.length > FILE_CHARS_MAX) {
    throw new SeedBulkError("SB_MODEL_INVALID", `${displayPath(file)}: a model's file is at most 64 MiB`);
  }
  const { hashOf, readModel } = await reading();
  const hash = hashOf(text);
  // Files beside it may have changed though its own text is the same.
  if (/\.ya?ml$/i.test(file)) {
    const model = readModel(text, file);
    return remembered((model.origin as { readonly hash: string }).hash, () => model);
  }
  const model = await defaultExport(file);
  return remembered(`${file} ${hash}`, () => ({ ...model, origin: { kind: "file", file, hash } }));
}

function remembered(key: string, make: () => Model): Model {
  let model = known.get(key);
  if (model === undefined) {
    if (known.size >= KNOWN_MAX) known.clear();
    model = make();
    known.set(key, model);
  }
  return model;
}

/** What a program's file exports by default, where it is a model. */
async function defaultExport(file: string): Promise<Model> {
  let exported: { readonly default?: unknown };
  try {
    exported = await import(pathToFileURL(file).href);
  } catch (cause) {
    if (cause instanceof SeedBulkError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const isTypes = code === "ERR_UNKNOWN_FILE_EXTENSION" || (code === "ERR_MODULE_NOT_FOUND" && /\.ts$/.test(file));
    throw new SeedBulkError("SB_MODEL_INVALID", `${displayPath(file)} cannot be loaded: ${message}`, {
      cause,
      ...(isTypes && {
        hint: `Node ${process.versions.node} does not run TypeScript by itself: use Node 22.18 or newer, or compile the file to JavaScript.`,
      }),
    });
  }
  const model = exported.default;
  if (typeof model === "object" && model !== null && Array.isArray((model as Partial<Model>).entities))
    return model as Model;
  throw new SeedBulkError("SB_MODEL_INVALID", `${displayPath(file)} has no model as its default export`, {
    hint: "export default defineModel({ … })",
  });
}
