/**
 * Postgres's binary numeric (src/backend/utils/adt/numeric.c, numeric_recv): count of base-10000 digits, weight of
 * the first, sign, display scale, then the digits, 16 bits each. Leading and trailing zero digits are left out.
 */
const SIGN_POSITIVE = 0x0000;
const SIGN_NEGATIVE = 0x4000;
const SIGN_NAN = 0xc000;
const SIGN_INFINITY = 0xd000;
const SIGN_MINUS_INFINITY = 0xf000;

const POWERS = [1, 10, 100, 1000, 10_000];

/** The base-10000 digits of the number at hand, least significant first: 2^53 scaled up by at most 10^3 has six. */
const digits = new Int32Array(8);
let digitsFrom = 0;
let digitsTo = 0;

/**
 * Bytes of a numeric's payload.
 * @param value units of 10^-scale: a whole number to 2^53, NaN or ±Infinity
 */
export function numericBytes(value: number, scale: number): number {
  if (!Number.isFinite(value)) return 8;
  split(value, scale);
  return 8 + 2 * (digitsTo - digitsFrom);
}

/**
 * Writes a numeric's payload at `at`.
 * @returns the position after it
 */
export function writeNumeric(value: number, scale: number, view: DataView, at: number): number {
  if (!Number.isFinite(value)) {
    const sign = Number.isNaN(value) ? SIGN_NAN : value > 0 ? SIGN_INFINITY : SIGN_MINUS_INFINITY;
    view.setInt32(at, 0);
    view.setUint16(at + 4, sign);
    view.setInt16(at + 6, scale);
    return at + 8;
  }
  split(value, scale);
  const fraction = (scale + 3) >> 2;
  view.setInt16(at, digitsTo - digitsFrom);
  view.setInt16(at + 2, digitsTo === digitsFrom ? 0 : digitsTo - 1 - fraction);
  view.setUint16(at + 4, value < 0 ? SIGN_NEGATIVE : SIGN_POSITIVE);
  view.setInt16(at + 6, scale);
  let to = at + 8;
  for (let i = digitsTo - 1; i >= digitsFrom; i--, to += 2) view.setInt16(to, digits[i]);
  return to;
}

/** Sets `digits[digitsFrom, digitsTo)`: the number's digits without leading and trailing zeros. */
function split(value: number, scale: number): void {
  // Fraction digits come in fours: 12.34 is 12 and 3400.
  const pad = (4 - (scale & 3)) & 3;
  let rest = Math.abs(value);
  digitsTo = 0;
  if (pad > 0) {
    const unit = POWERS[4 - pad];
    const above = Math.floor(rest / unit);
    digits[digitsTo++] = (rest - above * unit) * POWERS[pad];
    rest = above;
  }
  while (rest > 0) {
    const above = Math.floor(rest / 10_000);
    digits[digitsTo++] = rest - above * 10_000;
    rest = above;
  }
  while (digitsTo > 0 && digits[digitsTo - 1] === 0) digitsTo--;
  digitsFrom = 0;
  while (digitsFrom < digitsTo && digits[digitsFrom] === 0) digitsFrom++;
}
