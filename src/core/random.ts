import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** The key of one column's random bits: 64 bits derived from the column's full name and the seed. */
export interface CellKey {
  readonly k0: number;
  readonly k1: number;
}

/** What a column's key is derived from. */
export interface KeyPath {
  readonly seed: number;
  readonly model: string;
  readonly entity: string;
  readonly column: string;
}

const TWO_32 = 2 ** 32;

/** Derives a column's key by pure-rand from a 128-bit hash of (seed, model, entity, column). */
export function deriveKey(path: KeyPath): CellKey {
  const state = hash128([String(path.seed), path.model, path.entity, path.column]);
  const generator = xoroshiro128plusFromState(state);
  // The first outputs of a linear generator follow its state closely; four steps spread it.
  for (let i = 0; i < 4; i++) generator.next();
  return { k0: generator.next() | 0, k1: generator.next() | 0 };
}

/**
 * The 32 random bits of one cell: a keyed mixer, no state.
 * Two rounds of the "lowbias32" finalizer found by search (Wellons, "Prospecting for Hash Functions", 2018);
 * the first round's result is fed forward, so that a column's words may repeat as random words do. The row's high word
 * enters both keys: in the first alone it would only give row r + 2^32 the draws of another row below 2^32.
 * @param rowIndex integer in [0, 2^53)
 * @param draw which draw of the cell, from 0
 * @returns an integer in [0, 2^32)
 */
export function cellBits(key: CellKey, rowIndex: number, draw: number): number {
  const high = (rowIndex / TWO_32) | 0;
  const k1 = drawKey(key, draw) ^ Math.imul(high, 0xc2b2ae35);
  return mix(rowIndex | 0, key.k0 ^ Math.imul(high, 0x9e3779b1), k1) >>> 0;
}

/** {@link cellBits} of a batch of rows, into the first `count` of `out`. */
export function fillBits(key: CellKey, rowIndexes: Float64Array, count: number, draw: number, out: Uint32Array): void {
  const k1 = drawKey(key, draw);
  const k0 = key.k0;
  for (let i = 0; i < count; i++) {
    const rowIndex = rowIndexes[i];
    const high = (rowIndex * (1 / TWO_32)) | 0;
    out[i] = mix(rowIndex | 0, k0 ^ Math.imul(high, 0x9e3779b1), k1 ^ Math.imul(high, 0xc2b2ae35));
  }
}

/** The second key of one draw of a cell. */
function drawKey({ k1 }: CellKey, draw: number): number {
  return (k1 + Math.imul(draw, 0x85ebca6b)) | 0;
}

/**
 * Another 32-bit number for each: the mixer without its feed forward, each step of which can be undone.
 * @param low the low 32 bits of an integer
 * @returns an integer in [0, 2^32)
 */
export function bijectBits(key: CellKey, low: number): number {
  let a = low ^ key.k0;
  a = Math.imul(a ^ (a >>> 16), 0x21f0aaad);
  a = Math.imul(a ^ (a >>> 15), 0x735a2d97);
  a ^= a >>> 15;
  let b = (a + key.k1) | 0;
  b = Math.imul(b ^ (b >>> 16), 0x21f0aaad);
  b = Math.imul(b ^ (b >>> 15), 0x735a2d97);
  return (b ^ (b >>> 15)) >>> 0;
}

/** The mixer of {@link cellBits}, of a row's low word under keys of 32 bits: an integer of 32 bits, signed. */
function mix(low: number, k0: number, k1: number): number {
  let a = low ^ k0;
  a = Math.imul(a ^ (a >>> 16), 0x21f0aaad);
  a = Math.imul(a ^ (a >>> 15), 0x735a2d97);
  a ^= a >>> 15;
  let b = (a + k1) | 0;
  b = Math.imul(b ^ (b >>> 16), 0x21f0aaad);
  b = Math.imul(b ^ (b >>> 15), 0x735a2d97);
  return b ^ (b >>> 15) ^ (a << 7);
}

/**
 * An unbiased integer in [0, n): multiply and take the high word, and draw again where the low word
 * falls into the uneven rest (Lemire, "Fast Random Integer Generation in an Interval", 2019).
 * @param n integer in [1, 2^53]
 * @param draw the first draw of the cell to use; further ones are `draw + 16 * k`
 */
export function uniformBelow(key: CellKey, rowIndex: number, draw: number, n: number): number {
  if (n > TWO_32) return uniformBelowWide(key, rowIndex, draw, n);
  const uneven = TWO_32 % n;
  for (let attempt = 0; attempt < 64; attempt++) {
    const bits = cellBits(key, rowIndex, draw + 16 * attempt);
    if (Math.imul(bits, n) >>> 0 >= uneven) return multiplyHigh(bits, n);
  }
  return 0;
}

/**
 * {@link uniformBelow} of a batch of rows.
 * @param n integer in [1, 2^32]; larger ranges go cell by cell
 */
export function fillUniformBelow(
  key: CellKey,
  rowIndexes: Float64Array,
  count: number,
  draw: number,
  n: number,
  out: Float64Array,
): void {
  if (n > TWO_32) {
    for (let i = 0; i < count; i++) out[i] = uniformBelowWide(key, rowIndexes[i], draw, n);
    return;
  }
  const uneven = TWO_32 % n;
  const bits = scratchBits;
  fillBits(key, rowIndexes, count, draw, bits);
  for (let i = 0; i < count; i++) {
    const word = bits[i];
    out[i] =
      uneven > 0 && Math.imul(word, n) >>> 0 < uneven
        ? uniformBelow(key, rowIndexes[i], draw, n)
        : multiplyHigh(word, n);
  }
}

/** Bits for one batch, reused by whoever fills and reads them within one call. */
const scratchBits = new Uint32Array(1024);

/** floor(bits * n / 2^32), exact for bits < 2^32 and n <= 2^32: the product has 64 bits, a double 53. */
export function multiplyHigh(bits: number, n: number): number {
  const top = (bits >>> 16) * n;
  const bottom = (bits & 0xffff) * n;
  return Math.floor((top + Math.floor(bottom / 65536)) / 65536);
}

function uniformBelowWide(key: CellKey, rowIndex: number, draw: number, n: number): number {
  const limit = Math.floor(2 ** 53 / n) * n;
  for (let attempt = 0; attempt < 64; attempt++) {
    const value = cellBits53(key, rowIndex, draw + 16 * attempt);
    if (value < limit) return value % n;
  }
  return 0;
}

/** 53 random bits of a cell, of draws `draw` and `draw + 1`: an integer in [0, 2^53). */
export function cellBits53(key: CellKey, rowIndex: number, draw: number): number {
  return cellBits(key, rowIndex, draw) * 2 ** 21 + (cellBits(key, rowIndex, draw + 1) >>> 11);
}

/** A number in (0, 1) of 32 bits: never 0 or 1, so that logarithms of it and of its complement are finite. */
export function unitOf(bits: number): number {
  return (bits + 0.5) / TWO_32;
}

/** MurmurHash3's 32-bit rounds, four times over with other starts; parts are kept apart by their lengths. */
function hash128(parts: readonly string[]): [number, number, number, number] {
  const text = parts.map((part) => `${part.length}:${part}`).join("|");
  return [hash32(text, 0x243f6a88), hash32(text, 0x85a308d3), hash32(text, 0x13198a2e), hash32(text, 0x03707344)];
}

function hash32(text: string, start: number): number {
  let h = start;
  for (let i = 0; i < text.length; i++) {
    let k = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
