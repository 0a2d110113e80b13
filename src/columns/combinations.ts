import { permutation } from "../core/permutation.js";
import { fillUniformBelow } from "../core/random.js";
import { INT8 } from "../core/sql-type.js";
import type { NumberVector } from "../core/vectors.js";
import { SeedBulkError } from "../errors.js";
import type { BindContext, Column } from "./column.js";
import { type Computed, type NumberFill, numbers } from "./values.js";

/** How many values one place of a combination has: a number, or the rows of an entity. */
export type Radix = number | RowsRadix;

/** Rows of an entity behind those that are skipped, which may depend on what stands at another place. */
export interface RowsRadix {
  readonly entity: string;
  readonly skip: number;
  /** The place whose row this one is not, or is before. */
  readonly apart?: { readonly at: number; readonly how: "not" | "below" };
  /** The place whose row is before this one: this place counts pairs, and that one nothing. */
  readonly above?: number;
}

/** How many values a place of a combination has. */
export function sizeOfRadix(radix: Radix, rowCount: (entity: string) => number): number {
  if (typeof radix === "number") return radix;
  const rows = rowCount(radix.entity);
  if (radix.above !== undefined) return (rows * (rows - 1)) / 2;
  if (radix.apart !== undefined) return radix.apart.how === "below" ? 1 : Math.max(0, rows - 1);
  return Math.max(0, rows - radix.skip);
}

/** Combinations are numbers, and above this numbers are not exact. */
const COMBINATIONS_MAX = Number.MAX_SAFE_INTEGER;

/** As many of the places as a number can tell apart, each with its size; those behind them are drawn freely. */
function placesOf(context: Pick<BindContext, "entity">, radices: readonly Radix[]): number[] {
  const places: number[] = [];
  let product = 1;
  for (const radix of radices) {
    const size = sizeOfRadix(radix, (entity) => context.entity(entity).rowCount);
    if (product * Math.max(1, size) > COMBINATIONS_MAX) break;
    product *= size;
    places.push(size);
  }
  return places;
}

/**
 * Which combination of values each row has, each at most once: a keyed bijection of `[0, product of the radices)`, whose
 * digits in mixed radix are the places' values.
 * @throws SeedBulkError SB_SCENARIO_INVALID, from the plan on, where there are more rows than combinations
 */
export function combination(radices: readonly Radix[]): Column {
  const column = numbers({ type: INT8, about: "another combination in each row" }, (context) => {
    const { rowCount } = context;
    const product = placesOf(context, radices).reduce((size, place) => size * place, 1);
    if (rowCount > product) {
      throw new SeedBulkError(
        "SB_SCENARIO_INVALID",
        `${context.name.replace(/\.[^.]*$/, "")} would have ${rowCount} rows, and its keys allow ${product}`,
        { hint: "Ask for fewer rows, or say rows: { up_to: … } for as many as fit." },
      );
    }
    if (product === 0) return () => {};
    const { forward } = permutation(context.key(), product);
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = forward(rowIndexes[i]);
    };
  });
  return { ...column, hidden: true };
}

/** A place of a combination. */
export interface Place {
  /** The column that is the {@link combination}. */
  readonly of: string;
  readonly radices: readonly Radix[];
  readonly at: number;
}

/** What stands at a place of the row's combination: a number from 0, or the row of the entity whose rows the place counts. */
export function placeOfCombination({ of, radices, at }: Place): Column {
  const radix = radices[at];
  const spec: Omit<Computed, "type"> = { reads: [of], about: `place ${at + 1} of ${of}` };
  const column = numbers({ ...spec, type: INT8 }, (context, inputs) =>
    fillPlace(context, { radices, at }, inputs[0] as NumberVector),
  );
  return { ...column, hidden: true, ...(typeof radix !== "number" && { link: radix.entity }) };
}

function fillPlace(
  context: BindContext,
  { radices, at }: Pick<Place, "radices" | "at">,
  { values }: NumberVector,
): NumberFill {
  const places = placesOf(context, radices);
  const radix = radices[at];
  if (at >= places.length) {
    const skip = typeof radix === "number" ? 0 : radix.skip;
    const isFree = typeof radix === "number" || (radix.apart === undefined && radix.above === undefined);
    if (!isFree) throw new SeedBulkError("SB_SCENARIO_INVALID", `${context.name} is of too many combinations`);
    const size = sizeOfRadix(radix, (entity) => context.entity(entity).rowCount);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      fillUniformBelow(key, rowIndexes, count, 0, size, out);
      if (skip > 0) for (let i = 0; i < count; i++) out[i] += skip;
    };
  }
  const placed = valueAt(at, { places, radices });
  return ({ count }, out) => {
    for (let i = 0; i < count; i++) out[i] = placed(values[i]);
  };
}

/** What a combination's number says of one of its places. */
function valueAt(
  at: number,
  of: { readonly places: readonly number[]; readonly radices: readonly Radix[] },
): (combination: number) => number {
  const radix = of.radices[at];
  const digit = digitAt(at, of.places);
  if (typeof radix === "number") return digit;
  const { skip, apart, above } = radix;
  if (above !== undefined) return (combination) => laterOfPair(digit(combination));
  if (apart === undefined) return skip === 0 ? digit : (combination) => digit(combination) + skip;
  if (apart.how === "below") {
    const pair = digitAt(apart.at, of.places);
    return (combination) => {
      const number = pair(combination);
      const later = laterOfPair(number);
      return number - (later * (later - 1)) / 2;
    };
  }
  const other = valueAt(apart.at, of);
  const rows = of.places[at] + 1;
  return (combination) => (other(combination) + 1 + digit(combination)) % rows;
}

function digitAt(at: number, places: readonly number[]): (combination: number) => number {
  const below = places.slice(0, at).reduce((size, place) => size * place, 1);
  const size = places[at];
  return (combination) => {
    const digits = Math.floor(combination / below);
    return digits - Math.floor(digits / size) * size;
  };
}

/** Of pairs `i < j`, numbered by `j (j - 1) / 2 + i`, the `j`. */
function laterOfPair(number: number): number {
  let later = Math.floor((1 + Math.sqrt(1 + 8 * number)) / 2);
  // Roots of large numbers are rounded.
  while ((later * (later - 1)) / 2 > number) later--;
  while ((later * (later + 1)) / 2 <= number) later++;
  return later;
}
