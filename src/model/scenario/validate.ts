import * as z from "zod";
import { anomalyKnobs } from "./anomaly-knobs.js";
import { instant } from "./knobs.js";
import { nearest } from "./nearest.js";
import { type MapNode, nodeAt, originAt, plainOf } from "./nodes.js";
import { describeNode, type Problem, quote } from "./problems.js";
import { KNOB_SECTIONS, type ScenarioKnobs, type ScenarioModel } from "./types.js";
import { MONTHS_MAX } from "./window.js";

const NAME_CHARS_MAX = 100;
const DESCRIPTION_CHARS_MAX = 2000;
/** Postgres cuts longer identifiers short without an error. */
const IDENTIFIER_BYTES_MAX = 63;
const KNOWN_KEYS_SHOWN_MAX = 20;

/** A scenario's keys, each of the right form; how they relate is not yet checked. */
export type ScenarioValues = z.output<ReturnType<typeof scenarioSchema>>;

/**
 * Checks the form of every key of a merged scenario.
 * @param model undefined where the model is not known; its sections then go unchecked
 * @returns the values, or every problem
 */
export function validateScenario(
  root: MapNode,
  model: Pick<ScenarioModel, "knobs" | "anomalies"> | undefined,
): { values: ScenarioValues; problems: [] } | { values: undefined; problems: Problem[] } {
  const schema = scenarioSchema(model?.knobs ?? UNKNOWN_KNOBS, model && anomalyKnobs(model.anomalies ?? []));
  const plain = plainOf(root) as Record<string, unknown>;
  // Sections are not optional to zod: an absent one is made of its defaults.
  for (const section of ["window", ...KNOB_SECTIONS]) plain[section] = section in plain ? plain[section] : {};
  const result = schema.safeParse(plain);
  if (result.success) return { values: result.data, problems: [] };
  return { values: undefined, problems: result.error.issues.flatMap((issue) => problemsOf(issue, root, schema)) };
}

/** Strings are checked here and not transformed, so that messages can show them as they were written. */
export function scenarioSchema(
  knobs: ScenarioKnobs = UNKNOWN_KNOBS,
  anomalies: ReturnType<typeof anomalyKnobs> = UNKNOWN_ANOMALIES,
) {
  return z.strictObject({
    name: text(NAME_CHARS_MAX)
      .regex(/^\P{Cc}*$/u, { error: "expected text without control characters" })
      .optional(),
    description: text(DESCRIPTION_CHARS_MAX)
      .regex(/^[\P{Cc}\n]*$/u, { error: "expected text without control characters" })
      .optional(),
    extends: z.unknown().optional(),
    model: z.unknown().optional(),
    schema: schemaName().optional(),
    seed: seed().optional(),
    window: z.strictObject({
      from: instant().optional(),
      to: instant(),
      months: z
        .int({ error: MONTHS_ERROR })
        .min(1, { error: MONTHS_ERROR })
        .max(MONTHS_MAX, { error: MONTHS_ERROR })
        .optional(),
    }),
    sizes: knobs.sizes,
    features: knobs.features,
    shares: knobs.shares,
    weights: knobs.weights,
    settings: knobs.settings,
    anomalies,
  });
}

const MONTHS_ERROR = `expected integer from 1 to ${MONTHS_MAX}`;

const UNKNOWN_KNOBS: ScenarioKnobs = {
  sizes: z.any().transform(() => ({})),
  features: z.any().transform(() => ({})),
  shares: z.any().transform(() => ({})),
  weights: z.any().transform(() => ({})),
  settings: z.any().transform(() => ({})),
};

const UNKNOWN_ANOMALIES = z.any().transform(() => ({}));

function text(charsMax: number) {
  const error = `expected text of 1 to ${charsMax} characters`;
  return z.string({ error }).min(1, { error }).max(charsMax, { error });
}

function seed() {
  const error = `expected integer from 0 to ${Number.MAX_SAFE_INTEGER}`;
  return z.int({ error }).min(0, { error });
}

function schemaName() {
  const error = `expected the name of a Postgres schema, 1 to ${IDENTIFIER_BYTES_MAX} bytes, not beginning with pg_`;
  return z.string({ error }).refine(
    (name) => {
      const bytes = Buffer.byteLength(name);
      return bytes > 0 && bytes <= IDENTIFIER_BYTES_MAX && !/^pg_|^information_schema$|\p{Cc}/u.test(name);
    },
    { error },
  );
}

function problemsOf(issue: z.core.$ZodIssue, root: MapNode, schema: z.ZodType): Problem[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, issue.path, root, schema));
  const message = issue.message
    .replace("expected object", "expected a mapping")
    .replace(/^Invalid (input|option): /, "")
    .replace(/, received .*$/s, "");
  const got = message.startsWith("expected ") ? `, got ${describeNode(nodeAt(root, issue.path))}` : "";
  return [{ origin: originAt(root, issue.path), path: issue.path, message: message + got }];
}

function unknownKey(key: string, parent: PropertyKey[], root: MapNode, schema: z.ZodType): Problem {
  const holder = nodeAt(root, parent);
  const entry = holder?.kind === "map" ? holder.entries.get(key) : undefined;
  const path = [...parent, key];
  const known = keysAt(schema, parent);
  const [suggestion] = nearest(key, known, 1);
  const help = suggestion === undefined ? `; known keys: ${listed(known)}` : `, did you mean ${quote(suggestion)}?`;
  return { origin: entry?.keyOrigin ?? originAt(root, path), path, message: `unknown key ${quote(key)}${help}` };
}

function listed(keys: readonly string[]): string {
  const rest = keys.length - KNOWN_KEYS_SHOWN_MAX;
  const shown = keys.slice(0, KNOWN_KEYS_SHOWN_MAX).join(", ");
  return rest > 0 ? `${shown} and ${rest} more` : shown || "none";
}

/** The keys of the object schema at a path, looking through defaults. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let current: unknown = schema;
  for (const step of [...path, undefined]) {
    while (current instanceof z.ZodDefault || current instanceof z.ZodPrefault || current instanceof z.ZodOptional) {
      current = current.unwrap();
    }
    if (!(current instanceof z.ZodObject)) return [];
    if (step === undefined) return Object.keys(current.shape);
    current = (current.shape as Record<PropertyKey, unknown>)[step];
  }
  return [];
}
