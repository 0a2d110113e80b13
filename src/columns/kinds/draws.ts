import * as z from "zod";
import { exponential, histogram, lognormal, normal, type Quantile, uniform } from "../../core/distributions.js";
import { fillBits } from "../../core/random.js";
import { BOOL, FLOAT8, INT4, numeric, type SqlType } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, type NumberVector } from "../../core/vectors.js";
import { assertRange, largestOf } from "../bounds.js";
import type { Column, ColumnScenario } from "../column.js";
import { shuffledNumber } from "../lists.js";
import { chance, drawn, integer, numbers } from "../values.js";
import { NUMBERS, typeAmong, unitsOf } from "./keys.js";
import { aboveZero, DeclarationError, type KindContext, kind, knobNumber, numberUnder, range } from "./kind.js";

const MONEY = numeric(12, 2);

const bounds = { low: z.number().optional(), high: z.number().optional() };

export const DRAW_KINDS = [
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
