import { aliasTable, pickAlias } from "../core/alias.js";
import { dictionaryOf } from "../core/dictionary.js";
import { fillBits, multiplyHigh } from "../core/random.js";
import { INT4, powerOf10, type SqlType } from "../core/sql-type.js";
import { BATCH_ROWS_MAX, mergeNulls, setNull, wordVector } from "../core/vectors.js";
import { assertFits, assertWordsFit } from "./bounds.js";
import type { Column } from "./column.js";
import { nullsFrom, numbers, numbersOf } from "./values.js";

/** What a column of a list holds in each of its rows. */
export interface ListColumn {
  readonly type: SqlType;
  /** Numbers as they are written, not in the type's unit. */
  readonly values: readonly (string | number | boolean | null)[];
}

/** Which row of a list: drawn by weight, or evenly. */
export function pickedRow(size: number, weights?: readonly number[]): Column {
  return numbers({ type: INT4, about: `a row of a list of ${size}${weights ? ", by weight" : ""}` }, (context) => {
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    const table = weights && aliasTable(weights);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = table ? pickAlias(table, bits[i]) : multiplyHigh(bits[i], size);
    };
  });
}

/** The rows of a list in turn, and again from the first after the last. */
export function ownRow(size: number): Column {
  return numbers({ type: INT4, about: `the rows of a list of ${size} in turn` }, () => ({ rowIndexes, count }, out) => {
    for (let i = 0; i < count; i++) out[i] = rowIndexes[i] % size;
  });
}

/** What a list's column holds in the row that another column says. */
export function listed(path: string, { type, values }: ListColumn): Column {
  const spec = { type, reads: [path], about: `of the list's row ${path}`, nullable: values.includes(null) };
  if (values.some((value) => value !== null && typeof value !== "string")) {
    const unit = type.name === "numeric" ? powerOf10(type.scale) : 1;
    const units = Float64Array.from(values, (value) => Math.round(Number(value) * unit));
    return numbers(spec, (_context, inputs) => {
      for (const value of units) assertFits(type, value);
      const picked = numbersOf(inputs, 0);
      return ({ count }, out, nulls) => {
        nullsFrom(picked, nulls, count);
        for (let i = 0; i < count; i++) out[i] = units[picked.values[i]];
        if (spec.nullable) for (let i = 0; i < count; i++) if (values[picked.values[i]] === null) setNull(nulls, i);
      };
    });
  }
  // What stands in for nothing is a word of the list itself, which any type of its values takes.
  const some = values.find((value) => value !== null) ?? "";
  const words = values.map((value) => String(value ?? some));
  return {
    ...spec,
    texts: values.every((value) => value === null) ? [] : [...new Set(words)],
    bind(_context, inputs) {
      assertWordsFit(type, words);
      const picked = numbersOf(inputs, 0);
      const distinct = [...new Set(words)];
      const codes = Int32Array.from(words, (word) => distinct.indexOf(word));
      const out = wordVector(dictionaryOf(distinct));
      return {
        out,
        fill({ count }) {
          out.nulls.any = false;
          mergeNulls(picked.nulls, out.nulls, count);
          for (let i = 0; i < count; i++) {
            out.codes[i] = codes[picked.values[i]];
            if (spec.nullable && values[picked.values[i]] === null) setNull(out.nulls, i);
          }
        },
      };
    },
  };
}

/** What a list's column holds in a row that is drawn. */
export function drawnFrom(row: Column, held: ListColumn): Column {
  const value = listed("", held);
  return {
    ...value,
    reads: [],
    about: row.about,
    bind(context) {
      const drawn = row.bind(context, []);
      const bound = value.bind(context, [drawn.out]);
      return {
        out: bound.out,
        fill(rows) {
          drawn.fill(rows);
          bound.fill(rows);
        },
      };
    },
  };
}
