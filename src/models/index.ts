import type { Model } from "../model/model.js";
import { loadModel, MODEL_NAMES } from "./load.js";

/** The built-in models by name, all of them loaded. */
export const MODELS: ReadonlyMap<string, Model> = new Map(
  await Promise.all(MODEL_NAMES.map(async (name) => [name, (await loadModel({ kind: "builtIn", name }))!] as const)),
);
