/** Rows a word of the bitmap stands for. */
const WORD_BITS = 32;
/** Words between two counts of the marks before: counting at most eight words costs less than a wrong guess of a branch. */
const BLOCK_WORDS = 8;
const BLOCK_ROWS = WORD_BITS * BLOCK_WORDS;

/** What crosses the thread boundary of marks. */
export interface SharedMarks {
  readonly rowCount: number;
  /** A bit a row, the lowest first. */
  readonly bits: SharedArrayBuffer;
  /** Marks before each block of 256 rows, and in all. */
  readonly before: SharedArrayBuffer;
}

/** Which of a number of rows are marked, and the place of each marked one among them: an eighth of a byte a row. */
export interface Marks {
  /** How many are marked. */
  readonly size: number;
  /** The row's place among the marked ones, from 0; -1 where it is not marked or there is no such row. */
  rankOf(row: number): number;
  /** The marked row of a place in [0, size). */
  rowOf(rank: number): number;
}

/**
 * Looks at all rows once.
 * @param fill as of fan-outs: values of rows `[start, start + count)`, count up to 256; a row is marked where it is not 0
 */
export function buildMarks(
  rowCount: number,
  fill: (start: number, count: number, out: Float64Array) => void,
): SharedMarks {
  const blocks = Math.ceil(rowCount / BLOCK_ROWS);
  const bits = new SharedArrayBuffer(blocks * BLOCK_WORDS * 4);
  const before = new SharedArrayBuffer((blocks + 1) * 8);
  const words = new Int32Array(bits);
  const counts = new Float64Array(before);
  const values = new Float64Array(BLOCK_ROWS);
  for (let block = 0; block < blocks; block++) {
    const start = block * BLOCK_ROWS;
    const count = Math.min(BLOCK_ROWS, rowCount - start);
    fill(start, count, values);
    let marked = 0;
    for (let i = 0; i < count; i++) {
      if (values[i] === 0) continue;
      words[(start + i) >>> 5] |= 1 << (i & 31);
      marked++;
    }
    counts[block + 1] = counts[block] + marked;
  }
  return { rowCount, bits, before };
}

/** Opens marks for reading. */
export function openMarks({ rowCount, bits, before }: SharedMarks): Marks {
  const words = new Int32Array(bits);
  const counts = new Float64Array(before);
  const rankOf = (row: number): number => {
    if (row >= rowCount) return -1;
    const word = Math.floor(row / WORD_BITS);
    const bit = row % WORD_BITS;
    if (((words[word] >>> bit) & 1) === 0) return -1;
    const block = Math.floor(word / BLOCK_WORDS);
    let rank = counts[block];
    for (let at = block * BLOCK_WORDS; at < word; at++) rank += bitCount(words[at]);
    return rank + bitCount(words[word] & ((1 << bit) - 1));
  };
  const rowOf = (rank: number): number => {
    let low = 0;
    let high = counts.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (counts[middle] <= rank) low = middle;
      else high = middle - 1;
    }
    let left = rank - counts[low];
    let word = low * BLOCK_WORDS;
    for (let own = bitCount(words[word]); left >= own; own = bitCount(words[word])) {
      left -= own;
      word++;
    }
    let rest = words[word];
    for (; left > 0; left--) rest &= rest - 1;
    return word * WORD_BITS + 31 - Math.clz32(rest & -rest);
  };
  return { size: counts[counts.length - 1], rankOf, rowOf };
}

/** Set bits of 32 (Warren, "Hacker's Delight", 2002, figure 5-2). */
function bitCount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}
