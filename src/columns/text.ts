import { aliasTable, pickAlias } from "../core/alias.js";
import { dictionaryOf, wordAt } from "../core/dictionary.js";
import { exp, log } from "../core/math/index.js";
import { cellBits, fillBits, multiplyHigh } from "../core/random.js";
import { type SqlType, TEXT, UUID } from "../core/sql-type.js";
import { BATCH_ROWS_MAX, mergeNulls, textVector, wordVector } from "../core/vectors.js";
import { assert } from "../errors.js";
import type { Column } from "./column.js";

export { format } from "./format.js";

/**
 * A word of a dictionary, evenly or by weight.
 * @param weights a weight a word, in the dictionary's order; or all of them by the number of words
 */
export function word(
  dictionary: string,
  type: SqlType = TEXT,
  weights?: readonly number[] | ((count: number) => Float64Array),
): Column {
  return {
    type,
    reads: [],
    about: `a word of ${dictionary}`,
    bind(context) {
      const words = context.dictionary(dictionary);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      const table = weights && aliasTable(typeof weights === "function" ? weights(words.count) : weights);
      assert(words.count > 0, `${dictionary} has words`);
      assert(table === undefined || table.size === words.count, `${dictionary} has a weight a word`);
      const out = wordVector(words);
      return {
        out,
        fill({ rowIndexes, count }) {
          fillBits(key, rowIndexes, count, 0, bits);
          for (let i = 0; i < count; i++) {
            out.codes[i] = table ? pickAlias(table, bits[i]) : multiplyHigh(bits[i], words.count);
          }
        },
      };
    },
  };
}

/**
 * A word of a dictionary that stands in the order of frequency, by Zipf's law with Mandelbrot's shift: weights of
 * 1 / (rank + shift)^exponent, ranks from 1 (Mandelbrot, "An Informational Theory of the Statistical Structure of Language", 1953).
 */
export function rankedWord(
  dictionary: string,
  { exponent, shift }: { readonly exponent: number; readonly shift: number },
): Column {
  const weights = (count: number): Float64Array =>
    Float64Array.from({ length: count }, (_, at) => exp(-exponent * log(at + 1 + shift)));
  return { ...word(dictionary, TEXT, weights), about: `a word of ${dictionary}, by its rank` };
}

/** The word with the same code in another dictionary: a city's state, a name's spelling in an address. */
export function sameCode(path: string, dictionary: string, type: SqlType = TEXT): Column {
  return {
    type,
    reads: [path],
    about: `the word of ${dictionary} that goes with ${path}`,
    bind(context, [input]) {
      assert(input.kind === "word", `${path} is a column of words`);
      const words = context.dictionary(dictionary);
      assert(words.count === input.dictionary.count, `${dictionary} has as many words as ${path}'s dictionary`);
      return { out: { kind: "word", dictionary: words, codes: input.codes, nulls: input.nulls }, fill: () => {} };
    },
  };
}

/**
 * A word from a list that another column's word chooses, evenly.
 * @param listOf the list for a word of the column at `path`
 */
export function wordBy(
  path: string,
  listOf: (word: string) => readonly (string | Uint8Array)[],
  type: SqlType = TEXT,
): Column {
  return {
    type,
    reads: [path],
    about: `a word of the list for ${path}`,
    bind(context, [input]) {
      assert(input.kind === "word", `${path} is a column of words`);
      const all: (string | Uint8Array)[] = [];
      const starts: number[] = [];
      for (let code = 0; code < input.dictionary.count; code++) {
        const list = listOf(wordAt(input.dictionary, code));
        // An empty list would be answered with the next one's words.
        assert(list.length > 0, `${wordAt(input.dictionary, code)}, a word of ${path}, has a list with words`);
        starts.push(all.length);
        all.push(...list);
      }
      starts.push(all.length);
      const out = wordVector(dictionaryOf(all));
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return {
        out,
        fill({ rowIndexes, count }) {
          out.nulls.any = false;
          mergeNulls(input.nulls, out.nulls, count);
          fillBits(key, rowIndexes, count, 0, bits);
          for (let i = 0; i < count; i++) {
            const start = starts[input.codes[i]];
            out.codes[i] = start + multiplyHigh(bits[i], starts[input.codes[i] + 1] - start);
          }
        },
      };
    },
  };
}

/** A random UUID of version 4 (RFC 9562): 122 random bits, the same for the same cell. */
export function uuid(): Column {
  return {
    type: UUID,
    reads: [],
    about: "a random UUID, version 4",
    bind(context) {
      const key = context.key();
      const out = textVector();
      const view = new DataView(out.bytes.buffer);
      for (let i = 0; i <= BATCH_ROWS_MAX; i++) out.offsets[i] = 16 * i;
      return {
        out,
        fill({ rowIndexes, count }) {
          for (let i = 0; i < count; i++) {
            const row = rowIndexes[i];
            view.setUint32(16 * i, cellBits(key, row, 0));
            view.setUint32(16 * i + 4, (cellBits(key, row, 1) & 0xffff0fff) | 0x4000);
            view.setUint32(16 * i + 8, (cellBits(key, row, 2) & 0x3fffffff) | 0x80000000);
            view.setUint32(16 * i + 12, cellBits(key, row, 3));
          }
        },
      };
    },
  };
}
