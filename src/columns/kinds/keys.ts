import * as z from "zod";
import { INT4, INT8, powerOf10, type SqlType, TEXT, typeText } from "../../core/sql-type.js";
import { assert } from "../../errors.js";
import type { Column, DatabaseMade } from "../column.js";
import { id, ordinal, uuidKey } from "../keys.js";
import { oneOf } from "../lists.js";
import { extremeOf, sumOf, valueOfChild } from "../sums.js";
import { constant, copied, numbers } from "../values.js";
import { DeclarationError, type KindContext, kind, path } from "./kind.js";

/** A column of a table whose rows this one owns. */
const childColumn = () => {
  const error = "expected a table and its column, such as lines.amount";
  return z.string({ error }).regex(/^\w+\.\w+$/, { error });
};

/** The declared type, where it is one of those that the kind can make. */
export function typeAmong(context: KindContext, names: readonly string[], fallback: SqlType): SqlType {
  const { type } = context;
  if (type === undefined) return fallback;
  if (type !== "enum" && names.includes(type.name)) return type;
  const got = type === "enum" ? "enum" : typeText(type);
  const wanted = names.filter((name) => name !== "other").join(", ");
  throw new DeclarationError(`expected a type among ${wanted}, got ${got}`, ["type"]);
}

const WHOLE = ["int2", "int4", "int8"];
/** Types whose values are numbers of vectors. */
export const NUMBERS: readonly string[] = [...WHOLE, "numeric", "float8"];

export const KEY_KINDS = [
  kind({
    name: "id",
    value: z.union([z.null(), z.literal("always")], { error: "expected nothing behind it, or always" }).optional(),
    description: "the row's number, from the table's first_id on; an identity column, by default or always",
    example: "id: id",
    canBeUnique: true,
    build: ({ value }, context) => ({
      ...id(typeAmong(context, WHOLE, INT8)),
      ...(value === "always" && { identity: "always" as const }),
    }),
  }),
  kind({
    name: "uuid",
    value: z.strictObject({ time: path() }).optional().nullable(),
    description: "a UUID, another in every row: of version 4, or with a time of version 7, which grows with it",
    example: "id: uuid",
    canBeUnique: true,
    build: ({ value }, context) => {
      if (value?.time !== undefined) requireMoment(value.time, context);
      return uuidKey(value?.time);
    },
  }),
  kind({
    name: "ordinal",
    value: z.int().optional().nullable(),
    description: "which of its owner's rows it is, from 1 or the number given",
    example: "line: ordinal",
    canBeUnique: true,
    build: ({ value }, context) => ordinal(value ?? 1, typeAmong(context, WHOLE, INT4)),
  }),
  kind({
    name: "copy",
    value: path(),
    description: "the value of another column, of this row or of one that a link leads to; a bare path says the same",
    example: "city: { copy: customer.city }",
    canBeUnique: true,
    build: ({ value }, context) => {
      const { type } = context;
      const own = context.typeOf(value);
      const nullable = context.isNullable(value);
      const texts = type !== "enum" && type?.name === "other" ? context.textsOf(value) : undefined;
      // A list knows texts and numbers alone; what it holds may be for a column of any type that the server reads.
      if (texts === undefined) return copied(value, own, { nullable });
      return written(copied(value, type as SqlType, { nullable }), texts);
    },
  }),
  kind({
    name: "count_of",
    value: z.string({ error: "expected the name of a table whose rows this one owns" }),
    description: "how many rows of another table this row owns",
    example: "order_count: { count_of: orders }",
    build: ({ value }, context) => countOf(value, typeAmong(context, WHOLE, INT4)),
  }),
  kind({
    name: "sum_of",
    value: childColumn(),
    description: "the sum of a column of numbers over the rows of another table that this row owns",
    example: "total: { sum_of: lines.amount }",
    build: ({ value }, context) => {
      const [table, column] = value.split(".");
      return sumOf(table, column, numbersIn(context, table, column));
    },
  }),
  kind({
    name: "min_of",
    value: childColumn(),
    description: "the least of a column of numbers or moments over the rows of another table that this row owns",
    example: "least_amount: { min_of: lines.amount }",
    build: ({ value }, context) => extreme("least", value, context),
  }),
  kind({
    name: "max_of",
    value: childColumn(),
    description: "the greatest of a column of numbers or moments over the rows of another table that this row owns",
    example: "greatest_amount: { max_of: lines.amount }",
    build: ({ value }, context) => extreme("greatest", value, context),
  }),
  kind({
    name: "first_of",
    value: childColumn(),
    description: "a column of the first of the rows of another table that this row owns; NULL where it owns none",
    example: "first_amount: { first_of: lines.amount }",
    build: ({ value }, context) => {
      const [table, column] = value.split(".");
      return valueOfChild("first", table, column, context.typeIn(table, column));
    },
  }),
  kind({
    name: "last_of",
    value: childColumn(),
    description: "a column of the last of the rows of another table that this row owns; NULL where it owns none",
    example: "last_amount: { last_of: lines.amount }",
    build: ({ value }, context) => {
      const [table, column] = value.split(".");
      return valueOfChild("last", table, column, context.typeIn(table, column));
    },
  }),
  kind({
    name: "always",
    value: z.union([z.number(), z.boolean(), z.string()], { error: "expected a number, a text, true or false" }),
    description: "the same value in every row",
    example: "currency: { always: EUR }",
    build: ({ value }, context) => always(value, context),
  }),
  kind({
    name: "generated",
    value: z.string({ error: "expected an SQL expression over the table's columns" }).min(1),
    others: { virtual: z.boolean({ error: "expected true or false" }).optional() },
    description: "made by Postgres from other columns of the table: GENERATED ALWAYS AS, stored unless it says virtual",
    example: 'doubled: { generated: "quantity * 2", type: int }',
    build: ({ value, virtual = false }, context) =>
      madeByDatabase(context, { kind: "generated", sql: value, isVirtual: virtual }),
  }),
  kind({
    name: "default",
    value: z.union([z.string().min(1), z.number(), z.boolean()], {
      error: "expected an SQL expression, such as now()",
    }),
    description: "left to Postgres, by the DEFAULT that is given as SQL",
    example: 'loaded_at: { default: "now()", type: timestamptz }',
    build: ({ value }, context) => madeByDatabase(context, { kind: "default", sql: String(value) }),
  }),
] as const;

function madeByDatabase({ type, isHidden }: KindContext, database: DatabaseMade): Column {
  if (type === undefined || type === "enum") throw new DeclarationError("expected a type beside it", ["type"]);
  if (isHidden) throw new DeclarationError("a column that is not stored is not made by Postgres");
  return {
    type,
    reads: [],
    about:
      database.kind === "default" ? `Postgres's default, ${database.sql}` : `generated by Postgres: ${database.sql}`,
    nullable: true,
    database,
    bind: ({ name }) => assert(false, `${name} is made by Postgres, and here nobody knows its values`) as never,
  };
}

function extreme(which: "least" | "greatest", path: string, context: KindContext): Column {
  const [table, column] = path.split(".");
  return extremeOf(which, table, column, numbersIn(context, table, column, ["date", "timestamp", "timestamptz"]));
}

/** The type of a column of numbers of another table. */
function numbersIn(context: KindContext, table: string, column: string, others: readonly string[] = []): SqlType {
  const type = context.typeIn(table, column);
  const names = [...WHOLE, "numeric", "float8", ...others];
  if (!names.includes(type.name)) throw new DeclarationError(`${table}.${column} is of ${type.name}, not of numbers`);
  return type;
}

function requireMoment(at: string, context: KindContext): void {
  const { name } = context.typeOf(at);
  if (name === "timestamptz" || name === "timestamp") return;
  throw new DeclarationError(`${at} is no moment but of the type ${name}`, ["time"]);
}

/** How many children a row has. */
function countOf(child: string, type: SqlType): Column {
  const law = { kind: "children", child } as const;
  return numbers({ type, about: `how many ${child} rows the row owns`, law }, (context) => {
    const { start } = context.fanOut(child);
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = start(rowIndexes[i] + 1) - start(rowIndexes[i]);
    };
  });
}

function always(value: number | boolean | string, context: KindContext): Column {
  if (typeof value === "string" || (context.type !== "enum" && context.type?.name === "other")) {
    const text = String(value);
    return written(oneOf([text], typeAmong(context, ["text", "varchar", "other"], TEXT)), [text]);
  }
  if (typeof value === "boolean") return constant(typeAmong(context, ["bool"], { name: "bool" }), value ? 1 : 0);
  const type = typeAmong(context, [...WHOLE, "numeric", "float8"], INT4);
  return constant(type, value * unitsOf(type));
}

/** A column of words that are written out: of a type without an encoder, the server is asked for their forms. */
export function written(column: Column, words: readonly string[]): Column {
  return column.type.name === "other" ? { ...column, literals: words } : column;
}

/** How many of a vector's units make 1 of the type. */
export function unitsOf(type: SqlType): number {
  return type.name === "numeric" ? powerOf10(type.scale) : 1;
}
