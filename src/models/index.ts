import type { Model } from "../model/model.js";
import { marketing } from "./marketing/index.js";
import { tapflow } from "./tapflow/index.js";

/** The built-in models by name. */
export const MODELS: ReadonlyMap<string, Model> = new Map([marketing, tapflow].map((model) => [model.name, model]));
