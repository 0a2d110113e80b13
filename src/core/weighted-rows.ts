import { assert } from "../errors.js";
import type { FillWeights } from "./fan-out.js";

/** Rows asked for at a time, as fan-outs do. */
const BLOCK_ROWS = 256;

/** Rows drawn by weight: a cumulative weight a row, in shared memory, eight bytes each. */
export interface WeightedRows {
  readonly size: number;
  /**
   * The row of a draw.
   * @param unit in [0, 1)
   */
  rowAt(unit: number): number;
}

/**
 * Weighs all rows once, in order.
 * @param name what the weights are called, for what a user is told
 */
export function buildWeightedRows(name: string, rowCount: number, fill: FillWeights): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(rowCount * 8);
  const ends = new Float64Array(shared);
  const weights = new Float64Array(BLOCK_ROWS);
  let sum = 0;
  for (let start = 0; start < rowCount; start += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rowCount - start);
    fill(start, count, weights);
    for (let i = 0; i < count; i++) {
      const weight = weights[i];
      if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
        assert(false, `${name}, a weight, is a number >= 0, got ${weight} in row ${start + i}`);
      }
      sum += weight;
      ends[start + i] = sum;
    }
  }
  assert(rowCount === 0 || sum > 0, `${name} has a weight above 0 in some row`);
  return shared;
}

/** Opens weights for reading. */
export function openWeightedRows(shared: SharedArrayBuffer): WeightedRows {
  const ends = new Float64Array(shared);
  const size = ends.length;
  return {
    size,
    rowAt(unit) {
      const wanted = unit * ends[size - 1];
      // The first row whose weights up to it are more: one of no weight never is.
      let low = 0;
      let high = size - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (ends[middle] > wanted) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}
