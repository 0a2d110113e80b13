import { type Dictionary, dictionaryOf } from "../core/dictionary.js";
import { TIMESTAMPTZ } from "../core/sql-type.js";
import {
  clearNulls,
  copyNulls,
  type NullMask,
  type NumberVector,
  numberVector,
  reserveBytes,
  setNull,
  type TextVector,
  textLength,
  textVector,
  type Vector,
  type WordVector,
  withOwnNulls,
  wordVector,
} from "../core/vectors.js";
import { assert } from "../errors.js";
import { type BindContext, type BoundColumn, type Column, thinnedLaw } from "./column.js";
import { numbers, numbersOf } from "./values.js";

/**
 * Another column's value, NULL where a flag of the row is 0: an agent's name where the call was answered.
 * @param flagPath the path of a column of 0 and 1
 */
export function onlyWhere(flagPath: string, column: Column): Column {
  return nullWhere(flagPath, 0, { ...column, about: `${column.about}; present where ${flagPath}` });
}

/**
 * Another column's value, NULL where a flag of the row is 1: a value that went missing.
 * @param flagPath the path of a column of 0 and 1
 */
export function missingWhere(flagPath: string, column: Column): Column {
  return nullWhere(flagPath, 1, { ...column, about: `${column.about}; missing where ${flagPath}` });
}

function nullWhere(flagPath: string, absent: 0 | 1, column: Column): Column {
  const own = column.reads.length;
  return {
    ...column,
    ...thinnedLaw(column),
    reads: [...column.reads, flagPath],
    nullable: true,
    bind(context, inputs) {
      const bound = column.bind(context, inputs.slice(0, own));
      const flag = numbersOf(inputs, own);
      const out = withOwnNulls(bound.out);
      return {
        out,
        fill(rows) {
          fillAnew(bound, inputs, rows);
          if (out.kind === "text") out.bytes = (bound.out as TextVector).bytes;
          copyNulls(bound.out.nulls, out.nulls, rows.count);
          clearNullFlags(flag, rows.count);
          for (let i = 0; i < rows.count; i++) if (flag.values[i] === absent) setNull(out.nulls, i);
        },
      };
    },
  };
}

/** A flag that is NULL is not set; what stands in its place until then means nothing, so that nobody else reads it. */
function clearNullFlags({ values, nulls }: NumberVector, count: number): void {
  if (!nulls.any) return;
  for (let i = 0; i < count; i++) if (nulls.flags[i] === 1) values[i] = 0;
}

/** Fills a column that others are made of; its NULLs are cleared, unless they are an input's. */
function fillAnew(bound: BoundColumn, inputs: readonly Vector[], rows: Parameters<BoundColumn["fill"]>[0]): void {
  if (inputs.every(({ nulls }) => nulls !== bound.out.nulls)) clearNulls(bound.out);
  bound.fill(rows);
}

/**
 * One of two columns of one type, row by row. The second draws as it would alone, so that wrapping it changes no other
 * row; the first draws by a key of its own, and is not computed for batches without a flag that is set.
 * @param flagPath the path of a column of 0 and 1
 */
export function either(flagPath: string, whenSet: Column, otherwise: Column): Column {
  const { law: _law, ...kept } = otherwise;
  const [first, second] = [whenSet.reads.length, otherwise.reads.length];
  assert(
    JSON.stringify(whenSet.type) === JSON.stringify(otherwise.type),
    `both columns have one type, not ${whenSet.type.name} and ${otherwise.type.name}`,
  );
  const isNullable = whenSet.nullable || otherwise.nullable;
  return {
    ...kept,
    reads: [...whenSet.reads, ...otherwise.reads, flagPath],
    about: `${otherwise.about}; where ${flagPath}: ${whenSet.about}`,
    ...(isNullable && { nullable: true }),
    bind(context, inputs) {
      const flag = numbersOf(inputs, first + second);
      const set = whenSet.bind(keyedApart(context), inputs.slice(0, first));
      const usual = otherwise.bind(context, inputs.slice(first, first + second));
      const { out, merge } = merging(set.out, usual.out, flag.values);
      return {
        out,
        fill(rows) {
          fillAnew(usual, inputs, rows);
          clearNullFlags(flag, rows.count);
          const any = flag.values.subarray(0, rows.count).includes(1);
          if (any) fillAnew(set, inputs, rows);
          merge(rows.count, any);
        },
      };
    },
  };
}

function keyedApart(context: BindContext): BindContext {
  return { ...context, key: (label) => context.key(label === undefined ? "set" : `set#${label}`) };
}

/** The vector that takes the one's or the other's value, and what fills it from them. */
interface Merging {
  readonly out: Vector;
  /** @param any whether any flag of the batch is set; the first vector is not filled where none is */
  merge(count: number, any: boolean): void;
}

function merging(set: Vector, usual: Vector, flags: Float64Array): Merging {
  if (set.kind === "number" && usual.kind === "number") return mergingNumbers(set, usual, flags);
  if (set.kind === "word" && usual.kind === "word") return mergingWords(set, usual, flags);
  return mergingTexts(set, usual, flags);
}

function mergingNumbers(set: NumberVector, usual: NumberVector, flags: Float64Array): Merging {
  const out = numberVector();
  const merge = (count: number, any: boolean): void => {
    out.values.set(usual.values.subarray(0, count));
    if (any) for (let i = 0; i < count; i++) if (flags[i] === 1) out.values[i] = set.values[i];
    mergeFlaggedNulls(set.nulls, usual.nulls, out.nulls, { flags, count, any });
  };
  return { out, merge };
}

function mergingWords(set: WordVector, usual: WordVector, flags: Float64Array): Merging {
  // Columns that read the code go on working where both have the same labels.
  const isOne = hasSameWords(set.dictionary, usual.dictionary);
  const offset = isOne ? 0 : usual.dictionary.count;
  const out = wordVector(isOne ? usual.dictionary : joined(usual.dictionary, set.dictionary));
  const merge = (count: number, any: boolean): void => {
    out.codes.set(usual.codes.subarray(0, count));
    if (any) for (let i = 0; i < count; i++) if (flags[i] === 1) out.codes[i] = offset + set.codes[i];
    mergeFlaggedNulls(set.nulls, usual.nulls, out.nulls, { flags, count, any });
  };
  return { out, merge };
}

function hasSameWords(a: Dictionary, b: Dictionary): boolean {
  return a === b || (a.count === b.count && Buffer.compare(wordsIn(a), wordsIn(b)) === 0);
}

function wordsIn({ bytes, lengths }: Dictionary): Buffer {
  return Buffer.concat([bytes, new Uint8Array(Int32Array.from(lengths).buffer)]);
}

function joined(...dictionaries: readonly Dictionary[]): Dictionary {
  const words = dictionaries.flatMap(({ bytes, starts, lengths, count }) =>
    Array.from({ length: count }, (_, code) => bytes.slice(starts[code], starts[code] + lengths[code])),
  );
  return dictionaryOf(words);
}

function mergingTexts(set: Vector, usual: Vector, flags: Float64Array): Merging {
  assert(set.kind !== "number" && usual.kind !== "number", "both columns are of words or texts");
  const out = textVector();
  const merge = (count: number, any: boolean): void => {
    let end = 0;
    for (let i = 0; i < count; i++) {
      out.offsets[i] = end;
      end += textLength(any && flags[i] === 1 ? set : usual, i);
    }
    out.offsets[count] = end;
    reserveBytes(out, end);
    for (let i = 0; i < count; i++) copyText(any && flags[i] === 1 ? set : usual, i, out.bytes, out.offsets[i]);
    mergeFlaggedNulls(set.nulls, usual.nulls, out.nulls, { flags, count, any });
  };
  return { out, merge };
}

function copyText(vector: WordVector | TextVector, i: number, to: Uint8Array, at: number): void {
  const length = textLength(vector, i);
  if (vector.kind === "word") {
    const start = vector.dictionary.starts[vector.codes[i]];
    for (let k = 0; k < length; k++) to[at + k] = vector.dictionary.bytes[start + k];
  } else {
    const start = vector.offsets[i];
    for (let k = 0; k < length; k++) to[at + k] = vector.bytes[start + k];
  }
}

function mergeFlaggedNulls(
  set: NullMask,
  usual: NullMask,
  out: NullMask,
  { flags, count, any }: { readonly flags: Float64Array; readonly count: number; readonly any: boolean },
): void {
  copyNulls(usual, out, count);
  if (!any || (!set.any && !usual.any)) return;
  for (let i = 0; i < count; i++) {
    if (flags[i] !== 1) continue;
    if (set.any && set.flags[i] === 1) setNull(out, i);
    else if (out.any) out.flags[i] = 0;
  }
}

/** The latest of some moments of the row; NULLs among them do not count. The first is never NULL. */
export function latest(...paths: readonly string[]): Column {
  return numbers(
    { type: TIMESTAMPTZ, reads: paths, about: `the latest of ${paths.join(", ")}` },
    (_context, inputs) => {
      const moments = paths.map((_, at) => numbersOf(inputs, at));
      return ({ count }, out) => {
        out.set(moments[0].values.subarray(0, count));
        for (const { values, nulls } of moments.slice(1)) {
          for (let i = 0; i < count; i++) {
            if (values[i] > out[i] && !(nulls.any && nulls.flags[i] === 1)) out[i] = values[i];
          }
        }
      };
    },
  );
}
