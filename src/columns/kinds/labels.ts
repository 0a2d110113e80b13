import * as z from "zod";
import { chanceQuotas, quotaBefore, STRATUM_ROWS, stratumRanksOf } from "../../core/quota.js";
import { enumType, type SqlType, TEXT, TEXT_ARRAY, typeText } from "../../core/sql-type.js";
import { numberVector, type WordVector } from "../../core/vectors.js";
import { assertFits } from "../bounds.js";
import type { Column } from "../column.js";
import { SUBSET_LABELS_MAX, someOf } from "../lists.js";
import { choice, codes } from "../values.js";
import { NUMBERS, typeAmong, unitsOf, written } from "./keys.js";
import { DeclarationError, type KindContext, kind, range } from "./kind.js";

const labelled = (error: string) =>
  z
    .record(z.string(), z.number({ error }).min(0, { error }), { error })
    .refine((weights) => Object.values(weights).some((weight) => weight > 0), {
      error: `${error}, one of them above 0`,
    });

const someLabels = () => {
  const error = "expected weights by label, a list of labels, or the model's weights such as weights.status";
  return z.union(
    [
      labelled(error),
      z.array(z.union([z.string(), z.number(), z.boolean()], { error }).transform(String)).min(1, { error }),
      z.string({ error }).regex(/^weights\.\w+$/, { error }),
    ],
    { error },
  );
};

export const LABEL_KINDS = [
  kind({
    name: "choice",
    value: someLabels(),
    description: "one of a few labels, by weight, or evenly where they are a list; with `type: enum` of an enum type",
    example: "tier: { choice: { gold: 5, silver: 15, basic: 80 } }",
    build: ({ value }, context) => {
      if (typeof value === "string") {
        const name = value.slice("weights.".length);
        return ofLabels(context, context.labelsOf(name), (scenario) => scenario.weights[name]);
      }
      const weights = Array.isArray(value) ? Object.fromEntries(value.map((label) => [label, 1])) : value;
      return ofLabels(context, Object.keys(weights), weights);
    },
  }),
  kind({
    name: "exactly",
    value: labelled("expected shares by label"),
    description: "one of a few labels, of each as many as its share of the rows says, to the row, in any order",
    example: "tier: { exactly: { gold: 0.05, basic: 0.95 } }",
    build: ({ value }, context) => {
      const labels = Object.keys(value);
      return ofType(context, labels, exactShares(TEXT, value));
    },
  }),
  kind({
    name: "some_of",
    value: z
      .array(z.string({ error: "expected labels" }), { error: "expected a list of labels" })
      .min(1, { error: "expected a label at the least" })
      .max(SUBSET_LABELS_MAX, { error: `expected at most ${SUBSET_LABELS_MAX} labels` }),
    others: { count: range("expected how many at the least and at the most").optional() },
    description: `some of up to ${SUBSET_LABELS_MAX} labels as a text[], in their order; how many is even from the first to the second of count`,
    example: "tags: { some_of: [new, sale, gift], count: [0, 2] }",
    build: ({ value, count: [least, most] = [0, value.length] }, context) => {
      typeAmong(context, ["text[]"], TEXT_ARRAY);
      if (!Number.isInteger(least) || !Number.isInteger(most) || least < 0 || most > value.length) {
        throw new DeclarationError(`expected two whole numbers from 0 to ${value.length}`, ["count"]);
      }
      if (new Set(value).size < value.length) throw new DeclarationError("expected labels that differ");
      return someOf(value, least, most);
    },
  }),
] as const;

/** Types whose values are no words here, of which a few may be written out all the same. */
const WRITTEN_OUT = new Set([
  "int8",
  "numeric",
  "float8",
  "date",
  "timestamp",
  "timestamptz",
  "uuid",
  "inet",
  "jsonb",
  "text[]",
]);

function labelType(context: KindContext, labels: readonly string[]): SqlType {
  const { type, table, column } = context;
  if (type === "enum") return enumType(`${table}_${column}`, labels);
  if (type !== undefined && WRITTEN_OUT.has(type.name)) return { name: "other", sql: typeText(type) };
  return typeAmong(context, ["text", "varchar", "other"], TEXT);
}

/** Labels as values of the column's type. */
function ofLabels(context: KindContext, labels: readonly string[], weights: Parameters<typeof choice>[2]): Column {
  return ofType(context, labels, choice("", labels, weights));
}

/** A column of labels, as values of the type that is wanted: numbers where it is one of numbers, else written out. */
function ofType(context: KindContext, labels: readonly string[], column: Column): Column {
  const { type } = context;
  const numbers = labels.map(Number);
  const isOfNumbers = type !== "enum" && type !== undefined && NUMBERS.includes(type.name);
  if (isOfNumbers && numbers.every((value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER)) {
    return numbered(column, numbers, type as SqlType);
  }
  const own = labelType(context, labels);
  return own.name === "other" ? written({ ...lawless(column), type: own }, labels) : { ...column, type: own };
}

/** Postgres may write such values otherwise than they are written here, which a law of texts knows nothing of. */
function lawless({ law: _law, ...column }: Column): Column {
  return column;
}

/** The numbers that stand for a column's labels. */
function numbered(column: Column, values: readonly number[], type: SqlType): Column {
  const units = Float64Array.from(values, (value) => Math.round(value * unitsOf(type) * 1e6) / 1e6);
  return {
    ...(type.name === "numeric" || type.name === "float8" ? lawless(column) : column),
    type,
    bind(context, inputs) {
      for (const value of units) assertFits(type, value);
      const { out: labels, fill } = column.bind(context, inputs);
      const { codes: found } = labels as WordVector;
      const out = numberVector();
      return {
        out,
        fill(rows) {
          fill(rows);
          for (let i = 0; i < rows.count; i++) out.values[i] = units[found[i]];
        },
      };
    },
  };
}

/** Labels by shares that are exact in all rows; among any 1,000 of them they vary as chance would have it. */
function exactShares(type: SqlType, shares: Readonly<Record<string, number>>): Column {
  const labels = Object.keys(shares);
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  let before = 0;
  const cumulative = labels.map((label) => {
    before += shares[label] / sum;
    return before;
  });
  cumulative[labels.length - 1] = 1;
  const law = { kind: "weighted", weights: () => shares } as const;
  return codes({ type, labels, about: "one of the labels, by exact shares", law }, (context) => {
    const { rank } = stratumRanksOf(context.key());
    const rowCount = Math.max(1, context.rowCount);
    // Rows of the first labels are among those of one more label: each step is of the one after it, the last first.
    const last = labels.length - 1;
    const quotasOf = chanceQuotas(
      context.key("strata"),
      rowCount,
      cumulative
        .toReversed()
        .map((share, at) => ({ total: quotaBefore(rowCount, share), ...(at > 0 && { of: at - 1 }) })),
    );
    let current = -1;
    let size = 0;
    let quotas = quotasOf(0);
    const enter = (stratum: number): void => {
      current = stratum;
      size = Math.max(1, Math.min(STRATUM_ROWS, rowCount - stratum * STRATUM_ROWS));
      quotas = quotasOf(Math.min(stratum, Math.ceil(rowCount / STRATUM_ROWS) - 1));
    };
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const row = rowIndexes[i];
        const stratum = Math.floor(row / STRATUM_ROWS);
        if (stratum !== current) enter(stratum);
        const place = rank(stratum, Math.min(row - stratum * STRATUM_ROWS, size - 1), size);
        let code = 0;
        while (code < last && place >= quotas[last - code]) code++;
        out[i] = code;
      }
    };
  });
}
