import * as z from "zod";
import { parseInstant } from "./instants.js";

// Messages start with "expected": the formatter then adds what was found (problems.ts).

const WEIGHT_MAX = 1_000_000_000;

/**
 * A number of things.
 * @param options.min smallest value allowed, included; 1 unless told
 * @param options.max largest value allowed, included
 */
export function size(defaultValue: number, description: string, options: { min?: number; max?: number } = {}) {
  const { min = 1, max } = options;
  const error = max === undefined ? `expected integer >= ${min}` : `expected integer from ${min} to ${max}`;
  const base = z.int({ error }).min(min, { error });
  // zod.int() has the bound of safe integers already: a second check would report the same twice.
  const bounded = max === undefined ? base : base.max(max, { error });
  return bounded.default(defaultValue).describe(description);
}

/** A switch. */
export function feature(defaultValue: boolean, description: string) {
  return z.boolean({ error: "expected true or false" }).default(defaultValue).describe(description);
}

/** A probability, 0 and 1 included. */
export function share(defaultValue: number, description: string) {
  const error = "expected number from 0 to 1";
  return z.number({ error }).min(0, { error }).max(1, { error }).default(defaultValue).describe(description);
}

/**
 * Any other number.
 * @param options.min smallest value allowed, included
 * @param options.max largest value allowed, included
 * @param options.integer whether fractions are refused
 */
export function setting(
  defaultValue: number,
  description: string,
  options: { min: number; max: number; integer?: boolean },
) {
  const { min, max } = options;
  const error = `expected ${options.integer ? "integer" : "number"} from ${min} to ${max}`;
  const base = options.integer ? z.int({ error }) : z.number({ error });
  return base.min(min, { error }).max(max, { error }).default(defaultValue).describe(description);
}

/** The settings of `modelDays`: how days differ beside what their month and weekday say. */
export function daySettings(defaults: { readonly daySigma: number; readonly growth: number }) {
  return {
    daySigma: setting(
      defaults.daySigma,
      "how far days differ by chance beside what month and weekday say: lognormal spread, 0 for not at all",
      { min: 0, max: 1 },
    ),
    growth: setting(defaults.growth, "how busy an hour at the window's end is beside one at its start", {
      min: 0.1,
      max: 20,
    }),
  };
}

/** A weighted choice among fixed words. A scenario may set some of the weights; the others keep their defaults. */
export function weights<Word extends string>(defaults: Readonly<Record<Word, number>>, description: string) {
  const error = `expected number from 0 to ${WEIGHT_MAX}`;
  const weightOf = (value: number) => z.number({ error }).min(0, { error }).max(WEIGHT_MAX, { error }).default(value);
  const shape = Object.fromEntries(
    Object.entries<number>(defaults).map(([word, value]) => [word, weightOf(value)]),
  ) as Record<Word, ReturnType<typeof weightOf>>;
  return z
    .strictObject(shape)
    .refine(hasPositiveWeight, { error: "at least one weight must be above 0", when: always })
    .prefault({} as z.input<z.ZodObject<typeof shape>>)
    .describe(description);
}

/** A moment, as it is written. */
export function instant() {
  const error = "expected a date (YYYY-MM-DD) or an instant with its zone (YYYY-MM-DDTHH:MM:SSZ)";
  return z.string({ error }).refine((value) => parseInstant(value) !== undefined, { error });
}

/**
 * The arguments of zod's `refine` for a check that one number of a section is at most another:
 * `strictObject({…}).refine(...atMost("delivered", "mailed"))`.
 */
export function atMost<Name extends string>(lesser: Name, greater: Name) {
  const holds = (section: Readonly<Record<Name, number>>) => !(numberIn(section, lesser) > numberIn(section, greater));
  const error = ({ input }: { input?: unknown }) =>
    `${numberIn(input, lesser)} is more than ${greater}, which is ${numberIn(input, greater)}`;
  const path: PropertyKey[] = [lesser];
  return [holds, { error, path, when: always }] as const;
}

/** zod skips refinements where any key is wrong; these run anyway, so that every problem is shown at once. */
const always = () => true;

function hasPositiveWeight(values: unknown): boolean {
  if (typeof values !== "object" || values === null) return true;
  return Object.values(values).some((weight) => typeof weight !== "number" || weight > 0);
}

/** NaN, of which no comparison holds, where the section or its number is of another type. */
function numberIn(section: unknown, name: string): number {
  const value = (section as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === "number" ? value : Number.NaN;
}
