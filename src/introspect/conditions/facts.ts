import { powerOf10 } from "../../core/sql-type.js";
import type { CatalogColumn } from "../catalog.js";
import type { ColumnType } from "../types.js";
import type { Branch } from "./condition.js";

/** What conditions ask of a column's values: of all of them, in every row in which there is one. */
export interface Facts {
  /** True where there is none, false where there must be one. */
  readonly isNull?: boolean;
  readonly in?: readonly string[];
  readonly notIn: readonly string[];
  /** Both included. */
  readonly low: number;
  readonly high: number;
  readonly shortest: number;
  readonly longest: number;
  readonly regexes: readonly string[];
  readonly letters?: "lower" | "upper";
}

export const NO_FACTS: Facts = {
  notIn: [],
  low: -Infinity,
  high: Infinity,
  shortest: 0,
  longest: Infinity,
  regexes: [],
};

/** What is known of a column once a part of a condition holds too; undefined where both cannot be. */
export function withPart(
  facts: Facts,
  part: Branch[number],
  column: { readonly catalog: CatalogColumn; readonly type: ColumnType },
): Facts | undefined {
  const isContradiction = part.kind === "null" && facts.isNull === !part.isNull;
  const merged = isContradiction ? undefined : merge(facts, part, column.type);
  return merged !== undefined && isPossible(merged, column.catalog) ? merged : undefined;
}

function merge(facts: Facts, part: Branch[number], { family, scale }: ColumnType): Facts {
  switch (part.kind) {
    case "null":
      return { ...facts, isNull: part.isNull };
    case "in":
      if (!part.isIn) return { ...facts, notIn: [...facts.notIn, ...part.values] };
      return { ...facts, in: facts.in?.filter((value) => part.values.includes(value)) ?? part.values };
    case "range": {
      const isWhole = family === "whole" || part.of === "length";
      const isTime = part.of === "value" && (family === "moment" || family === "date");
      const step = part.op.length === 2 ? 0 : isTime ? 1000 : isWhole ? 1 : powerOf10(-scale);
      if (part.of === "length") {
        return part.op.startsWith(">")
          ? { ...facts, shortest: Math.max(facts.shortest, part.bound + step) }
          : { ...facts, longest: Math.min(facts.longest, part.bound - step) };
      }
      return part.op.startsWith(">")
        ? { ...facts, low: Math.max(facts.low, part.bound + step) }
        : { ...facts, high: Math.min(facts.high, part.bound - step) };
    }
    case "regex":
      return { ...facts, regexes: [...facts.regexes, part.regex] };
    case "case":
      return { ...facts, letters: part.to };
    default:
      return facts;
  }
}

function isPossible(facts: Facts, { notNull }: CatalogColumn): boolean {
  if (facts.isNull) return !notNull;
  if (facts.low > facts.high || facts.shortest > facts.longest) return false;
  return facts.in === undefined || allowed(facts).length > 0;
}

/** The values of a list that nothing else rules out. */
export function allowed({ in: values = [], notIn, low, high, shortest, longest, regexes }: Facts): string[] {
  const known = values.filter((value) => regexes.every((regex) => matches(regex, value)));
  return (known.length > 0 ? known : values).filter((value) => {
    if (notIn.includes(value) || value.length < shortest || value.length > longest) return false;
    const number = Number(value);
    return value.trim() === "" || Number.isNaN(number) || (number >= low && number <= high);
  });
}

/** Whether a text matches a regular expression, as far as Postgres' ones mean the same here. */
export function matches(regex: string, text: string): boolean {
  try {
    return new RegExp(regex, "u").test(text);
  } catch {
    return true;
  }
}
