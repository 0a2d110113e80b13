import type { Model } from "../model/model.js";
import { marketing } from "./marketing/index.js";

/** The built-in models by name. */
export const MODELS: ReadonlyMap<string, Model> = new Map([[marketing.name, marketing]]);
