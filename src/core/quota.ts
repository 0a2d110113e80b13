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
  return stratumRanksOf(deriveKey(path));
}

/** {@link stratumRanks} under a key that is known. */
export function stratumRanksOf(key: CellKey): StratumRanks {
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

/**
 * Strata kept a thread, two kilobytes each: many tables follow from one dealing, and a million rows are dealt once for
 * all of them. Larger runs deal again, at 40 ns a row and pass (marketing's journeys).
 */
const STRATA_KEPT = 1024;

/**
 * Deals the rows of strata, each once while it is kept: many columns of many tables ask for the same ones.
 * @param deal fills a word of bits for each of a stratum's rows; pure
 */
export function keptStrata(deal: (stratum: number, out: Uint16Array) => void): (stratum: number) => Uint16Array {
  const tables: Uint16Array[] = [];
  const kept = new Float64Array(STRATA_KEPT).fill(-1);
  return (stratum) => {
    const slot = stratum % STRATA_KEPT;
    if (kept[slot] !== stratum) {
      tables[slot] ??= new Uint16Array(STRATUM_ROWS);
      deal(stratum, tables[slot]);
      kept[slot] = stratum;
    }
    return tables[slot];
  };
}
