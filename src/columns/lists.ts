import { aliasTable, pickAlias } from "../core/alias.js";
import { dictionaryOf } from "../core/dictionary.js";
import { permutation } from "../core/permutation.js";
import { fillBits, multiplyHigh } from "../core/random.js";
import { INT4, INT8, type SqlType, TEXT, TEXT_ARRAY } from "../core/sql-type.js";
import { encodeTextArray } from "../core/text-array.js";
import { BATCH_ROWS_MAX, setNull, wordVector } from "../core/vectors.js";
import { assert } from "../errors.js";
import { assertFits } from "./bounds.js";
import type { Column } from "./column.js";
import { refuseTooFew } from "./patterns.js";
import { codes, nullsFrom, numbers, wordsOf } from "./values.js";

/**
 * One of a few values written out, evenly or by weight: documents of a jsonb column, labels of a text.
 * @param weights a weight a value, in the values' order
 */
export function oneOf(values: readonly string[], type: SqlType = TEXT, weights?: readonly number[]): Column {
  return codes({ type, labels: values, about: `one of ${values.length} values` }, (context) => {
    const table = weights && aliasTable(weights);
    assert(table === undefined || table.size === values.length, "values have a weight each");
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = table ? pickAlias(table, bits[i]) : multiplyHigh(bits[i], values.length);
    };
  });
}

/**
 * A word of a dictionary, another one in each row until all were used.
 * @param isUnique refuse more rows than there are words
 */
export function shuffledWord(dictionary: string, type: SqlType = TEXT, isUnique = false): Column {
  return {
    type,
    reads: [],
    about: `a word of ${dictionary}, none twice before each was used once`,
    bind(context) {
      const words = context.dictionary(dictionary);
      assert(words.count > 0, `${dictionary} has words`);
      if (isUnique) refuseTooFew(context, words.count);
      const { rowsBefore } = context;
      const { forward } = permutation(context.lastingKey(), words.count);
      const out = wordVector(words);
      return {
        out,
        fill({ rowIndexes, count }) {
          for (let i = 0; i < count; i++) out.codes[i] = forward((rowIndexes[i] + rowsBefore) % words.count);
        },
      };
    },
  };
}

/**
 * Another whole number of [0, size) in each row, in no order that shows.
 * @param size at least the number of rows; without it, the number of rows
 * @throws SeedBulkError SB_SCENARIO_INVALID, when bound, where a scenario has more rows
 */
export function shuffledNumber(size?: number): Column {
  return numbers({ type: INT8, about: `another whole number of [0, ${size ?? "rows"}) in each row` }, (context) => {
    if (size !== undefined) refuseTooFew(context, size);
    // Without a size they are of these rows alone.
    const before = size === undefined ? 0 : context.rowsBefore;
    const key = size === undefined ? context.key() : context.lastingKey();
    const { forward } = permutation(key, Math.max(size ?? 1, context.rowCount, 1));
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = forward(rowIndexes[i] + before);
    };
  });
}

/**
 * A label that another column's word decides: the channel of an event's type.
 * @param options.codeOf the label's place in `labels` by the word's code; -1 is NULL
 */
export function labelFor(
  path: string,
  options: { type: SqlType; labels: readonly string[]; codeOf: readonly number[]; nullable?: boolean },
): Column {
  const { type, labels, codeOf, nullable = false } = options;
  return codes({ type, labels, reads: [path], about: `follows from ${path}`, nullable }, (_context, inputs) => {
    const from = wordsOf(inputs, 0);
    assert(codeOf.length >= from.dictionary.count, `each word of ${path} has a label`);
    const codesMost = labels.length;
    assert(
      codeOf.every((code) => Number.isInteger(code) && code < codesMost && (code >= 0 || nullable)),
      `labels for ${path} are among the ${codesMost} there are, or NULL where that may be`,
    );
    const table = Int32Array.from(codeOf);
    return ({ count }, out, nulls) => {
      nullsFrom(from, nulls, count);
      for (let i = 0; i < count; i++) {
        const code = table[from.codes[i]];
        out[i] = Math.max(0, code);
        if (code < 0) setNull(nulls, i);
      }
    };
  });
}

/** A number that another column's word decides, by the word's code. */
export function numberFor(path: string, values: readonly number[], type: SqlType = INT4): Column {
  return numbers({ type, reads: [path], about: `follows from ${path}` }, (_context, inputs) => {
    const from = wordsOf(inputs, 0);
    assert(values.length >= from.dictionary.count, `each word of ${path} has a number`);
    for (const value of values) assertFits(type, value);
    const table = Float64Array.from(values);
    return ({ count }, out, nulls) => {
      nullsFrom(from, nulls, count);
      for (let i = 0; i < count; i++) out[i] = table[from.codes[i]];
    };
  });
}

/** More would be more subsets than a dictionary should hold. */
export const SUBSET_LABELS_MAX = 12;

/**
 * Some of a few labels as a list, in their order: how many is drawn evenly, and which, evenly among all such lists.
 * @param labels up to {@link SUBSET_LABELS_MAX}
 * @param least how many at the least; `most` at the most
 */
export function someOf(labels: readonly string[], least: number, most: number): Column {
  return {
    type: TEXT_ARRAY,
    reads: [],
    about: `${least} to ${most} of ${labels.join(", ")}`,
    bind(context) {
      assert(labels.length <= SUBSET_LABELS_MAX, `a list is made of ${SUBSET_LABELS_MAX} labels at the most`);
      assert(least >= 0 && least <= most && most <= labels.length, `${least} to ${most} of ${labels.length} labels`);
      const subsets = Array.from({ length: 1 << labels.length }, (_, mask) =>
        labels.filter((_label, at) => mask & (1 << at)),
      );
      const bySize = Array.from({ length: most - least + 1 }, (_, at) =>
        Int32Array.from([...subsets.keys()].filter((mask) => subsets[mask].length === least + at)),
      );
      const out = wordVector(dictionaryOf(subsets.map(encodeTextArray)));
      const [sizes, picks] = [context.key("size"), context.key()];
      const sizeBits = new Uint32Array(BATCH_ROWS_MAX);
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return {
        out,
        fill({ rowIndexes, count }) {
          fillBits(sizes, rowIndexes, count, 0, sizeBits);
          fillBits(picks, rowIndexes, count, 0, bits);
          for (let i = 0; i < count; i++) {
            const masks = bySize[multiplyHigh(sizeBits[i], bySize.length)];
            out.codes[i] = masks[multiplyHigh(bits[i], masks.length)];
          }
        },
      };
    },
  };
}

/** The words of a list in turn, from row to row. */
export function inTurn(words: readonly string[], type: SqlType = TEXT): Column {
  return codes({ type, labels: words, about: `${words.length} values in turn` }, () => ({ rowIndexes, count }, out) => {
    for (let i = 0; i < count; i++) out[i] = rowIndexes[i] % words.length;
  });
}
