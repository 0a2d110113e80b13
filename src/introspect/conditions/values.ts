import { shapeOf } from "../../columns/shapes.js";
import { powerOf10 } from "../../core/sql-type.js";
import { parseType } from "../../model/file/types.js";
import { ruleContext, WINDOW, withNulls, withoutNulls } from "../columns.js";
import type { DraftColumn, DraftTable } from "../draft.js";
import type { Declared } from "../rules.js";
import { shortType } from "../types.js";
import { allowed, type Facts, matches } from "./facts.js";

/** Texts of the vocabulary's lists may have as many letters as these, and no fewer than the others. */
const LISTED_LONGEST = 60;
const LISTED_SHORTEST = 3;
/** What a number adds to them, that they differ. */
const NUMBER_SHORTEST = 2;

/** Has a column's values meet what conditions ask of them. */
export function meetFacts(table: DraftTable, column: DraftColumn): void {
  const { facts } = column;
  if (facts === undefined || column.isSettled) return;
  const declared = declaredBy(table, column, facts);
  if (declared !== undefined) {
    column.declared = withNulls(declared, column);
    column.why = "as its conditions ask";
  }
  if (facts.isNull === false) column.declared = withoutNulls(column.declared);
}

function declaredBy(table: DraftTable, column: DraftColumn, facts: Facts): Declared | undefined {
  const { type } = column;
  if (facts.in !== undefined) return choiceOf(column, allowed(facts));
  switch (type.family) {
    case "whole":
    case "decimal":
    case "double":
      return numberWithin(column, facts);
    case "text":
    case "fixed":
    case "bytes":
      return textBy(table, column, facts);
    case "enum": {
      const { labels } = column.catalog;
      return facts.notIn.length === 0 ? undefined : { choice: labels!.filter((label) => !facts.notIn.includes(label)) };
    }
    case "bool":
      return facts.notIn.length === 0 ? undefined : { always: facts.notIn.includes("false") };
    case "moment":
    case "date":
      return momentWithin(table, column, facts);
    default:
      return undefined;
  }
}

/** The window that a model's moments lie in, in ms since 1970 UTC. */
const WINDOW_MS = { from: Date.parse(WINDOW.from), to: Date.parse(WINDOW.to) };

/** A moment between bounds that do not leave the whole window. */
function momentWithin(table: DraftTable, column: DraftColumn, { low, high }: Facts): Declared | undefined {
  if (low <= WINDOW_MS.from && high >= WINDOW_MS.to - 1000) return undefined;
  const isApart = low >= WINDOW_MS.to || high < WINDOW_MS.from;
  const year = 365 * 86_400_000;
  const from = isApart ? (Number.isFinite(low) ? low : high - year) : Math.max(low, WINDOW_MS.from);
  const to = isApart ? Math.min(high, from + year) : Math.min(high, WINDOW_MS.to - 1000);
  const seconds = [from, to].map((moment) => Math.floor((moment - WINDOW_MS.from) / 1000));
  const offset = ruleContext(table, column).hidden("_seconds", { integer: seconds, type: "int8" });
  const expr = `window.from + interval '1 second' * ${offset}`;
  const { family, type } = column.type;
  return { expr: family === "date" ? `date(${expr})` : expr, type };
}

/** One of some values, of the column's own type. */
export function choiceOf(
  { type, catalog }: Pick<DraftColumn, "type" | "catalog">,
  values: readonly string[],
): Declared {
  switch (type.family) {
    case "bool":
      return values.length === 2 ? { chance: 0.5 } : { always: values[0] === "true" || values[0] === "t" };
    case "text":
    case "enum":
    case "json":
      return { choice: values, ...(type.type !== "text" && { type: type.type }) };
    case "fixed":
      // As Postgres pads them.
      return { choice: values.map((value) => value.padEnd(type.length)), type: type.type };
    case "written":
      return { choice: values, type: type.type };
    default:
      return { choice: values, type: writtenType({ type, catalog }) };
  }
}

/** A column's type for values that are written out as Postgres reads them. */
export function writtenType({ type, catalog }: Pick<DraftColumn, "type" | "catalog">): string {
  if (type.family === "text" || type.family === "enum" || type.family === "json") return type.type;
  if (type.family === "fixed" || type.family === "written" || type.family === "texts") {
    const short = shortType(catalog.base);
    // Those that have an encoder here are written out all the same.
    return parseType(short)?.name === "other" ? short : `pg_catalog.${short}`;
  }
  // With its modifier, by which the server rounds.
  const own = { decimal: catalog.base, bytes: "bytea" }[type.family as string] ?? type.type;
  return `pg_catalog.${own}`;
}

function numberWithin({ type, declared }: DraftColumn, { low, high, notIn }: Facts): Declared | undefined {
  if (low === -Infinity && high === Infinity && notIn.length === 0) return undefined;
  const [least, most] = [Math.max(low, -type.largest), Math.min(high, type.largest)];
  const {
    integer,
    decimal,
    lognormal,
    exponential,
    type: _type,
    nulls: _nulls,
    ...bounds
  } = declared as {
    readonly integer?: readonly [number, number];
    readonly decimal?: readonly [number, number];
    readonly lognormal?: readonly [number, number];
    readonly exponential?: number;
    readonly type?: string;
    readonly nulls?: number;
    readonly low?: number;
    readonly high?: number;
  };
  const [usualLow, usualHigh] = integer ?? decimal ?? [bounds.low ?? 0, bounds.high ?? 1000];
  let [from, to] = [Math.max(usualLow, least), Math.min(usualHigh, most)];
  if (from > to)
    [from, to] = usualLow > most ? [Math.max(least, most - 1000), most] : [least, Math.min(most, least + 1000)];
  [from, to] = longestWithout(notIn.map(Number), {
    from,
    to,
    step: type.family === "whole" ? 1 : powerOf10(-type.scale),
  });
  if (lognormal !== undefined && lognormal[0] > from && lognormal[0] < to) {
    return { lognormal, low: from, high: to, type: type.type };
  }
  if (exponential !== undefined && from < exponential && to > exponential) {
    return { exponential, low: from, high: to, type: type.type };
  }
  if (type.family === "whole") return { integer: [Math.ceil(from), Math.floor(to)], type: type.type };
  return { decimal: [round(from, type.scale), round(to, type.scale)], type: type.type };
}

/** The longest stretch of numbers without some of them. */
function longestWithout(
  values: readonly number[],
  { from, to, step }: { readonly from: number; readonly to: number; readonly step: number },
): [number, number] {
  const inside = values.filter((value) => value >= from && value <= to).sort((a, b) => a - b);
  const ends = [...inside.map((value) => value - step), to];
  const stretches = ends.map((end, at): [number, number] => [at === 0 ? from : inside[at - 1] + step, end]);
  return stretches.reduce((best, one) => (one[1] - one[0] > best[1] - best[0] ? one : best));
}

function round(value: number, scale: number): number {
  return Number(value.toFixed(Math.max(scale, 6)));
}

/** Whether texts by the column's rule are such as conditions ask for, as far as one of them tells. */
function keepsRule({ rule }: DraftColumn, facts: Facts): boolean {
  const { example, length = Infinity } = rule ?? {};
  const fits = facts.shortest <= LISTED_SHORTEST + NUMBER_SHORTEST && facts.longest >= length;
  if (example === undefined || !fits || facts.letters === "upper") return false;
  return allowed({ ...facts, in: [example] }).length > 0 && facts.regexes.every((regex) => matches(regex, example));
}

function textBy(table: DraftTable, column: DraftColumn, facts: Facts): Declared | undefined {
  if (keepsRule(column, facts)) return undefined;
  const matching = matchingBy(column, facts);
  if (matching !== undefined) return matching;
  const { shortest } = facts;
  const longest = Math.min(facts.longest, column.type.length);
  if (shortest <= LISTED_SHORTEST && longest >= LISTED_LONGEST && facts.letters === undefined) {
    const isLong = longest < 500 && JSON.stringify(column.declared).includes("paragraph");
    return isLong ? { text: `{${noun(table, column)}}`, ...typed(column) } : undefined;
  }
  if (facts.letters === "lower" && shortest <= LISTED_SHORTEST && longest >= LISTED_LONGEST) {
    return { text: `{${noun(table, column)}}`, ...typed(column) };
  }
  return {
    matching: `^[${facts.letters === "upper" ? "A-Z" : "a-z"}]{${usualLength(column, facts)}}$`,
    ...typed(column),
  };
}

/** A slug, of small letters and digits alone. */
function noun(table: DraftTable, column: DraftColumn): string {
  const context = ruleContext(table, column);
  return context.hidden("_slug", { slug: context.hidden("_noun", { word: "noun" }) });
}

function typed({ type }: DraftColumn): { readonly type?: string } {
  return type.type === "text" ? {} : { type: type.type };
}

/** Text by the last of the regular expressions that can be read and whose texts the others match too. */
function matchingBy(column: DraftColumn, { regexes, shortest, longest }: Facts): Declared | undefined {
  const lengths = { least: shortest, most: Math.min(longest, column.type.length) };
  for (const regex of regexes) {
    if (shapeOf(regex, lengths) === undefined) continue;
    const isBounded = shortest > 0 || lengths.most < Infinity;
    const length = isBounded ? { length: [lengths.least, Math.min(lengths.most, 2000)] } : {};
    return { matching: regex, ...length, ...typed(column) };
  }
  return undefined;
}

function usualLength({ type }: DraftColumn, { shortest, longest }: Facts): number {
  return type.family === "fixed" ? type.length : Math.max(Math.ceil(shortest), Math.min(longest, type.length, 12));
}

/** How a column's texts differ in all rows while they meet what is asked of them; undefined for other columns. */
export function differingBy(column: DraftColumn): { readonly declared: Declared; readonly most: number } | undefined {
  const { facts, type } = column;
  if (facts === undefined || !["text", "fixed", "bytes"].includes(type.family) || facts.in !== undefined)
    return undefined;
  if (keepsRule(column, facts)) return undefined;
  const matching = matchingBy(column, facts) as
    | { readonly matching: string; readonly length?: [number, number] }
    | undefined;
  if (matching !== undefined) {
    const [least, most] = matching.length ?? [0, 2000];
    const places = shapeOf(matching.matching, { least, most }) ?? [];
    const size = places.reduce((product, { letters }) => product * letters.length, 1);
    return { declared: { ...matching, unique: true }, most: Math.min(size, Number.MAX_SAFE_INTEGER) };
  }
  const isUsual =
    facts.shortest <= LISTED_SHORTEST + NUMBER_SHORTEST &&
    facts.longest >= 32 &&
    facts.letters === undefined &&
    facts.regexes.length === 0;
  if (isUsual) return undefined;
  const length = usualLength(column, facts);
  const letters = facts.letters === "upper" ? "A-Z0-9" : "a-z0-9";
  return {
    declared: { matching: `^[${letters}]{${length}}$`, ...typed(column), unique: true },
    most: Math.min(36 ** length, Number.MAX_SAFE_INTEGER),
  };
}
