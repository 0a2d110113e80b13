import { permutation } from "../core/permutation.js";
import { fillUniformBelow } from "../core/random.js";
import { type SqlType, TEXT } from "../core/sql-type.js";
import { BATCH_ROWS_MAX, reserveBytes, textVector } from "../core/vectors.js";
import { assert, SeedBulkError } from "../errors.js";
import type { BindContext, Column } from "./column.js";

const ZERO = 0x30;
const CAPITAL_A = 0x41;

/** How many texts a pattern has; 2^53 at the most. */
export function patternSize(pattern: string): number {
  return placesOf(pattern).reduce((size, { radix }) => size * radix, 1);
}

/** One letter of a pattern: literal bytes, or one of `radix` from `first` on. */
interface Place {
  readonly radix: number;
  readonly first: number;
  readonly bytes: Uint8Array;
}

function placesOf(pattern: string): Place[] {
  const encoder = new TextEncoder();
  return [...pattern.matchAll(/\\?[\s\S]/gu)].map(([letter]) => {
    if (letter === "#") return { radix: 10, first: ZERO, bytes: Uint8Array.of(ZERO) };
    if (letter === "?") return { radix: 26, first: CAPITAL_A, bytes: Uint8Array.of(CAPITAL_A) };
    return { radix: 1, first: 0, bytes: encoder.encode(letter.length > 1 ? letter.replace(/^\\/, "") : letter) };
  });
}

/**
 * Text by a pattern: `#` is a digit, `?` a capital letter, a backslash before them makes them themselves.
 * @param isUnique another one in each row, in no order that shows
 * @throws SeedBulkError SB_SCENARIO_INVALID, when bound, where there are more rows than texts to be all different
 */
export function patternText(pattern: string, type: SqlType = TEXT, isUnique = false): Column {
  const places = placesOf(pattern);
  const size = patternSize(pattern);
  assert(size <= Number.MAX_SAFE_INTEGER, `a pattern has at most 2^53 texts: ${pattern}`);
  const length = places.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return {
    type,
    reads: [],
    about: isUnique ? `another ${pattern} in each row` : pattern,
    bind(context) {
      const numberOf = isUnique ? uniqueNumbers(context, size) : drawnNumbers(context, size);
      const out = textVector();
      reserveBytes(out, BATCH_ROWS_MAX * length);
      // What stands as it is stands there once for all; the rest is written over.
      const fixed = Buffer.concat(places.map(({ bytes }) => bytes));
      for (let i = 0; i <= BATCH_ROWS_MAX; i++) out.offsets[i] = i * length;
      for (let i = 0; i < BATCH_ROWS_MAX; i++) out.bytes.set(fixed, i * length);
      let at = 0;
      const drawn = places.flatMap(({ radix, first, bytes }) => {
        const place = { radix, first, at };
        at += bytes.length;
        return radix === 1 ? [] : [place];
      });
      drawn.reverse();
      return {
        out,
        fill({ rowIndexes, count }) {
          const numbers = numberOf(rowIndexes, count);
          for (let i = 0; i < count; i++) {
            let rest = numbers[i];
            for (const { radix, first, at } of drawn) {
              const quotient = Math.floor(rest / radix);
              out.bytes[i * length + at] = first + (rest - quotient * radix);
              rest = quotient;
            }
          }
        },
      };
    },
  };
}

type Numbers = (rowIndexes: Float64Array, count: number) => Float64Array;

function drawnNumbers(context: BindContext, size: number): Numbers {
  const key = context.key();
  const numbers = new Float64Array(BATCH_ROWS_MAX);
  return (rowIndexes, count) => {
    fillUniformBelow(key, rowIndexes, count, 0, size, numbers);
    return numbers;
  };
}

function uniqueNumbers(context: BindContext, size: number): Numbers {
  refuseTooFew(context, size);
  const { forward } = permutation(context.key(), size);
  const numbers = new Float64Array(BATCH_ROWS_MAX);
  return (rowIndexes, count) => {
    for (let i = 0; i < count; i++) numbers[i] = forward(rowIndexes[i]);
    return numbers;
  };
}

/**
 * @param size how many different values there are
 * @throws SeedBulkError SB_SCENARIO_INVALID where the rows are more
 */
export function refuseTooFew({ name, rowCount }: BindContext, size: number): void {
  if (rowCount <= size) return;
  throw new SeedBulkError(
    "SB_SCENARIO_INVALID",
    `${name} has ${size} different values, and there are ${rowCount} rows`,
    {
      hint: "Lower the sizes or the scale, or make room for more values.",
    },
  );
}
