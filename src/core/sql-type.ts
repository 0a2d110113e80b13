/** The Postgres types that columns may have. A value's unit in a vector stands beside each. */
export type SqlType =
  | { readonly name: "int2" | "int4" | "int8" | "float8" }
  /** 0 or 1. */
  | { readonly name: "bool" }
  /** Whole number of units of 10^-scale, up to 2^53: cents for scale 2. */
  | { readonly name: "numeric"; readonly precision: number; readonly scale: number }
  | { readonly name: "text" | "jsonb" | "uuid" | "text[]" }
  | { readonly name: "varchar"; readonly length: number }
  /** Days since 1970-01-01; ±Infinity. */
  | { readonly name: "date" }
  /** Microseconds since 1970-01-01 (UTC for timestamptz); ±Infinity. Digits of the second, 6 without them. */
  | { readonly name: "timestamp" | "timestamptz"; readonly precision?: number }
  /** An IPv4 address as a number, or 4 or 16 bytes as text. */
  | { readonly name: "inet" }
  /** Any other type by its name in SQL: words as Postgres reads them, whose binary form the server gives. */
  | { readonly name: "other"; readonly sql: string }
  | { readonly name: "enum"; readonly type: string; readonly labels: readonly string[] };

export const INT2: SqlType = { name: "int2" };
export const INT4: SqlType = { name: "int4" };
export const INT8: SqlType = { name: "int8" };
export const FLOAT8: SqlType = { name: "float8" };
export const BOOL: SqlType = { name: "bool" };
export const TEXT: SqlType = { name: "text" };
export const TEXT_ARRAY: SqlType = { name: "text[]" };
export const JSONB: SqlType = { name: "jsonb" };
export const UUID: SqlType = { name: "uuid" };
export const INET: SqlType = { name: "inet" };
export const DATE: SqlType = { name: "date" };
export const TIMESTAMP: SqlType = { name: "timestamp" };
export const TIMESTAMPTZ: SqlType = { name: "timestamptz" };

/** numeric(precision, scale). */
export function numeric(precision: number, scale: number): SqlType {
  return { name: "numeric", precision, scale };
}

/** varchar(length), length in characters. */
export function varchar(length: number): SqlType {
  return { name: "varchar", length };
}

/** An enum type of the model's schema, with its labels in order. */
export function enumType(type: string, labels: readonly string[]): SqlType {
  return { name: "enum", type, labels };
}

/** 10^exponent, exact up to 10^22: `**` is the platform's own approximation. */
export function powerOf10(exponent: number): number {
  return Number(`1e${exponent}`);
}

/** A type as SQL writes it; an enum by its name alone. */
export function typeText(type: SqlType): string {
  switch (type.name) {
    case "numeric":
      return `numeric(${type.precision},${type.scale})`;
    case "varchar":
      return `varchar(${type.length})`;
    case "enum":
      return type.type;
    case "other":
      return type.sql;
    case "timestamp":
    case "timestamptz":
      return type.precision === undefined ? type.name : `${type.name}(${type.precision})`;
    default:
      return type.name;
  }
}
