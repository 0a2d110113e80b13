import type { Model } from "../model/model.js";

/** The built-in models, each loaded when it is asked for: a worker needs one, and all take a quarter of a second. */
const LOADERS: Readonly<Record<string, () => Promise<Model>>> = {
  marketing: async () => (await import("./marketing/index.js")).marketing,
  gaming: async () => (await import("./gaming/index.js")).gaming,
  tapflow: async () => (await import("./tapflow/index.js")).tapflow,
  erp: async () => (await import("./erp/index.js")).erp,
};

/** Names of the built-in models. */
export const MODEL_NAMES: readonly string[] = Object.keys(LOADERS);

/** The built-in models as scenarios are checked against them. */
export const BUILT_IN = { get: loadModel, keys: (): Iterable<string> => MODEL_NAMES };

/** A built-in model; undefined where there is none of that name. */
export async function loadModel(name: string): Promise<Model | undefined> {
  return Object.hasOwn(LOADERS, name) ? LOADERS[name]() : undefined;
}
