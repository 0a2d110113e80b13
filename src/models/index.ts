import type { Model } from "../model/model.js";
import { erp } from "./erp/index.js";
import { gaming } from "./gaming/index.js";
import { marketing } from "./marketing/index.js";
import { tapflow } from "./tapflow/index.js";

/** The built-in models by name, all of them loaded. Not awaited one by one: `require` takes no module that waits. */
export const MODELS: ReadonlyMap<string, Model> = new Map(
  [marketing, gaming, tapflow, erp].map((model) => [model.name, model]),
);
