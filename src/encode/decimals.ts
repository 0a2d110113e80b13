import { digitCount } from "../core/bytes.js";
import { SeedBulkError } from "../errors.js";
import { writeAscii } from "./moments.js";

const INT_MAX = 2 ** 31 - 1;

/** What is printed of a number that is none: as Postgres writes it. */
export function unusualNumber(value: number): string {
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

/**
 * Characters of a decimal.
 * @param units of 10^-scale: whole, to 2^53; NaN and ±Infinity
 * @throws SeedBulkError SB_VALUE_INVALID beyond 2^53
 */
export function decimalLength(units: number, scale: number): number {
  if (!Number.isFinite(units)) return unusualNumber(units).length;
  refuseInexact(units);
  const digits = Math.max(digitCount(Math.abs(units)), scale + 1);
  return digits + (units < 0 ? 1 : 0) + (scale > 0 ? 1 : 0);
}

/** Writes a decimal with all digits of its scale, and returns the position after it. */
export function writeDecimal(units: number, scale: number, target: Uint8Array, at: number): number {
  if (!Number.isFinite(units)) return writeAscii(unusualNumber(units), target, at);
  const size = Math.abs(units);
  if (units < 0) target[at++] = 0x2d;
  const digits = Math.max(digitCount(size), scale + 1);
  const end = at + digits + (scale > 0 ? 1 : 0);
  writeBackwards(size, scale, at, end, target);
  return end;
}

/** Writes digits from the last to the first, a point before the last `scale` of them. */
function writeBackwards(size: number, scale: number, start: number, end: number, target: Uint8Array): void {
  const point = scale > 0 ? end - scale - 1 : -1;
  let rest = size;
  let at = end - 1;
  // Division of doubles until the number fits 32 bits; V8 divides those several times faster.
  for (; rest > INT_MAX; at--) {
    if (at === point) target[at--] = 0x2e;
    const tenth = Math.floor(rest / 10);
    target[at] = 48 + (rest - tenth * 10);
    rest = tenth;
  }
  let small = rest | 0;
  for (; at >= start; at--) {
    if (at === point) target[at--] = 0x2e;
    const tenth = (small / 10) | 0;
    target[at] = 48 + small - tenth * 10;
    small = tenth;
  }
}

function refuseInexact(value: number): void {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return;
  throw new SeedBulkError("SB_VALUE_INVALID", `${value} is beyond 2^53, so not exact`);
}
