import { normalQuantile } from "./distributions.js";
import { type Permutation, permutation } from "./permutation.js";
import { type CellKey, cellBits, deriveKey, type KeyPath, unitOf } from "./random.js";

/** Rows among which a share is dealt out by one shuffle. */
export const STRATUM_ROWS = 1000;

/**
 * How many of the first `rows` rows belong to a share: exact in total, not only on average.
 * Shares of shares nest, since floor(p * x) never grows faster than x.
 */
export function quotaBefore(rows: number, share: number): number {
  // 0.95 * 600000 must be 570000, though the double may lie just below it.
  return Math.min(rows, Math.floor(rows * share + 1e-6));
}

/** Rows that have something, of those that have what an earlier step says, or of all. */
export interface QuotaStep {
  /** The place of an earlier step. */
  readonly of?: number;
  /** At most as many as that step's. */
  readonly total: number;
}

/** Strata whose quotas are kept: whoever goes back and forth over a table meets the same ones. */
const QUOTAS_KEPT = 4096;

/**
 * How many rows of a stratum take each step, as chance would have it if all rows were shuffled and the first of them
 * took it: totals are exact, strata vary. Halves of the table share what the whole has by the hypergeometric law
 * (rounded normal deviates of its mean and variance), and so on down to the stratum.
 * @param rows rows in all; every stratum but the last has `stratumRows`
 * @returns from a stratum to a number of rows a step, valid until the next call
 */
export function chanceQuotas(
  key: CellKey,
  rows: number,
  steps: readonly QuotaStep[],
  stratumRows = STRATUM_ROWS,
): (stratum: number) => Float64Array {
  const strata = Math.max(1, Math.ceil(rows / stratumRows));
  const own = new Float64Array(steps.length);
  const left = new Float64Array(steps.length);
  const slots = Math.min(QUOTAS_KEPT, strata);
  const known = new Float64Array(slots).fill(-1);
  const kept = Array.from({ length: slots }, (): Float64Array | undefined => undefined);

  const descend = (stratum: number): void => {
    for (const [at, { total }] of steps.entries()) own[at] = total;
    let [low, high, size] = [0, strata, rows];
    for (let level = 0; high - low > 1; level++) {
      const middle = Math.floor((low + high) / 2);
      const leftRows = (middle - low) * stratumRows;
      const isLeft = stratum < middle;
      for (const [at, { of }] of steps.entries()) {
        const [population, drawn] = of === undefined ? [size, leftRows] : [own[of], left[of]];
        left[at] = hypergeometric(population, own[at], drawn, cellBits(key, low * 64 + level, at));
      }
      for (let at = 0; at < own.length; at++) own[at] = isLeft ? left[at] : own[at] - left[at];
      size = isLeft ? leftRows : size - leftRows;
      if (isLeft) high = middle;
      else low = middle;
    }
  };
  return (stratum) => {
    const slot = stratum % slots;
    if (known[slot] !== stratum) {
      descend(stratum);
      kept[slot] ??= new Float64Array(steps.length);
      kept[slot].set(own);
      known[slot] = stratum;
    }
    return kept[slot]!;
  };
}

/** How many of `drawn` rows of a population are among the marked ones, by 32 random bits. */
function hypergeometric(population: number, marked: number, drawn: number, bits: number): number {
  if (marked === 0 || drawn === 0) return 0;
  if (drawn === population) return marked;
  const mean = (marked * drawn) / population;
  const variance = (mean * (1 - drawn / population) * (population - marked)) / Math.max(1, population - 1);
  const value = Math.round(mean + Math.sqrt(variance) * normalQuantile(unitOf(bits)));
  return Math.min(Math.min(marked, drawn), Math.max(0, marked - (population - drawn), value));
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
const STRATA_KEPT = 2048;

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
