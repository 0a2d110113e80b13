import { permutation } from "../core/permutation.js";
import { fillUniformBelow } from "../core/random.js";
import { INT8 } from "../core/sql-type.js";
import type { NumberVector } from "../core/vectors.js";
import { SeedBulkError } from "../errors.js";
import type { BindContext, Column } from "./column.js";
import { type Computed, type NumberFill, numbers } from "./values.js";

/** How many values one place of a combination has: a number, or the rows of an entity behind those that are skipped. */
export type Radix = number | { readonly entity: string; readonly skip: number };

/** How many values a place of a combination has. */
export function sizeOfRadix(radix: Radix, rowCount: (entity: string) => number): number {
  return typeof radix === "number" ? radix : Math.max(0, rowCount(radix.entity) - radix.skip);
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
  const skip = typeof radix === "number" ? 0 : radix.skip;
  if (at >= places.length) {
    const size = sizeOfRadix(radix, (entity) => context.entity(entity).rowCount);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      fillUniformBelow(key, rowIndexes, count, 0, size, out);
      if (skip > 0) for (let i = 0; i < count; i++) out[i] += skip;
    };
  }
  const below = places.slice(0, at).reduce((size, place) => size * place, 1);
  const size = places[at];
  return ({ count }, out) => {
    for (let i = 0; i < count; i++) out[i] = (Math.floor(values[i] / below) % size) + skip;
  };
}
