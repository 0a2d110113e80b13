import { assert } from "../errors.js";
import { multiplyHigh } from "./random.js";

/** Weighted choice of one of `size` outcomes from one 32-bit draw. */
export interface AliasTable {
  readonly size: number;
  /** Where a slot's own outcome ends and its alias begins, in 2^-32. */
  readonly thresholds: Float64Array;
  readonly aliases: Int32Array;
}

/**
 * Vose's construction of Walker's alias table ("A Linear Algorithm for Generating Random Numbers with a Given
 * Distribution", 1991).
 * @param weights at least one, each finite and >= 0, with a sum above 0
 */
export function aliasTable(weights: readonly number[] | Float64Array): AliasTable {
  const size = weights.length;
  let sum = 0;
  for (const weight of weights) {
    assert(weight >= 0 && Number.isFinite(weight), `a weight is a finite number >= 0, got ${weight}`);
    sum += weight;
  }
  assert(sum > 0, "weights have a sum above 0");
  const scaled = Float64Array.from(weights, (weight) => (weight * size) / sum);
  const thresholds = new Float64Array(size).fill(2 ** 32);
  const aliases = Int32Array.from({ length: size }, (_, i) => i);
  const small: number[] = [];
  const large: number[] = [];
  for (let i = 0; i < size; i++) (scaled[i] < 1 ? small : large).push(i);
  while (small.length > 0 && large.length > 0) {
    const less = small.pop()!;
    const more = large[large.length - 1];
    thresholds[less] = scaled[less] * 2 ** 32;
    aliases[less] = more;
    scaled[more] -= 1 - scaled[less];
    if (scaled[more] < 1) small.push(large.pop()!);
  }
  return { size, thresholds, aliases };
}

/** The outcome, in [0, size), of a 32-bit draw: its high part chooses the slot, its low part the side. */
export function pickAlias(table: AliasTable, bits: number): number {
  const slot = multiplyHigh(bits, table.size);
  return Math.imul(bits, table.size) >>> 0 < table.thresholds[slot] ? slot : table.aliases[slot];
}
