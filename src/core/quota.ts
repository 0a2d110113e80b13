import { type Permutation, permutation } from "./permutation.js";
import { type CellKey, deriveKey, type KeyPath } from "./random.js";

/** Rows among which an exact share is dealt out: 1,000, so that shares in whole per mille come out even. */
export const STRATUM_ROWS = 1000;

/**
 * How many of the first `rows` rows belong to a share: exact in total, not only on average.
 * Shares of shares nest, since floor(p * x) never grows faster than x.
 */
export function quotaBefore(rows: number, share: number): number {
  // 0.95 * 600000 must be 570000, though the double may lie just below it.
  return Math.min(rows, Math.floor(rows * share + 1e-6));
}

/**
 * Deals ranks within strata of rows: each row of a stratum gets another rank of [0, size), by a keyed shuffle.
 * "rank < quota" then chooses exactly `quota` rows of the stratum, without a row knowing of any other.
 */
export interface StratumRanks {
  /** @returns the rank of the row within its stratum, in [0, stratumSize) */
  rank(stratum: number, position: number, size: number): number;
}

/** Ranks by a permutation a stratum; all full strata of one size share its tables, with a key of their own. */
export function stratumRanks(path: KeyPath): StratumRanks {
  const key = deriveKey(path);
  let current = -1;
  let currentSize = -1;
  let shuffle: Permutation | undefined;
  return {
    rank(stratum, position, size) {
      if (stratum !== current || size !== currentSize) {
        shuffle = permutation(stratumKey(key, stratum), size);
        current = stratum;
        currentSize = size;
      }
      return shuffle!.forward(position);
    },
  };
}

function stratumKey(key: CellKey, stratum: number): CellKey {
  return { k0: (key.k0 + Math.imul(stratum, 0x9e3779b1)) | 0, k1: (key.k1 ^ Math.floor(stratum / 2 ** 32)) | 0 };
}
