import type { Column } from "../../columns/column.js";
import { numbers } from "../../columns/values.js";
import { type CellKey, cellBits, fillBits } from "../../core/random.js";
import { INT8, TEXT } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, copyNulls, textVector } from "../../core/vectors.js";
import { assert } from "../../errors.js";

/** 32 random bits a row, from which columns of other tables derive what they must agree on. */
export function randomWord(about: string): Column {
  return numbers({ type: INT8, about }, (context) => {
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = bits[i];
    };
  });
}

/** Any fixed key: the randomness lies in the words. */
const WORD_KEY: CellKey = { k0: 0x5eed_0001, k1: 0x2545_f491 };

/**
 * The 32 bits that a random word gives for one purpose.
 * @param word in [0, 2^32)
 * @param purpose a whole number; another one gives other bits
 */
export function bitsOf(word: number, purpose: number): number {
  return cellBits(WORD_KEY, word, purpose);
}

/** Two hexadecimal digits of each byte, as the two bytes of their characters. */
const HEX_PAIRS = Uint8Array.from({ length: 512 }, (_, at) => {
  return "0123456789abcdef".charCodeAt((at & 1) === 0 ? at >> 5 : (at >> 1) & 15);
});

/**
 * Sixteen hexadecimal digits of two columns of 32 bits each; NULL where the first is.
 * @param high the path of the first eight digits' bits
 */
export function hexOf(high: string, low: string): Column {
  return {
    type: TEXT,
    reads: [high, low],
    about: "sixteen hexadecimal digits",
    bind(_context, [first, second]) {
      assert(first.kind === "number" && second.kind === "number", "digits are made of numbers");
      const out = textVector();
      for (let i = 0; i <= BATCH_ROWS_MAX; i++) out.offsets[i] = 16 * i;
      return {
        out,
        fill({ count }) {
          copyNulls(first.nulls, out.nulls, count);
          const { bytes } = out;
          for (let i = 0, at = 0; i < count; i++) {
            for (let half = 0; half < 2; half++) {
              const bits = half === 0 ? first.values[i] : second.values[i];
              for (let shift = 24; shift >= 0; shift -= 8) {
                const byte = (bits >>> shift) & 0xff;
                bytes[at++] = HEX_PAIRS[2 * byte];
                bytes[at++] = HEX_PAIRS[2 * byte + 1];
              }
            }
          }
        },
      };
    },
  };
}
