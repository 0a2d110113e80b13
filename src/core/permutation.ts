import { assert } from "../errors.js";
import { type CellKey, cellBits, multiplyHigh } from "./random.js";

/** A keyed bijection of [0, size): uniqueness and shuffles without a set in memory. */
export interface Permutation {
  readonly size: number;
  /** @param index integer in [0, size) */
  forward(index: number): number;
  /** The index whose `forward` is `image`. */
  inverse(image: number): number;
}

/** Below this a few rounds are too few for all orders to be alike: the order is drawn once and kept. */
const SHUFFLED_BELOW = 64;

/** A permutation of [0, size) under a key; from 64 on without a table. */
export function permutation(key: CellKey, size: number): Permutation {
  assert(Number.isSafeInteger(size - 1) && size >= 1, `permutation of a size from 1 to 2^53, got ${size}`);
  return size < SHUFFLED_BELOW ? shuffled(key, size) : feistel(key, size);
}

/** Fisher and Yates's shuffle: every order is as likely as every other, to within the 2^-32 of a draw. */
function shuffled(key: CellKey, size: number): Permutation {
  const images = Uint8Array.from({ length: size }, (_, index) => index);
  for (let last = size - 1; last > 0; last--) {
    const chosen = multiplyHigh(cellBits(key, last, 0x200), last + 1);
    const image = images[chosen];
    images[chosen] = images[last];
    images[last] = image;
  }
  const indexes = new Uint8Array(size);
  for (let index = 0; index < size; index++) indexes[images[index]] = index;
  return { size, forward: (index) => images[index], inverse: (image) => indexes[image] };
}

/**
 * A Feistel network on the power of two at or above `size` (Luby and Rackoff, "How to Construct Pseudorandom
 * Permutations from Pseudorandom Functions", 1988), with cycle walking for what lies beyond `size` (Black and Rogaway,
 * "Ciphers with Arbitrary Finite Domains", 2002): less than two steps on average. Halves are xored, not added in mixed
 * radix: without a division a round, a value takes a quarter of the time.
 */
function feistel(key: CellKey, size: number): Permutation {
  // Counted, as a logarithm of a number just above a power of two is rounded down to it.
  let bits = 1;
  for (let top = 2; top < size; top *= 2) bits++;
  const lowBits = bits >>> 1;
  const lowSize = 1 << lowBits;
  const toLow = 32 - lowBits;
  const toHigh = 32 - (bits - lowBits);
  const [k0, k1, k2, k3, k4, k5] = Int32Array.from({ length: 6 }, (_, round) => cellBits(key, round, 0x100));

  const encrypt = (index: number): number => {
    let high = Math.floor(index / lowSize);
    let low = index - high * lowSize;
    high ^= scattered(low ^ k0) >>> toHigh;
    low ^= scattered(high ^ k1) >>> toLow;
    high ^= scattered(low ^ k2) >>> toHigh;
    low ^= scattered(high ^ k3) >>> toLow;
    high ^= scattered(low ^ k4) >>> toHigh;
    low ^= scattered(high ^ k5) >>> toLow;
    return high * lowSize + low;
  };
  const decrypt = (image: number): number => {
    let high = Math.floor(image / lowSize);
    let low = image - high * lowSize;
    low ^= scattered(high ^ k5) >>> toLow;
    high ^= scattered(low ^ k4) >>> toHigh;
    low ^= scattered(high ^ k3) >>> toLow;
    high ^= scattered(low ^ k2) >>> toHigh;
    low ^= scattered(high ^ k1) >>> toLow;
    high ^= scattered(low ^ k0) >>> toHigh;
    return high * lowSize + low;
  };
  // Walking ends: encrypt is a bijection, so the cycle of an index below size meets one below size again.
  const forward = (index: number): number => {
    let image = encrypt(index);
    while (image >= size) image = encrypt(image);
    return image;
  };
  const inverse = (image: number): number => {
    let index = decrypt(image);
    while (index >= size) index = decrypt(index);
    return index;
  };
  return { size, forward, inverse };
}

/** The upper bits of a round's keyed half: two steps of the finalizer that {@link cellBits} has more of. */
function scattered(keyed: number): number {
  const a = Math.imul(keyed ^ (keyed >>> 16), 0x21f0aaad);
  return Math.imul(a ^ (a >>> 15), 0x735a2d97);
}
