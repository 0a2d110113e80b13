import type { SqlType } from "../../core/sql-type.js";

/**
 * What an expression's values are, and how a vector holds them: exact numbers as whole units of 10^-scale, real ones as
 * they are, truth as 0 and 1, moments and intervals in µs, dates in days.
 */
export type ValueType =
  | { readonly kind: "exact"; readonly scale: number }
  | { readonly kind: "real" | "text" | "bool" | "moment" | "date" | "interval" | "null" };

export const EXACT: ValueType = { kind: "exact", scale: 0 };
export const REAL: ValueType = { kind: "real" };
export const TEXTS: ValueType = { kind: "text" };
export const TRUTH: ValueType = { kind: "bool" };
export const MOMENT: ValueType = { kind: "moment" };
export const DATES: ValueType = { kind: "date" };
export const INTERVAL: ValueType = { kind: "interval" };

/** What the values of a column are in an expression; undefined for types that it cannot work with. */
export function valueTypeOf(type: SqlType): ValueType | undefined {
  switch (type.name) {
    case "int2":
    case "int4":
    case "int8":
      return EXACT;
    case "numeric":
      return { kind: "exact", scale: type.scale };
    case "float8":
      return REAL;
    case "text":
    case "varchar":
    case "enum":
      return TEXTS;
    case "bool":
      return TRUTH;
    case "timestamp":
    case "timestamptz":
      return MOMENT;
    case "date":
      return DATES;
    default:
      return undefined;
  }
}

/** Whether a column of a type can take an expression's values. */
export function fits(value: ValueType, type: SqlType): boolean {
  if (value.kind === "null") return true;
  const own = valueTypeOf(type);
  if (own === undefined) return false;
  return own.kind === value.kind || (isNumber(own) && isNumber(value));
}

export function isNumber({ kind }: ValueType): boolean {
  return kind === "exact" || kind === "real";
}

/** What people call the values of a type. */
export function nameOf({ kind }: ValueType): string {
  if (kind === "exact" || kind === "real") return "a number";
  if (kind === "bool") return "true or false";
  return kind === "null" ? "NULL" : kind === "interval" ? "an interval" : `a ${kind}`;
}
