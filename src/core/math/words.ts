const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
/** Where the sign, exponent and upper mantissa of a double lie: in the second word, but for big-endian machines. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0];

/** The upper 32 bits of a double: its sign, its exponent and the first 20 bits of its mantissa. */
export function highWord(x: number): number {
  double[0] = x;
  return words[HIGH];
}

const LEAST = -1074;
const MOST = 1023;
/** By doubling and halving, which are exact down to the last subnormal number. */
const POWERS = new Float64Array(MOST - LEAST + 1);
for (let power = 1, at = -LEAST; at <= MOST - LEAST; at++, power *= 2) POWERS[at] = power;
for (let power = 1, at = -LEAST; at >= 0; at--, power /= 2) POWERS[at] = power;

/**
 * 2 to a whole number: a look-up, since putting an exponent into a double costs a stall of the processor.
 * @param exponent integer in [-1074, 1023]
 */
export function powerOfTwo(exponent: number): number {
  return POWERS[exponent - LEAST];
}

/**
 * x * 2^exponent, rounded once, where x lies near 1.
 * @param x in [1/2, 4]
 * @param exponent integer in [-1080, 1024]
 */
export function scaled(x: number, exponent: number): number {
  // 2^1024 is no double, and below 2^-1021 a product would be rounded to its own 53 bits and then to the fewer ones left.
  if (exponent > MOST) return x * 2 * powerOfTwo(exponent - 1);
  if (exponent >= -1021) return x * powerOfTwo(exponent);
  return x * powerOfTwo(exponent + 1000) * powerOfTwo(-1000);
}
