import * as z from "zod";
import { JSONB } from "../../core/sql-type.js";
import type { Column } from "../column.js";
import { compileExpression } from "../expression/compile.js";
import { ExpressionError } from "../expression/parse.js";
import { type JsonTemplate, json, jsonSql } from "../json.js";
import { drawnFrom, ownRow, pickedRow } from "../picks.js";
import { typeAmong, written } from "./keys.js";
import { DeclarationError, type KindContext, kind } from "./kind.js";

const EXPRESSION_CHARS_MAX = 10_000;

export const COMPUTED_KINDS = [
  kind({
    name: "expr",
    value: z
      .union([z.string(), z.number(), z.boolean()], { error: "expected an expression, such as quantity * 9.90" })
      .transform(String)
      .refine((text) => text.length <= EXPRESSION_CHARS_MAX, {
        error: "expected an expression of at most 10,000 letters",
      }),
    description:
      "computed from columns of the row and through links, as Postgres would: + - * / %, ||, comparisons, and, or, not, " +
      "is null, in, between, case, interval '3 days', coalesce, nullif, least, greatest, abs, round, floor, ceil, sqrt, " +
      "length, date, year, month, day, hour, minute, dow",
    example: 'amount: { expr: "case when quantity > 10 then quantity * 8.90 else quantity * 9.90 end" }',
    canBeUnique: true,
    build: ({ value }, context) => expression(value, context),
  }),
  kind({
    name: "pick",
    value: z.string({ error: "expected the name of one of the model's lists" }),
    description:
      "a row of one of the model's lists, by its weights: a column that begins with _ holds the row, whose columns are " +
      "read through it (_place.city); any other one holds what is in a list of one column",
    example: "_place: { pick: places }",
    build: ({ value }, context) => picked(value, context),
  }),
  kind({
    name: "row_of",
    value: z.string({ error: "expected the name of one of the model's lists" }),
    description:
      "the rows of one of the model's lists in turn, the first for the first row; a column that begins with _, through " +
      "which the list's columns are read (_there.code)",
    example: "_there: { row_of: places }",
    build: ({ value }, context) => {
      if (!context.isHidden) throw new DeclarationError("expected a column whose name begins with _");
      return ownRow(context.listOf(value).size);
    },
  }),
  kind({
    name: "json",
    value: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())], {
      error: "expected a mapping of keys to columns, or a list",
    }),
    description:
      "a jsonb document: a text in it is the path of a column, { always: … } a literal, and mappings and lists are " +
      "themselves",
    example: "details: { json: { city: city, sent: { from: first_name, copies: [1, 2], by: { always: mail } } } }",
    build: ({ value }, context) => {
      typeAmong(context, ["jsonb"], JSONB);
      const template = jsonTemplate(value, context, []);
      return { ...json(template), law: { kind: "computed", sql: jsonSql(template), isRounded: false } };
    },
  }),
] as const;

const JSON_DEPTH_MAX = 20;

function jsonTemplate(given: unknown, context: KindContext, at: readonly PropertyKey[]): JsonTemplate {
  if (at.length > JSON_DEPTH_MAX) throw new DeclarationError(`expected at most ${JSON_DEPTH_MAX} levels`);
  if (typeof given === "string") {
    readable(given, context);
    return { kind: "path", path: given };
  }
  if (given === null || typeof given === "number" || typeof given === "boolean")
    return { kind: "literal", value: given };
  if (Array.isArray(given)) {
    return { kind: "array", items: given.map((item, i) => jsonTemplate(item, context, [...at, i])) };
  }
  const entries = Object.entries(given as object);
  if (entries.length === 1 && entries[0][0] === "always") {
    const [[, value]] = entries;
    if (value === null || ["string", "number", "boolean"].includes(typeof value)) {
      return { kind: "literal", value: value as string | number | boolean | null };
    }
  }
  return { kind: "object", entries: entries.map(([key, value]) => [key, jsonTemplate(value, context, [...at, key])]) };
}

/** @throws DeclarationError where a path leads nowhere, or to what JSON has no form for */
function readable(path: string, context: KindContext): void {
  const { name } = context.typeOf(path);
  if (name === "text[]") throw new DeclarationError(`${path} is of the type ${name}, which a document cannot hold`);
}

function picked(name: string, context: KindContext): Column {
  const { size, weights, columns } = context.listOf(name);
  const row = pickedRow(size, weights);
  if (context.isHidden) return row;
  const held = [...columns];
  if (held.length !== 1) {
    throw new DeclarationError(
      `the list ${name} has the columns ${[...columns.keys()].join(", ")}: pick a row into a column that begins with _, and read them through it`,
    );
  }
  const [[, { type, values }]] = held;
  const own = typeAmong(context, [type.name, ...(type.name === "text" ? ["varchar", "other"] : [])], type);
  const words = values.flatMap((value) => (value === null ? [] : [String(value)]));
  return written(drawnFrom(row, { type: own, values }), words);
}

function expression(text: string, context: KindContext): Column {
  const { type } = context;
  if (type === "enum") throw new DeclarationError("an expression makes no enum: use choice", ["type"]);
  try {
    const compiled = compileExpression(text, context, type);
    const { reads, nullable, sql, isRounded } = compiled;
    return {
      type: compiled.type,
      reads,
      about: text,
      ...(nullable && { nullable }),
      ...(sql !== undefined && { law: { kind: "computed", sql, isRounded } }),
      bind(context, inputs) {
        return compiled.bind(context, inputs);
      },
    };
  } catch (error) {
    if (error instanceof ExpressionError) throw new DeclarationError(error.message);
    throw error;
  }
}
