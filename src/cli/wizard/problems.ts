import type * as z from "zod";
import type { ScenarioKnobs } from "../../model/scenario/index.js";

/** Longer names do not fit beside the others in a menu. */
const NAME_CHARS_MAX = 60;

/** What is wrong with a scale as it was typed. */
export function scaleProblem(text: string): string | undefined {
  return isPlainNumber(text) && Number(text) > 0 ? undefined : "expected a number above 0, such as 0.1 or 5";
}

/** What is wrong with a rate as it was typed. */
export function rateProblem(text: string): string | undefined {
  return isPlainNumber(text) && Number(text) <= 1 ? undefined : "expected number from 0 to 1, such as 0.02";
}

/** What is wrong with a seed as it was typed. */
export function seedProblem(text: string): string | undefined {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text))
    ? undefined
    : `expected integer from 0 to ${Number.MAX_SAFE_INTEGER}`;
}

/** What is wrong with one size as it was typed, in the words of the model's own knob. */
export function sizeProblem(knobs: ScenarioKnobs, name: string, text: string): string | undefined {
  const value = parseSize(text);
  if (value === undefined) return "expected a whole number, such as 5000 or 5,000";
  return firstProblem(sectionShape(knobs.sizes)[name].safeParse(value));
}

/** What is wrong with sizes together, such as more sessions than logins; each with the size it is about. */
export function sizesProblems(knobs: ScenarioKnobs, sizes: Readonly<Record<string, number>>): string[] {
  const result = knobs.sizes.safeParse(sizes);
  if (result.success) return [];
  return result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

/** A whole number, with commas between its thousands or without; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  if (!/^(\d+|\d{1,3}(,\d{3})+)$/.test(text)) return undefined;
  return Number(text.replaceAll(",", ""));
}

/**
 * What is wrong with the name of a new scenario.
 * @param isTaken whether there is a file of that name already
 */
export function scenarioNameProblem(text: string, isTaken: (file: string) => boolean): string | undefined {
  const name = withoutEnding(text);
  if (!/^[A-Za-z0-9][\w-]*$/.test(name)) return "expected letters, digits, _ and -, beginning with a letter or digit";
  if (name.length > NAME_CHARS_MAX) return `expected at most ${NAME_CHARS_MAX} characters`;
  return isTaken(`${name}.yaml`) ? `there is a file ${name}.yaml already` : undefined;
}

/** A name as it was typed, with or without `.yaml`. */
export function withoutEnding(text: string): string {
  return text.replace(/\.ya?ml$/i, "");
}

/** What a section's knobs say of themselves, by name. */
export function describedKnobs(section: z.ZodType): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(sectionShape(section)).map(([name, knob]) => [name, knob.description ?? ""]),
  );
}

/** Every section of a model's knobs is a strict object (ScenarioKnobs). */
function sectionShape(section: z.ZodType): Readonly<Record<string, z.ZodType>> {
  return (section as unknown as z.ZodObject).shape as unknown as Readonly<Record<string, z.ZodType>>;
}

function firstProblem(result: z.ZodSafeParseResult<unknown>): string | undefined {
  return result.success ? undefined : result.error.issues[0].message;
}

/** As the options of the command line take it, and as it is printed again: nothing like 1e-7. */
function isPlainNumber(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text) && /^\d+(\.\d+)?$/.test(String(Number(text)));
}
