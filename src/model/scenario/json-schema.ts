import * as z from "zod";
import { KNOB_SECTIONS } from "./types.js";
import { scenarioSchema } from "./validate.js";

type Json = Record<string, unknown>;

/** What editors complete and check scenario files by; what a model's knobs are called, only the model knows. */
export function scenarioJsonSchema(): Json {
  const { $schema, required: _all, properties, ...rest } = jsonOf(scenarioSchema());
  const { window, ...others } = properties as Record<string, Json>;
  const { required: _both, ...bounds } = window;
  const sections = Object.fromEntries(
    KNOB_SECTIONS.map((name) => [name, { type: "object", description: SECTIONS[name] }]),
  );
  return {
    $schema,
    title: "A scenario of seed-bulk",
    ...rest,
    properties: {
      ...others,
      extends: { type: "string", description: "the scenario that this one begins from: a name or a file" },
      model: { type: "string", description: "a built-in model's name, or the path of a model's file" },
      window: bounds,
      ...sections,
    },
  };
}

const SECTIONS: Readonly<Record<(typeof KNOB_SECTIONS)[number], string>> = {
  sizes: "numbers of rows by name",
  features: "what is left in or out, by name",
  shares: "shares from 0 to 1 by name",
  weights: "weights by label, by name",
  settings: "other numbers by name",
  anomalies: "what goes wrong, by the anomaly's name: rate, when, bursts, from",
};

/** A JSON Schema of what a zod schema takes; refinements that JSON Schema cannot say are left out. */
export function jsonOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json;
}
