import type { Strikes } from "../columns/column.js";
import type { Marks } from "../core/marks.js";
import { type Permutation, permutation } from "../core/permutation.js";
import { type CellKey, cellBits, unitOf } from "../core/random.js";
import { assert } from "../errors.js";

/** How many rows of a pool one anomaly strikes, and how. */
export interface StrikePlan {
  readonly code: number;
  readonly count: number;
  /** Stretches of neighbours that the rows stand in; 0 has them stand anywhere. */
  readonly bursts: number;
  /** The rank at which the first burst begins; wherever a draw says without it. */
  readonly fromRank?: number;
}

/** The rows that anomalies of one entity and one `among` share out, without two striking the same row. */
export interface StrikePool extends Strikes {
  /** The row that an anomaly strikes as its `index`-th, from 0. */
  rowOf(code: number, index: number): number;
}

interface Burst {
  readonly code: number;
  start: number;
  readonly length: number;
  /** Rows that the anomaly strikes in earlier bursts. */
  readonly before: number;
}

/**
 * Shares rows out. A row's rank is its place among those that may be struck. Bursts take stretches of ranks; what is
 * left is shuffled by a permutation, and each anomaly takes as many of its images as it strikes rows. Both ways are
 * computed: from the row to the anomaly, and from the anomaly's index to the row.
 * @param pool.marks the rows that may be struck; all without it
 * @param pool.size how many may be struck
 */
export function strikePool(
  pool: { readonly size: number; readonly marks: Marks | undefined; readonly key: CellKey },
  plans: readonly StrikePlan[],
): StrikePool {
  const { size, marks, key } = pool;
  const total = plans.reduce((sum, { count }) => sum + count, 0);
  assert(total <= size, `${total} rows to strike are among ${size}`);
  const bursts = placeBursts(plans, size, key);
  const burstRows = bursts.reduce((sum, { length }) => sum + length, 0);
  const scattered = plans.filter(({ bursts, count }) => bursts === 0 && count > 0);
  const shuffle = scattered.length > 0 ? permutation(key, size - burstRows) : undefined;
  // Rows that an anomaly has added to the table's own ones are not struck.
  const rankOf = marks?.rankOf ?? ((row: number) => (row < size ? row : -1));
  const rowAt = marks?.rowOf ?? ((rank: number) => rank);
  return {
    any: total > 0,
    codeOf(row) {
      const rank = rankOf(row);
      return rank < 0 ? 0 : codeAt(rank, bursts, shuffle, scattered);
    },
    rowOf(code, index) {
      return rowAt(rankFor(code, index, bursts, shuffle, scattered));
    },
  };
}

/** Bursts in the order of ranks, none over another. */
function placeBursts(plans: readonly StrikePlan[], size: number, key: CellKey): Burst[] {
  const placed = plans.flatMap(({ code, count, bursts, fromRank }) => {
    const stretches = Math.min(bursts, count);
    return Array.from({ length: stretches }, (_, i): Burst => {
      const before = Math.floor((count * i) / stretches);
      const length = Math.floor((count * (i + 1)) / stretches) - before;
      const anywhere = Math.floor(unitOf(cellBits(key, code, 0x1000 + i)) * (size - length + 1));
      return { code, start: i === 0 && fromRank !== undefined ? fromRank : anywhere, length, before };
    });
  });
  placed.sort((a, b) => a.start - b.start || a.code - b.code || a.before - b.before);
  let end = 0;
  for (const burst of placed) {
    burst.start = Math.max(burst.start, end);
    end = burst.start + burst.length;
  }
  let limit = size;
  for (const burst of placed.toReversed()) {
    burst.start = Math.min(burst.start, limit - burst.length);
    limit = burst.start;
  }
  return placed;
}

function codeAt(
  rank: number,
  bursts: readonly Burst[],
  shuffle: Permutation | undefined,
  scattered: readonly StrikePlan[],
): number {
  let free = rank;
  for (const { start, length, code } of bursts) {
    if (rank < start) break;
    if (rank < start + length) return code;
    free -= length;
  }
  if (shuffle === undefined) return 0;
  let image = shuffle.forward(free);
  for (const { code, count } of scattered) {
    if (image < count) return code;
    image -= count;
  }
  return 0;
}

function rankFor(
  code: number,
  index: number,
  bursts: readonly Burst[],
  shuffle: Permutation | undefined,
  scattered: readonly StrikePlan[],
): number {
  for (const burst of bursts) {
    if (burst.code === code && index >= burst.before && index < burst.before + burst.length) {
      return burst.start + index - burst.before;
    }
  }
  let image = index;
  for (const plan of scattered) {
    if (plan.code === code) break;
    image += plan.count;
  }
  assert(shuffle !== undefined, `anomaly ${code} strikes rows`);
  let rank = shuffle.inverse(image);
  for (const { start, length } of bursts) if (rank >= start) rank += length;
  return rank;
}
