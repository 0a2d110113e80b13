import { assert } from "../errors.js";
import { copyText, viewOf } from "./bytes.js";
import type { Dictionary } from "./dictionary.js";

/** Rows generated together: large enough to pay for the dispatch between columns, small enough for the L2 cache. */
export const BATCH_ROWS_MAX = 1024;

/** Numbers of a batch: IDs, integers, scaled decimals, booleans (0 or 1), dates (days) and moments (µs). Exact to 2^53. */
export interface NumberVector {
  readonly kind: "number";
  readonly values: Float64Array;
  readonly nulls: NullMask;
}

/** Words of a batch: a code per row into a dictionary of encoded words. */
export interface WordVector {
  readonly kind: "word";
  /** Set once, when the column is bound; a vector never changes its dictionary afterwards. */
  dictionary: Dictionary;
  readonly codes: Int32Array;
  readonly nulls: NullMask;
}

/** Byte strings of a batch, one after another in an arena: row i is `bytes[offsets[i], offsets[i + 1])`. */
export interface TextVector {
  readonly kind: "text";
  bytes: Uint8Array;
  readonly offsets: Int32Array;
  readonly nulls: NullMask;
}

export type Vector = NumberVector | WordVector | TextVector;

/** Which rows of a batch are NULL; `any` is false where none is, so that readers may skip the flags. */
export interface NullMask {
  any: boolean;
  /** 1 where the row is NULL; meaningless where `any` is false. */
  readonly flags: Uint8Array;
}

function nullMask(): NullMask {
  return { any: false, flags: new Uint8Array(BATCH_ROWS_MAX) };
}

/** A number vector for one batch. */
export function numberVector(): NumberVector {
  return { kind: "number", values: new Float64Array(BATCH_ROWS_MAX), nulls: nullMask() };
}

/** A word vector for one batch over `dictionary`. */
export function wordVector(dictionary: Dictionary): WordVector {
  return { kind: "word", dictionary, codes: new Int32Array(BATCH_ROWS_MAX), nulls: nullMask() };
}

/** A text vector for one batch; its arena grows as rows need it and is then kept. */
export function textVector(): TextVector {
  return {
    kind: "text",
    bytes: new Uint8Array(BATCH_ROWS_MAX * 32),
    offsets: new Int32Array(BATCH_ROWS_MAX + 1),
    nulls: nullMask(),
  };
}

/** The same values with NULLs of their own; of texts, `bytes` must be taken over after each fill. */
export function withOwnNulls(vector: Vector): Vector {
  return { ...vector, nulls: nullMask() };
}

/** Makes room for `byteCount` bytes in a text vector's arena; what it held is not kept. */
export function reserveBytes(vector: TextVector, byteCount: number): void {
  if (vector.bytes.length < byteCount) vector.bytes = new Uint8Array(byteCount + (byteCount >>> 1));
}

/** Marks no row as NULL. */
export function clearNulls(vector: Vector): void {
  vector.nulls.any = false;
}

/** Copies the flags of the first `count` rows. */
export function copyNulls(from: NullMask, to: NullMask, count: number): void {
  to.any = from.any;
  if (from.any) to.flags.set(from.flags.subarray(0, count));
}

/** Adds the NULLs of `from` to `to`: a row is NULL where either is. */
export function mergeNulls(from: NullMask, to: NullMask, count: number): void {
  if (!from.any) return;
  if (!to.any) {
    copyNulls(from, to, count);
    return;
  }
  for (let i = 0; i < count; i++) to.flags[i] |= from.flags[i];
}

/** Whether row `i` is NULL. */
export function isNull(vector: Vector, i: number): boolean {
  return vector.nulls.any && vector.nulls.flags[i] === 1;
}

/** Sets row `i` NULL; the caller has cleared the mask of the batch before it. */
export function setNull(mask: NullMask, i: number): void {
  if (!mask.any) {
    mask.flags.fill(0);
    mask.any = true;
  }
  mask.flags[i] = 1;
}

/**
 * Spreads a compact vector over a batch: row i of `out` is row `positions[i]` of `from`.
 * @param positions row numbers in `from`, one for each of the first `count` rows
 */
export function gather(from: Vector, positions: Int32Array, count: number, out: Vector): void {
  out.nulls.any = from.nulls.any;
  if (from.nulls.any) for (let i = 0; i < count; i++) out.nulls.flags[i] = from.nulls.flags[positions[i]];
  if (from.kind === "number") gatherNumbers(from.values, positions, count, (out as NumberVector).values);
  else if (from.kind === "word") {
    (out as WordVector).dictionary = from.dictionary;
    gatherCodes(from.codes, positions, count, (out as WordVector).codes);
  } else gatherText(from, positions, count, out as TextVector);
}

/**
 * Appends the first `count` values of words or texts to a text vector that is being filled in order.
 * @param at how many rows the text vector has already; with 0 it is begun anew
 */
export function gatherInto(from: Vector, count: number, out: TextVector, at: number): void {
  assert(from.kind !== "number", "texts are made of words or texts");
  if (at === 0) {
    out.nulls.any = false;
    out.offsets[0] = 0;
  }
  let end = out.offsets[at];
  let needed = end;
  for (let i = 0; i < count; i++) needed += textLength(from, i);
  if (out.bytes.length < needed) {
    const grown = new Uint8Array(needed * 2);
    grown.set(out.bytes.subarray(0, end));
    out.bytes = grown;
  }
  const source = viewOf(from.kind === "word" ? from.dictionary.bytes : from.bytes);
  const target = viewOf(out.bytes);
  for (let i = 0; i < count; i++) {
    if (isNull(from, i)) setNull(out.nulls, at + i);
    else {
      const start = from.kind === "word" ? from.dictionary.starts[from.codes[i]] : from.offsets[i];
      const length = textLength(from, i);
      copyText(source, start, start + length, target, end);
      end += length;
    }
    out.offsets[at + i + 1] = end;
  }
}

/** Bytes of row `i`; 0 where it is NULL. */
export function textLength(vector: WordVector | TextVector, i: number): number {
  if (isNull(vector, i)) return 0;
  return vector.kind === "word"
    ? vector.dictionary.lengths[vector.codes[i]]
    : vector.offsets[i + 1] - vector.offsets[i];
}

function gatherNumbers(from: Float64Array, positions: Int32Array, count: number, out: Float64Array): void {
  for (let i = 0; i < count; i++) out[i] = from[positions[i]];
}

function gatherCodes(from: Int32Array, positions: Int32Array, count: number, out: Int32Array): void {
  for (let i = 0; i < count; i++) out[i] = from[positions[i]];
}

function gatherText(from: TextVector, positions: Int32Array, count: number, out: TextVector): void {
  let end = 0;
  for (let i = 0; i < count; i++) {
    out.offsets[i] = end;
    end += from.offsets[positions[i] + 1] - from.offsets[positions[i]];
  }
  out.offsets[count] = end;
  reserveBytes(out, end);
  const [source, target] = [viewOf(from.bytes), viewOf(out.bytes)];
  for (let i = 0; i < count; i++) {
    const start = from.offsets[positions[i]];
    const length = from.offsets[positions[i] + 1] - start;
    copyText(source, start, start + length, target, out.offsets[i]);
  }
}
