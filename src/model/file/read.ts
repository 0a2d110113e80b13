import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SeedBulkError } from "../../errors.js";
import type { Model } from "../model.js";
import type { ModelOrigin } from "../origin.js";
import { type MapNode, nodeAt, nodeOf, originAt, plainOf, withoutKeys } from "../scenario/nodes.js";
import type { Origin } from "../scenario/origin.js";
import { displayPath, formatProblem } from "../scenario/problems.js";
import { parseScenario } from "../scenario/read.js";
import { assertSound, faultOfModel } from "../soundness.js";
import type { ModelDeclaration } from "./declaration.js";
import { type DeclarationProblem, modelOf } from "./define.js";
import type { ReadBeside } from "./lists.js";

/** More would scroll the first ones away. */
const PROBLEMS_SHOWN_MAX = 50;
const BESIDE_CHARS_MAX = 8 * 1024 * 1024;
/** A model of 10,000 tables, or with 10,000 rows of look-up tables each of which has a few columns, is one to be read. */
const VALUES_MAX = 2_000_000;

/**
 * The model of a YAML file's text.
 * @param file its absolute path, for messages and for later commands
 * @throws SeedBulkError SB_MODEL_INVALID with every problem, each with its line
 */
export function readModel(text: string, file: string): Model {
  const root = parsed(text, file);
  const beside: Record<string, string> = {};
  const readBeside: ReadBeside = (name) => {
    beside[name] = textBeside(file, name);
    return beside[name];
  };
  const declared = plainOf(root);
  const { model, problems } = modelOf(declared, readBeside);
  if (model === undefined) throw invalidModel(file, problems, (path) => originAt(root, path));
  const hash = hashOf(Object.keys(beside).length === 0 ? text : JSON.stringify([text, beside]));
  const origin: ModelOrigin = { kind: "document", file, text: JSON.stringify(declared), beside, hash };
  return whole({ ...model, origin, ...partsOf(root) });
}

/**
 * The model of a document that was read before: in another thread, or by the command that began a run. Its lines are
 * not known any more, and YAML is not read again, which is half of what a model of 500 tables takes.
 * @throws SeedBulkError SB_RUN_CHANGED, SB_MODEL_INVALID where another version made it
 */
export function modelOfDocument(origin: Extract<ModelOrigin, { kind: "document" }>): Model {
  const root = nodeOf(declarationOf(origin), { kind: "default" }) as MapNode;
  const { model, problems } = modelOf(plainOf(root), (name) => origin.beside[name]);
  if (model === undefined) throw invalidModel(origin.file, problems, () => ({ kind: "default" }));
  return whole({ ...model, origin, ...partsOf(root) });
}

/** Versions before kept the file's own text. */
function declarationOf({ file, text }: { readonly file: string; readonly text: string }): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SeedBulkError(
      "SB_RUN_CHANGED",
      `the run keeps ${displayPath(file)} as another version of seed-bulk did`,
      {
        cause,
        hint: "Finish it with that version, or load anew with --replace.",
      },
    );
  }
}

/**
 * A model as a program declares it: the same mapping as in a YAML file, with columns of the vocabulary (`kinds`) or of
 * the program's own making. A file whose default export it is can be named by --model.
 * @throws SeedBulkError SB_MODEL_INVALID with every problem
 */
export function defineModel(declaration: ModelDeclaration): Model {
  const name = typeof declaration?.model === "string" ? declaration.model : "the model";
  const { model, problems } = modelOf(declaration, () => {
    throw new Error("a program reads its lists itself: give their rows");
  });
  if (model === undefined) throw invalidModel(name, problems, () => ({ kind: "default" }));
  const { window, seed, scenarios } = declaration;
  const placed: Origin = { kind: "default" };
  const parts = partsOf(nodeOf({ window, seed, scenarios }, placed) as MapNode);
  return whole({ ...model, ...documentOf(declaration), ...parts });
}

/** What is data alone is a document, which threads get as it is. */
function documentOf(declaration: ModelDeclaration): Pick<Model, "origin"> {
  if (holdsFunction(declaration)) return {};
  const text = JSON.stringify(declaration);
  return {
    origin: {
      kind: "document",
      file: resolve(`${declaration.model}.model.json`),
      text,
      beside: {},
      hash: hashOf(text),
    },
  };
}

function holdsFunction(value: unknown): boolean {
  if (typeof value === "function") return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsFunction);
}

function textBeside(file: string, name: string): string {
  const path = resolve(dirname(file), name);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Error(`cannot read ${name}: ${code === "ENOENT" ? "no such file" : message}`);
  }
  if (text.length > BESIDE_CHARS_MAX) throw new Error(`${name} has more than ${BESIDE_CHARS_MAX} letters`);
  return text;
}

/** SHA-256 of a file's content, in hexadecimal digits. */
export function hashOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The file's window and seed, and its scenarios. */
function partsOf(root: MapNode): Pick<Model, "defaults" | "scenarios"> {
  const others = [...root.entries.keys()].filter((key) => key !== "window" && key !== "seed");
  const isGiven = (key: string): boolean => {
    const node = nodeAt(root, [key]);
    return node !== undefined && !(node.kind === "scalar" && node.value === null);
  };
  const defaults = withoutKeys(root, [...others, ...["window", "seed"].filter((key) => !isGiven(key))]);
  const scenarios = nodeAt(root, ["scenarios"]);
  const entries = scenarios?.kind === "map" ? [...scenarios.entries] : [];
  return {
    defaults,
    scenarios: new Map(entries.flatMap(([name, { node }]) => (node.kind === "map" ? [[name, node] as const] : []))),
  };
}

/** YAML's own faults are told as those of scenarios are. */
function parsed(text: string, file: string): MapNode {
  try {
    return parseScenario(text, file, VALUES_MAX);
  } catch (cause) {
    if (!(cause instanceof SeedBulkError)) throw cause;
    throw new SeedBulkError("SB_MODEL_INVALID", cause.message.replace("scenario keys", "a model's keys"), { cause });
  }
}

/** What is found when the model is looked at as a whole has no line of its own. */
function whole(model: Model): Model {
  try {
    assertSound(model);
  } catch (cause) {
    throw faultOfModel(model, cause);
  }
  return model;
}

function invalidModel(
  file: string,
  problems: readonly DeclarationProblem[],
  placeOf: (path: readonly PropertyKey[]) => Origin,
): SeedBulkError {
  const told = problems.map(({ path, message }) => ({ origin: placeOf(path), path, message }));
  const line = ({ origin }: { readonly origin: Origin }): number => (origin.kind === "file" ? origin.line : 0);
  const lines = told.toSorted((a, b) => line(a) - line(b)).map((problem) => `  ${formatProblem(problem)}`);
  const shown = lines.slice(0, PROBLEMS_SHOWN_MAX);
  if (lines.length > shown.length) shown.push(`  and ${lines.length - shown.length} more`);
  const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
  return new SeedBulkError("SB_MODEL_INVALID", [`the model ${displayPath(file)} has ${count}:`, ...shown].join("\n"), {
    hint: "`seed-bulk kinds` lists the vocabulary.",
  });
}
