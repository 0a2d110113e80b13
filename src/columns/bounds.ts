import { powerOf10, type SqlType } from "../core/sql-type.js";
import { assert } from "../errors.js";

/** Fails on what is no probability. Both 0 and 1 are. */
export function assertShare(share: number): void {
  assert(share >= 0 && share <= 1, `a share is a number from 0 to 1, not ${share}`);
}

/** Fails where a range is empty, or holds what the type does not. @param high included */
export function assertRange(type: SqlType, low: number, high: number): void {
  assert(low <= high, `a range begins before it ends, not [${low}, ${high}]`);
  assertFits(type, low);
  assertFits(type, high);
}

/** Fails on a number, in the unit of the type, that a column of it does not hold. */
export function assertFits(type: SqlType, value: number): void {
  assert(!Number.isNaN(value), `a value of ${type.name} is a number, not NaN`);
  const most = largestOf(type);
  if (most === undefined) return;
  // Whole types hold one more below zero than above it.
  const least = type.name === "numeric" ? -most : -most - 1;
  assert(value >= least && value <= most, `${nameOf(type)} holds ${least} to ${most} of its units, not ${value}`);
}

/** The largest number, in its unit, that a type holds; undefined where doubles are its bound. */
export function largestOf(type: SqlType): number | undefined {
  switch (type.name) {
    case "int2":
      return 2 ** 15 - 1;
    case "int4":
      return 2 ** 31 - 1;
    case "int8":
      return Number.MAX_SAFE_INTEGER;
    case "numeric":
      return Math.min(powerOf10(type.precision) - 1, Number.MAX_SAFE_INTEGER);
    default:
      return undefined;
  }
}

function nameOf(type: SqlType): string {
  return type.name === "numeric" ? `numeric(${type.precision}, ${type.scale})` : type.name;
}

/** Fails where a word does not fit a varchar; its length is in characters. */
export function assertWordsFit(type: SqlType, words: readonly string[]): void {
  if (type.name !== "varchar") return;
  const { length } = type;
  const long = words.find((word) => [...word].length > length);
  assert(long === undefined, `varchar(${length}) holds ${long}`);
}
