import { assert } from "../errors.js";
import { floorOfProduct } from "./math/index.js";

/**
 * Parents in one block of the index. Finding a child's parent decodes one block: few enough that a random access
 * stays cheap, enough that the index of 60 million parents takes 2 MB.
 */
export const BLOCK_PARENTS = 256;

/**
 * Decoded blocks kept a fan-out, where so many were asked for: 260,000 parents in 2 MB. Rows name parents in no order,
 * so beyond this many each row decodes a block, a hundred times its own cost.
 */
const BLOCKS_KEPT = 1024;

/** Parents tried one after another before the next child's is searched for. */
const STEPS_MAX = 16;

/** No decoded block: no child lies before its end. */
const NO_STARTS = Float64Array.of(Number.NEGATIVE_INFINITY);

/** What crosses the thread boundary of a fan-out. */
export interface SharedFanOut {
  readonly parentCount: number;
  readonly childCount: number;
  /** Cumulative weight before each block of parents, and of all; absent where every parent weighs the same. */
  readonly boundaries: SharedArrayBuffer | undefined;
  /** `counts`: a weight is a number of children. `shares`: weights divide a total, exactly. */
  readonly mode: "even" | "counts" | "shares";
}

/** Fills `out[0, count)` with the weights of parents `[start, start + count)`. Pure: the same at every call. */
export type FillWeights = (start: number, count: number, out: Float64Array) => void;

/**
 * Which children a parent owns, and the inverse. Children of a parent are contiguous and in the order of parents:
 * parent p owns `[floor(N * C(p) / C), floor(N * C(p + 1) / C))`, C being the cumulative weight.
 */
export interface FanOut {
  readonly parentCount: number;
  readonly childCount: number;
  /** The first child of a parent; of `parentCount`, the number of children. */
  start(parent: number): number;
  /** The parent of each of `count` children, and which of its children each is (from 0). */
  locate(children: Float64Array, count: number, parents: Float64Array, ordinals: Float64Array): void;
}

/** Every parent has the same share of `childCount` children, to within one. */
export function evenFanOut(parentCount: number, childCount: number): SharedFanOut {
  return { parentCount, childCount, boundaries: undefined, mode: "even" };
}

/**
 * Weighs all parents, a block at a time: the index's only pass over them.
 * @param total children in all with mode `shares`; ignored with `counts`, where it is the sum of the weights
 */
export function buildFanOut(
  mode: "counts" | "shares",
  parentCount: number,
  total: number,
  fill: FillWeights,
): SharedFanOut {
  const blockCount = Math.ceil(parentCount / BLOCK_PARENTS);
  const boundaries = new SharedArrayBuffer((blockCount + 1) * 8);
  const cumulative = new Float64Array(boundaries);
  const weights = new Float64Array(BLOCK_PARENTS);
  for (let block = 0; block < blockCount; block++) {
    const start = block * BLOCK_PARENTS;
    const count = Math.min(BLOCK_PARENTS, parentCount - start);
    fill(start, count, weights);
    let sum = cumulative[block];
    for (let i = 0; i < count; i++) {
      if (!isWeight(weights[i], mode)) assert(false, `parent ${start + i} has ${MEANING[mode]}, got ${weights[i]}`);
      sum += weights[i];
    }
    cumulative[block + 1] = sum;
  }
  const weightOfAll = cumulative[blockCount];
  assert(mode === "counts" || weightOfAll > 0 || total === 0, "parents that share children have a weight above 0");
  return { parentCount, childCount: mode === "counts" ? weightOfAll : total, boundaries, mode };
}

/** What a weight is, by mode. */
const MEANING = { counts: "a whole number of children >= 0", shares: "a weight that is a number >= 0" } as const;

function isWeight(weight: number, mode: "counts" | "shares"): boolean {
  return mode === "counts"
    ? Number.isSafeInteger(weight) && weight >= 0
    : weight >= 0 && weight < Number.POSITIVE_INFINITY;
}

/** Opens a fan-out for reading; `fill` must be the function it was built with. */
export function openFanOut(shared: SharedFanOut, fill: FillWeights): FanOut {
  if (shared.boundaries === undefined) return openEven(shared);
  const { parentCount, childCount, mode } = shared;
  const boundaries = new Float64Array(shared.boundaries);
  const blockCount = boundaries.length - 1;
  const weightOfAll = boundaries[blockCount];
  const weights = new Float64Array(BLOCK_PARENTS);
  const kept = new Array<Float64Array | undefined>(Math.min(BLOCKS_KEPT, blockCount)).fill(undefined);
  const keptBlocks = new Float64Array(kept.length).fill(-1);

  // The last child belongs to somebody even where the product rounds down: the end is set, not computed.
  const childrenBefore = (weight: number): number => {
    if (mode === "counts") return weight;
    return weight >= weightOfAll ? childCount : Math.floor((childCount * weight) / weightOfAll);
  };
  const blockStarts = new Float64Array(blockCount + 1);
  for (let block = 0; block <= blockCount; block++) blockStarts[block] = childrenBefore(boundaries[block]);

  const decode = (block: number): Float64Array => {
    const slot = block % kept.length;
    const starts = (kept[slot] ??= new Float64Array(BLOCK_PARENTS + 1));
    if (keptBlocks[slot] === block) return starts;
    const first = block * BLOCK_PARENTS;
    const count = Math.min(BLOCK_PARENTS, parentCount - first);
    fill(first, count, weights);
    let sum = boundaries[block];
    starts[0] = blockStarts[block];
    for (let i = 0; i < count; i++) {
      sum += weights[i];
      starts[i + 1] = childrenBefore(sum);
    }
    keptBlocks[slot] = block;
    return starts;
  };

  const start = (parent: number): number => {
    if (parent >= parentCount) return childCount;
    const block = Math.floor(parent / BLOCK_PARENTS);
    return decode(block)[parent - block * BLOCK_PARENTS];
  };
  const locate: FanOut["locate"] = (children, count, parents, ordinals) => {
    let starts: Float64Array = NO_STARTS;
    let blockStart = 0;
    let size = 0;
    let inBlock = 0;
    let low = 0;
    let high = -1;
    for (let i = 0; i < count; i++) {
      const child = children[i];
      if (child < low || child >= high) {
        // Mostly the next parent or one soon after: looking there costs a tenth of two searches.
        let steps = child >= high && child < starts[size] ? STEPS_MAX : 0;
        for (; steps > 0 && starts[inBlock + 1] <= child; steps--) inBlock++;
        if (steps === 0) {
          const block = lastAtMost(blockStarts, blockCount, child);
          starts = decode(block);
          blockStart = block * BLOCK_PARENTS;
          size = Math.min(BLOCK_PARENTS, parentCount - blockStart);
          inBlock = lastAtMost(starts, size, child);
        }
        low = starts[inBlock];
        high = starts[inBlock + 1];
      }
      parents[i] = blockStart + inBlock;
      ordinals[i] = child - low;
    }
  };
  return { parentCount, childCount, start, locate };
}

function openEven({ parentCount, childCount }: SharedFanOut): FanOut {
  const start = (parent: number): number => floorOfProduct(parent, childCount, parentCount);
  const locate: FanOut["locate"] = (children, count, parents, ordinals) => {
    for (let i = 0; i < count; i++) {
      const child = children[i];
      let parent = Math.floor((child * parentCount) / childCount);
      while (start(parent + 1) <= child) parent++;
      while (start(parent) > child) parent--;
      parents[i] = parent;
      ordinals[i] = child - start(parent);
    }
  };
  return { parentCount, childCount, start, locate };
}

/** The last index in [0, size) whose start is at most `value`: with equal starts, the one that owns children. */
function lastAtMost(starts: Float64Array, size: number, value: number): number {
  let low = 0;
  let high = size - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
