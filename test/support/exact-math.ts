/**
 * Exponentials and logarithms to far more digits than a double has, in whole numbers: a judge that shares no constant
 * and no polynomial with what it judges. Numbers here are BigInts in units of 2^-256.
 */
const BITS = 256n;
const ONE = 1n << BITS;
const LN2 = seriesOfLn2();

/** ln 2 = sum of 1 / (k * 2^k). */
function seriesOfLn2(): bigint {
  let sum = 0n;
  for (let k = 1n; k <= BITS + 8n; k++) sum += (ONE >> k) / k;
  return sum;
}

const double = new Float64Array(1);
const word = new BigUint64Array(double.buffer);

/** A finite double as mantissa * 2^exponent, both whole. */
function partsOf(x: number): { readonly mantissa: bigint; readonly exponent: number } {
  double[0] = x;
  const field = Number((word[0] >> 52n) & 0x7ffn);
  const fraction = word[0] & 0xfffffffffffffn;
  const size = field === 0 ? fraction : fraction | 0x10000000000000n;
  return { mantissa: x < 0 ? -size : size, exponent: Math.max(field, 1) - 1075 };
}

/** A double times 2^shift, in units of 2^-256; what lies below is cut off. */
function fixed(x: number, shift = 0): bigint {
  const { mantissa, exponent } = partsOf(x);
  const by = BITS + BigInt(exponent + shift);
  return by >= 0n ? mantissa << by : mantissa >> -by;
}

/** e to r, |r| below 1, by Taylor's series. */
function expOfSmall(r: bigint): bigint {
  let sum = ONE;
  let term = ONE;
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    term = (term * r) / ONE / k;
    sum += term;
  }
  return sum;
}

/** How far a double is from e to the x, in units of its last place. */
export function ulpsFromExp(x: number, found: number): number {
  const twos = Math.round(x / Math.LN2);
  const exact = expOfSmall(fixed(x) - BigInt(twos) * LN2);
  const last = ONE >> BigInt(-(partsOf(found).exponent - twos) > 256 ? 256 : -(partsOf(found).exponent - twos));
  return Number(((fixed(found, -twos) - exact) * 1000n) / last) / 1000;
}

/** How far a double is from the natural logarithm of x > 0, in units of its last place. */
export function ulpsFromLog(x: number, found: number): number {
  const twos = Math.round(found / Math.LN2);
  // log x = found + log(x / e^found), and the second is what found lacks: d - d^2/2 for a tiny d.
  const exponential = expOfSmall(fixed(found) - BigInt(twos) * LN2);
  const ratio = (fixed(x, -twos) * ONE) / exponential;
  const d = ratio - ONE;
  const lacks = d - (d * d) / ONE / 2n;
  const { exponent } = partsOf(found);
  const last = exponent > -256 ? ONE >> BigInt(-exponent) : 1n;
  return Number((-lacks * 1000n) / last) / 1000;
}
