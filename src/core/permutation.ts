import { assert } from "../errors.js";
import { type CellKey, cellBits, drawKey, mix, multiplyHigh } from "./random.js";

/** A keyed bijection of [0, size): uniqueness and shuffles without a set in memory. */
export interface Permutation {
  readonly size: number;
  /** @param index integer in [0, size) */
  forward(index: number): number;
  /** The index whose `forward` is `image`. */
  inverse(image: number): number;
}

const ROUNDS = 6;

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
 * A generalized Feistel network on the mixed radix [0, a) x [0, b) with a*b just above `size`, and cycle walking
 * for the few values beyond it (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002, method FE2).
 */
function feistel(key: CellKey, size: number): Permutation {
  const a = Math.ceil(Math.sqrt(size));
  const b = Math.ceil(size / a);

  const { k0 } = key;
  const roundKeys = Int32Array.from({ length: ROUNDS }, (_, round) => drawKey(key, 0x100 + round));
  const roundBelow = (half: number, round: number, radix: number): number =>
    multiplyHigh(mix(half, k0, roundKeys[round]) >>> 0, radix);

  const encrypt = (index: number): number => {
    // Not `%`, which on doubles is a call.
    let right = Math.floor(index / a);
    let left = index - right * a;
    // left lies in [0, a) and right in [0, b); the radices stay in place and the halves change in turn.
    for (let round = 0; round < ROUNDS; round += 2) {
      left += roundBelow(right, round, a);
      if (left >= a) left -= a;
      right += roundBelow(left, round + 1, b);
      if (right >= b) right -= b;
    }
    return right * a + left;
  };
  const decrypt = (image: number): number => {
    let right = Math.floor(image / a);
    let left = image - right * a;
    for (let round = ROUNDS - 2; round >= 0; round -= 2) {
      right -= roundBelow(left, round + 1, b);
      if (right < 0) right += b;
      left -= roundBelow(right, round, a);
      if (left < 0) left += a;
    }
    return right * a + left;
  };
  // Walking ends: encrypt is a bijection of [0, a*b), so the cycle of an index below size meets one below size again.
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
