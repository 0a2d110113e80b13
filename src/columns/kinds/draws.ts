import * as z from "zod";
import { exponential, histogram, lognormal, normal, type Quantile, uniform } from "../../core/distributions.js";
import { quotaBefore, STRATUM_ROWS, stratumRanksOf } from "../../core/quota.js";
import { fillBits } from "../../core/random.js";
import { BOOL, enumType, FLOAT8, INT4, numeric, type SqlType, TEXT, typeText } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, type NumberVector, numberVector, type WordVector } from "../../core/vectors.js";
import { assertFits, assertRange, largestOf } from "../bounds.js";
import type { Column, ColumnScenario } from "../column.js";
import { shuffledNumber } from "../lists.js";
import { chance, choice, codes, drawn, integer, numbers } from "../values.js";
import { typeAmong, unitsOf, written } from "./keys.js";
import { aboveZero, DeclarationError, type KindContext, kind, knobNumber, numberUnder, range } from "./kind.js";

const NUMBERS = ["int2", "int4", "int8", "numeric", "float8"];
const MONEY = numeric(12, 2);

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

const bounds = { low: z.number().optional(), high: z.number().optional() };

export const DRAW_KINDS = [
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
    name: "chance",
    value: knobNumber(),
    description: "true with a probability",
    example: "is_member: { chance: 0.3 }",
    build: ({ value }, context) => {
      typeAmong(context, ["bool"], BOOL);
      if (typeof value === "number" && !(value >= 0 && value <= 1)) {
        throw new DeclarationError(`expected a share from 0 to 1, got ${value}`);
      }
      return chance(numberUnder(value, context));
    },
  }),
  kind({
    name: "integer",
    value: range("expected two whole numbers"),
    description: "a whole number from the first to the second, both included, evenly",
    example: "quantity: { integer: [1, 12] }",
    canBeUnique: true,
    build: ({ value: [low, high] }, context) => {
      if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) {
        throw new DeclarationError(`expected two whole numbers below 2^53, got [${low}, ${high}]`);
      }
      return wholeNumbers(low, high, typeAmong(context, ["int2", "int4", "int8"], INT4), context);
    },
  }),
  kind({
    name: "decimal",
    value: range("expected two numbers"),
    description: "a number from the first to the second, evenly, in steps of the type's last digit",
    example: 'price: { decimal: [0.99, 199], type: "numeric(10,2)" }',
    canBeUnique: true,
    build: ({ value: [low, high] }, context) => {
      const type = typeAmong(context, ["numeric", "float8"], MONEY);
      if (type.name === "float8") return quantiles(type, () => uniform(low, high), {});
      const units = unitsOf(type);
      return wholeNumbers(Math.round(low * units), Math.round(high * units), type, context);
    },
  }),
  kind({
    name: "normal",
    value: z.tuple([knobNumber(), aboveZero("expected a deviation above 0")], {
      error: "expected a mean and a deviation above 0",
    }),
    others: bounds,
    description: "a number by the normal distribution of a mean and a deviation, held from low to high",
    example: "height_cm: { normal: [172, 9], low: 120, high: 220, type: int }",
    build: ({ value: [mean, deviation], low, high }, context) => {
      const [center, spread] = [numberUnder(mean, context), numberUnder(deviation, context)];
      return quantiles(numberType(context), (scenario) => normal(center(scenario), spread(scenario)), { low, high });
    },
  }),
  kind({
    name: "lognormal",
    value: z.tuple([aboveZero("expected a median above 0"), aboveZero("expected a sigma above 0")], {
      error: "expected a median and a sigma above 0",
    }),
    others: bounds,
    description: "a number whose logarithm is normal: most are near the median, a few are many times as large",
    example: "amount: { lognormal: [40, 0.8] }",
    build: ({ value: [median, sigma], low, high }, context) => {
      const [center, spread] = [numberUnder(median, context), numberUnder(sigma, context)];
      return quantiles(numberType(context), (scenario) => lognormal(center(scenario), spread(scenario)), { low, high });
    },
  }),
  kind({
    name: "exponential",
    value: aboveZero("expected a mean above 0"),
    others: bounds,
    description: "a number by the exponential distribution of a mean: small ones often, large ones seldom",
    example: "minutes: { exponential: 12, type: int }",
    build: ({ value, low, high }, context) => {
      const mean = numberUnder(value, context);
      return quantiles(numberType(context), (scenario) => exponential(mean(scenario)), { low, high });
    },
  }),
  kind({
    name: "histogram",
    value: z
      .array(z.tuple([z.number(), z.number(), z.number().min(0)]), { error: "expected bins: [from, to, weight] each" })
      .min(1, { error: "expected a bin at the least" })
      .refine((bins) => bins.every(([from, to]) => from <= to), { error: "expected bins that begin before they end" })
      .refine((bins) => bins.some(([, , weight]) => weight > 0), { error: "expected a weight above 0" }),
    description: "a number of one of some bins, each [from, to, weight]; evenly within it",
    example: "age: { histogram: [[18, 30, 5], [30, 65, 12], [65, 90, 3]], type: int }",
    build: ({ value }, context) => {
      const type = numberType(context);
      const [low, high] = [Math.min(...value.map(([from]) => from)), Math.max(...value.map(([, to]) => to))];
      return quantiles(type, () => histogram(value), { low, high });
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

/** The type of numbers drawn by a distribution: money where nothing is said, and a double where nothing is stored. */
function numberType(context: KindContext): SqlType {
  return typeAmong(context, NUMBERS, context.isHidden ? FLOAT8 : MONEY);
}

/** Whole units of a type from one to another, evenly; all different where they are to be. */
function wholeNumbers(low: number, high: number, type: SqlType, { isUnique }: KindContext): Column {
  if (!isUnique) return integer(low, high, type);
  const shuffled = shuffledNumber(high - low + 1);
  return {
    ...shuffled,
    type,
    about: `another of [${low}, ${high}] in each row`,
    law: { kind: "range", low, high },
    bind(context, inputs) {
      assertRange(type, low, high);
      const { out, fill } = shuffled.bind(context, inputs);
      const { values } = out as NumberVector;
      return {
        out,
        fill(rows) {
          fill(rows);
          for (let i = 0; i < rows.count; i++) values[i] += low;
        },
      };
    },
  };
}

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

function quantiles(
  type: SqlType,
  quantile: (scenario: ColumnScenario) => Quantile,
  { low, high }: { readonly low?: number | undefined; readonly high?: number | undefined },
): Column {
  const about = `a number by a distribution${low === undefined ? "" : `, from ${low}`}${high === undefined ? "" : `, to ${high}`}`;
  if (low !== undefined && high !== undefined && low > high) {
    throw new DeclarationError(`expected low up to high, got ${low} and ${high}`, ["low"]);
  }
  const units = unitsOf(type);
  if (type.name !== "float8") {
    const most = largestOf(type)!;
    const held = (bound: number | undefined, end: number): number =>
      bound === undefined ? end : Math.round(bound * units);
    return drawn({
      type,
      about,
      quantile: (scenario) => {
        const real = quantile(scenario);
        return (bits) => real(bits) * units;
      },
      low: held(low, -most),
      high: held(high, most),
    });
  }
  const [least, most] = [low ?? -Number.MAX_VALUE, high ?? Number.MAX_VALUE];
  return numbers({ type, about }, (bound) => {
    const key = bound.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    const value = quantile(bound.scenario);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = Math.min(most, Math.max(least, value(bits[i])));
    };
  });
}

/** Labels by exact shares: within each stratum of 1,000 rows, and in any number of rows from the first on to the row. */
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
    const { rowCount } = context;
    const ends = new Float64Array(labels.length);
    let current = -1;
    let size = 0;
    const enter = (stratum: number): void => {
      current = stratum;
      const start = stratum * STRATUM_ROWS;
      const end = Math.max(start + 1, Math.min(start + STRATUM_ROWS, rowCount));
      size = end - start;
      for (const [at, share] of cumulative.entries()) ends[at] = quotaBefore(end, share) - quotaBefore(start, share);
    };
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const row = rowIndexes[i];
        const stratum = Math.floor(row / STRATUM_ROWS);
        if (stratum !== current) enter(stratum);
        const place = rank(stratum, Math.min(row - stratum * STRATUM_ROWS, size - 1), size);
        let code = 0;
        while (place >= ends[code]) code++;
        out[i] = code;
      }
    };
  });
}
