import { isAbsolute, relative, sep } from "node:path";
import { SeedBulkError } from "../../errors.js";
import type { ScenarioNode } from "./nodes.js";
import type { Origin } from "./origin.js";

/** One thing that is wrong with a scenario. */
export interface Problem {
  readonly origin: Origin;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** More would scroll the first ones away. */
const PROBLEMS_SHOWN_MAX = 50;
const SHOWN_CHARS_MAX = 60;

/** The error that lists every problem of a scenario, in the order of the text, those of the command line first. */
export function invalidScenario(name: string, problems: readonly Problem[]): SeedBulkError {
  const lines = [...problems].sort(byOrigin).map((problem) => `  ${formatProblem(problem)}`);
  const shown = lines.slice(0, PROBLEMS_SHOWN_MAX);
  if (lines.length > shown.length) shown.push(`  and ${lines.length - shown.length} more`);
  const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
  return new SeedBulkError("SB_SCENARIO_INVALID", [`scenario ${quote(name)} has ${count}:`, ...shown].join("\n"));
}

/** One line: where, which key, what is wrong. */
export function formatProblem({ origin, path, message }: Problem): string {
  const where = formatOrigin(origin);
  const key = origin.kind === "commandLine" ? "" : formatPath(path);
  return key === "" ? `${where}: ${message}` : `${where} ${key}: ${message}`;
}

/** An origin as people read it: `scenarios/marketing/demo.yaml:4:3`, `--seed`, `model default`, or the rule's text. */
export function formatOrigin(origin: Origin): string {
  switch (origin.kind) {
    case "file":
      return `${displayPath(origin.file)}:${origin.line}:${origin.column}`;
    case "commandLine":
      return origin.flag;
    case "default":
      return "model default";
    case "rule":
      return origin.rule;
  }
}

/** A path below the working directory is shown relative to it. */
export function displayPath(file: string): string {
  const fromHere = relative(process.cwd(), file);
  return fromHere === "" || fromHere === ".." || fromHere.startsWith(`..${sep}`) || isAbsolute(fromHere)
    ? file
    : fromHere;
}

/** Keys joined by dots; one that is not a plain word is quoted, so that it cannot pass for something else. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.map((step) => (/^[\w-]{1,60}$/.test(String(step)) ? String(step) : quote(String(step)))).join(".");
}

/** A text in double quotes, shortened, its control characters escaped. */
export function quote(text: string): string {
  const short = text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text;
  // JSON leaves DEL, C1 and the bidirectional controls as they are; a terminal would act on them.
  return JSON.stringify(short).replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
}

/** What was found, as an error names it. */
export function describeNode(node: ScenarioNode | undefined): string {
  if (node === undefined) return "nothing";
  if (node.kind === "map") return "a mapping";
  if (node.kind === "list") return "a list";
  return typeof node.value === "string" ? quote(node.value) : String(node.value);
}

function byOrigin(a: Problem, b: Problem): number {
  if (a.origin.kind !== "file" || b.origin.kind !== "file") {
    return Number(a.origin.kind === "file") - Number(b.origin.kind === "file");
  }
  if (a.origin.file !== b.origin.file) return a.origin.file < b.origin.file ? -1 : 1;
  return a.origin.line - b.origin.line || a.origin.column - b.origin.column;
}
