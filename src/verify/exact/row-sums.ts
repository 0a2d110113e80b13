/**
 * Sums of hashes of rows, by bucket of their primary key: equal for two tables that hold the same rows in whatever
 * order. For tables without an ID that rows could be ordered by.
 */
export const SUM_BUCKETS = 4096;

/** Int32 words a bucket: rows, and the sums of two hashes. A changed row goes unseen with a chance of 2^-64. */
const WORDS = 3;

/** Makes sums, all zero. */
export function newSums(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * WORDS * SUM_BUCKETS);
}

/** The buckets whose sums are not zero: some row of theirs is on one side only. */
export function unequalBuckets(sums: SharedArrayBuffer): number[] {
  const words = new Int32Array(sums);
  return Array.from({ length: SUM_BUCKETS }, (_, bucket) => bucket).filter((bucket) =>
    words.subarray(WORDS * bucket, WORDS * (bucket + 1)).some((word) => word !== 0),
  );
}

/** Sums of one task; added to the shared ones once it has succeeded, so that it can be tried again. */
export class RowSums {
  readonly #words = new Int32Array(WORDS * SUM_BUCKETS);
  readonly #keyPlaces: readonly number[];

  /** @param keyPlaces the primary key's places among the row's fields */
  constructor(keyPlaces: readonly number[]) {
    this.#keyPlaces = keyPlaces;
  }

  /** Adds the row in `bytes[start, end)`. */
  add(bytes: Buffer, start: number, end: number): void {
    const at = WORDS * bucketOfRow(bytes, start, this.#keyPlaces);
    this.#words[at]++;
    this.#words[at + 1] += hash(bytes, start, end, 0x243f6a88);
    this.#words[at + 2] += hash(bytes, start, end, 0x85a308d3);
  }

  /** @param sign 1 adds to the shared sums, -1 takes from them */
  addTo(sums: SharedArrayBuffer, sign: 1 | -1): void {
    const shared = new Int32Array(sums);
    this.#words.forEach((word, i) => {
      if (word !== 0) Atomics.add(shared, i, Math.imul(sign, word));
    });
  }
}

/** The bucket of the row that begins at `start`: by its key, so that a row keeps its bucket when it changes elsewhere. */
export function bucketOfRow(bytes: Buffer, start: number, keyPlaces: readonly number[]): number {
  const count = bytes.readInt16BE(start);
  let h = 0x13198a2e;
  let at = start + 2;
  for (let field = 0; field < count; field++) {
    const end = at + 4 + Math.max(0, bytes.readInt32BE(at));
    if (keyPlaces.includes(field)) h = hash(bytes, at, end, h);
    at = end;
  }
  return (h >>> 16) % SUM_BUCKETS;
}

/** Multiplies and rotates a byte at a time; then MurmurHash3's finalizer. */
function hash(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let h = seed;
  for (let i = start; i < end; i++) {
    h = Math.imul(h ^ bytes[i], 0x9e3779b1);
    h = (h << 13) | (h >>> 19);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
