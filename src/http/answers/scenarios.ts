import * as z from "zod";
import { inOrder, type Size, sized } from "../../engine/scenario-sizes.js";
import { SeedBulkError } from "../../errors.js";
import type { Model } from "../../model/model.js";
import type { ListedScenario } from "../../model/scenario/index.js";
import { MODELS } from "../../models/index.js";
import { loadModel } from "../../models/load.js";
import type { Knob, Scenarios } from "../schemas.js";
import type { Services } from "../services.js";

/** All scenarios with their values, and all models with what can be set of them. */
export async function scenariosAnswer(services: Services): Promise<Scenarios> {
  const listed = inOrder((await services.listScenarios()).map(sized));
  const own = new Map<string, Model>();
  const scenarios = await Promise.all(listed.map((scenario) => resolved(services, scenario, own)));
  return {
    scenarios,
    models: [...MODELS, ...own].map(([name, model]) => ({
      name,
      description: model.description,
      schema: model.schema,
      knobs: knobsOf(model),
      entities: model.entities.map(({ name, comment, feature }) => ({
        entity: name,
        comment,
        feature: feature ?? null,
      })),
      anomalies: (model.anomalies ?? []).map(({ name, kind, entity, about, rate }) => ({
        name,
        kind,
        entity,
        about,
        rate,
      })),
    })),
  };
}

/**
 * One that cannot be read says why, and the others are listed all the same.
 * @param own gets the models that are not built in, by the folders of their scenarios
 */
async function resolved(
  services: Services,
  listed: ListedScenario & Size,
  own: Map<string, Model>,
): Promise<Scenarios["scenarios"][number]> {
  const { name, model, description, file, rows, bytes, secondsEstimated } = listed;
  const size = { rows, bytes, secondsEstimated };
  const about = { name, model, description, extends: listed.extends ?? null, isIntrospected: file === "", ...size };
  if (listed.problem !== undefined) return { ...about, problem: listed.problem };
  try {
    const { scenario, modelOrigin } = await services.loadScenario(`${model}/${name}`, {});
    if (modelOrigin !== undefined && modelOrigin.kind !== "builtIn") own.set(model, (await loadModel(modelOrigin))!);
    return { ...scenario, ...about, problem: null };
  } catch (error) {
    if (!(error instanceof SeedBulkError)) throw error;
    return { ...about, problem: error.message };
  }
}

const SECTIONS = ["sizes", "features", "shares", "weights", "settings"] as const;

interface JsonSchema {
  readonly type?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** A model's knobs, read from the schemas that check scenarios; a weighted choice is a knob a word. */
export function knobsOf({ knobs }: Model): Knob[] {
  const scaled = new Set(knobs.scaledSizes ?? Object.keys(propertiesOf(knobs.sizes)));
  return SECTIONS.flatMap((section) =>
    Object.entries(propertiesOf(knobs[section])).flatMap(([name, schema]) => {
      const words = Object.entries(schema.properties ?? {});
      const description = schema.description ?? "";
      if (words.length > 0) {
        return words.map(([word, weight]) => knobOf({ section, name: `${name}.${word}`, schema: weight, description }));
      }
      const knob = knobOf({ section, name, schema, description });
      const isScaled = section === "sizes" && scaled.has(name);
      const needs = section === "features" ? [...(knobs.dependentFeatures?.[name] ?? [])] : [];
      return [{ ...knob, isScaled, needs }];
    }),
  );
}

function propertiesOf(schema: z.ZodType): Readonly<Record<string, JsonSchema>> {
  return (z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema).properties ?? {};
}

function knobOf(knob: { section: Knob["section"]; name: string; schema: JsonSchema; description: string }): Knob {
  const { section, name, schema, description } = knob;
  const { type, minimum, maximum } = schema;
  const isBoolean = type === "boolean";
  return {
    section,
    name,
    type: isBoolean ? "boolean" : type === "integer" ? "integer" : "number",
    default: isBoolean ? schema.default === true : Number(schema.default ?? 0),
    description,
    min: minimum ?? null,
    max: maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? null : maximum,
    isScaled: false,
    needs: [],
  };
}
