import { permutation } from "../core/permutation.js";
import { type CellKey, fillUniformBelow } from "../core/random.js";
import { type SqlType, TEXT } from "../core/sql-type.js";
import { BATCH_ROWS_MAX, reserveBytes, textVector } from "../core/vectors.js";
import { assert, SeedBulkError } from "../errors.js";
import type { BindContext, Column } from "./column.js";
import type { Place } from "./shapes.js";

const DIGITS = [..."0123456789"];
const CAPITALS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** How many texts a pattern has. */
export function patternSize(pattern: string): number {
  return sizeOf(placesOf(pattern));
}

/** How many texts some places have. */
export function sizeOf(places: readonly Place[]): number {
  return places.reduce((size, { letters }) => size * letters.length, 1);
}

function placesOf(pattern: string): Place[] {
  return [...pattern.matchAll(/\\?[\s\S]/gu)].map(([letter]) => {
    if (letter === "#") return { letters: DIGITS };
    if (letter === "?") return { letters: CAPITALS };
    return { letters: [letter.length > 1 ? letter.replace(/^\\/, "") : letter] };
  });
}

/**
 * Text by a pattern: `#` is a digit, `?` a capital letter, a backslash before them makes them themselves.
 * @param isUnique another one in each row, in no order that shows
 * @throws SeedBulkError SB_SCENARIO_INVALID, when bound, where there are more rows than texts to be all different
 */
export function patternText(pattern: string, type: SqlType = TEXT, isUnique = false): Column {
  assert(patternSize(pattern) <= Number.MAX_SAFE_INTEGER, `a pattern has at most 2^53 texts: ${pattern}`);
  return shapedText(placesOf(pattern), { type, isUnique, about: pattern });
}

/** A place whose letters are drawn: where it stands, and their bytes. */
interface Drawn {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Places beside one another whose letters are read from a table at once, instead of a division for each. */
interface Run {
  readonly at: number;
  /** How many places: bytes. */
  readonly width: number;
  /** How many texts they have, each of `width` bytes in the table. */
  readonly size: number;
  readonly table: Uint8Array;
}

/** A table of these fits the fastest cache: two letters and digits, three hexadecimal digits. */
const RUN_TEXTS_MAX = 4096;

/**
 * Text of places, each with the letters that may stand there, evenly.
 * @param options.isUnique another one in each row: as much of it as a number can tell apart
 * @throws SeedBulkError SB_SCENARIO_INVALID, when bound, where there are more rows than texts to be all different
 */
export function shapedText(
  places: readonly Place[],
  { type, isUnique, about }: { readonly type: SqlType; readonly isUnique: boolean; readonly about: string },
): Column {
  const encoded = places.map(({ letters }) => Buffer.from(letters[0]));
  const fixed = Buffer.concat(encoded);
  const drawn: Drawn[] = [];
  let length = 0;
  for (const [i, { letters }] of places.entries()) {
    if (letters.length > 1) drawn.push({ at: length, bytes: Buffer.from(letters.join("")) });
    length += encoded[i].length;
  }
  return {
    type,
    reads: [],
    about: isUnique ? `another ${about} in each row` : about,
    bind(context) {
      const parts = inNumbers(drawn).map(({ places, size }, part) => ({
        runs: runsOf(places),
        numberOf: numbersOf(context, { part, size, isUnique }),
      }));
      const out = textVector();
      reserveBytes(out, BATCH_ROWS_MAX * length);
      // What stands as it is stands there once for all; the rest is written over.
      for (let i = 0; i <= BATCH_ROWS_MAX; i++) out.offsets[i] = i * length;
      for (let i = 0; i < BATCH_ROWS_MAX; i++) out.bytes.set(fixed, i * length);
      return {
        out,
        fill({ rowIndexes, count }) {
          for (const { runs, numberOf } of parts) {
            const numbers = numberOf(rowIndexes, count);
            for (const run of runs) writeRun(run, { numbers, count }, { bytes: out.bytes, length });
          }
        },
      };
    },
  };
}

/** Takes a run's digits off the numbers, and writes their letters into texts of one length. */
function writeRun(
  { at, width, size, table }: Run,
  { numbers, count }: { readonly numbers: Float64Array; readonly count: number },
  { bytes, length }: { readonly bytes: Uint8Array; readonly length: number },
): void {
  for (let i = 0, to = at; i < count; i++, to += length) {
    const number = numbers[i];
    const rest = Math.floor(number / size);
    const from = (number - rest * size) * width;
    for (let place = 0; place < width; place++) bytes[to + place] = table[from + place];
    numbers[i] = rest;
  }
}

/** Places of a number's digits, the lowest first, in runs; they stand from the last to the first. */
function runsOf(places: readonly Drawn[]): Run[] {
  const runs: Drawn[][] = [];
  for (const place of places) {
    const run = runs.at(-1);
    const size = run?.reduce((texts, { bytes }) => texts * bytes.length, place.bytes.length);
    if (run?.at(-1)?.at === place.at + 1 && size! <= RUN_TEXTS_MAX) run.push(place);
    else runs.push([place]);
  }
  return runs.map((run) => {
    const width = run.length;
    const size = run.reduce((texts, { bytes }) => texts * bytes.length, 1);
    const table = new Uint8Array(size * width);
    for (let text = 0; text < size; text++) {
      let rest = text;
      for (const [digit, { bytes }] of run.entries()) {
        table[text * width + width - 1 - digit] = bytes[rest % bytes.length];
        rest = Math.floor(rest / bytes.length);
      }
    }
    return { at: run[width - 1].at, width, size, table };
  });
}

/** Places in groups of which each is a number's digits, the last place the lowest. */
function inNumbers(drawn: readonly Drawn[]): { readonly places: Drawn[]; readonly size: number }[] {
  const groups: { places: Drawn[]; size: number }[] = [{ places: [], size: 1 }];
  for (const place of drawn) {
    const last = groups.at(-1)!;
    if (last.size * place.bytes.length > Number.MAX_SAFE_INTEGER)
      groups.push({ places: [place], size: place.bytes.length });
    else {
      last.places.unshift(place);
      last.size *= place.bytes.length;
    }
  }
  return groups;
}

function numbersOf(
  context: BindContext,
  { part, size, isUnique }: { readonly part: number; readonly size: number; readonly isUnique: boolean },
): Numbers {
  if (part > 0) return drawnNumbers(context.key(`part ${part}`), size);
  return isUnique ? uniqueNumbers(context, size) : drawnNumbers(context.key(), size);
}

type Numbers = (rowIndexes: Float64Array, count: number) => Float64Array;

function drawnNumbers(key: CellKey, size: number): Numbers {
  const numbers = new Float64Array(BATCH_ROWS_MAX);
  return (rowIndexes, count) => {
    fillUniformBelow(key, rowIndexes, count, 0, size, numbers);
    return numbers;
  };
}

function uniqueNumbers(context: BindContext, size: number): Numbers {
  refuseTooFew(context, size);
  const { rowsBefore } = context;
  const { forward } = permutation(context.lastingKey(), size);
  const numbers = new Float64Array(BATCH_ROWS_MAX);
  return (rowIndexes, count) => {
    for (let i = 0; i < count; i++) numbers[i] = forward(rowIndexes[i] + rowsBefore);
    return numbers;
  };
}

/**
 * @param size how many different values there are
 * @throws SeedBulkError SB_SCENARIO_INVALID where the rows are more
 */
export function refuseTooFew({ name, rowCount, rowsBefore }: BindContext, size: number): void {
  if (rowCount + rowsBefore <= size) return;
  throw new SeedBulkError(
    "SB_SCENARIO_INVALID",
    `${name} has ${size} different values, and there are ${rowCount + rowsBefore} rows`,
    {
      hint: "Lower the sizes or the scale, or make room for more values.",
    },
  );
}
