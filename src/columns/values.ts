import { aliasTable, pickAlias } from "../core/alias.js";
import { dictionaryOf } from "../core/dictionary.js";
import type { Quantile } from "../core/distributions.js";
import { cellBits, fillBits, fillUniformBelow } from "../core/random.js";
import { BOOL, enumType, INT4, type SqlType, TEXT } from "../core/sql-type.js";
import {
  BATCH_ROWS_MAX,
  copyNulls,
  type NullMask,
  type NumberVector,
  numberVector,
  setNull,
  type Vector,
  type WordVector,
  wordVector,
} from "../core/vectors.js";
import { assert } from "../errors.js";
import { assertFits, assertRange, assertShare, assertWordsFit } from "./bounds.js";
import { type BindContext, type Column, type ColumnLaw, type ColumnScenario, type Rows, thinnedLaw } from "./column.js";

/** Weights by label: fixed, or as the scenario says. */
export type Weights =
  | Readonly<Record<string, number>>
  | ((scenario: ColumnScenario) => Readonly<Record<string, number>>);

/** Fills numbers for the rows of a batch; `nulls` comes cleared. */
export type NumberFill = (rows: Rows, out: Float64Array, nulls: NullMask) => void;

/** Fills codes for the rows of a batch; `nulls` comes cleared. */
export type CodeFill = (rows: Rows, out: Int32Array, nulls: NullMask) => void;

/** What a computed column says of itself. */
export interface Computed {
  readonly type: SqlType;
  readonly reads?: readonly string[];
  readonly about: string;
  readonly nullable?: boolean;
  readonly law?: ColumnLaw;
}

/** A column of numbers computed by a loop of its own. */
export function numbers(spec: Computed, bind: (context: BindContext, inputs: readonly Vector[]) => NumberFill): Column {
  return {
    reads: [],
    ...spec,
    bind(context, inputs) {
      const out = numberVector();
      const fill = bind(context, inputs);
      return {
        out,
        fill(rows) {
          out.nulls.any = false;
          fill(rows, out.values, out.nulls);
        },
      };
    },
  };
}

/** A column of words computed by a loop of its own: codes into `labels`. */
export function codes(
  spec: Computed & { readonly labels: readonly string[] },
  bind: (context: BindContext, inputs: readonly Vector[]) => CodeFill,
): Column {
  const { labels, ...computed } = spec;
  return {
    reads: [],
    ...computed,
    bind(context, inputs) {
      assert(labels.length > 0, "a column of words has labels");
      assertWordsFit(spec.type, labels);
      const out = wordVector(dictionaryOf(labels));
      const fill = bind(context, inputs);
      return {
        out,
        fill(rows) {
          out.nulls.any = false;
          fill(rows, out.codes, out.nulls);
        },
      };
    },
  };
}

/** One of a few labels by weight, as an enum type; its labels are in the order of `labels`. */
export function choice(type: string, labels: readonly string[], weights: Weights): Column {
  return weightedLabels(enumType(type, labels), labels, weights);
}

/** One of a few texts by weight. */
export function textChoice(weights: Readonly<Record<string, number>>): Column {
  return weightedLabels(TEXT, Object.keys(weights), weights);
}

function weightedLabels(type: SqlType, labels: readonly string[], weights: Weights): Column {
  const weightsOf = typeof weights === "function" ? weights : () => weights;
  const law = { kind: "weighted", weights: weightsOf } as const;
  return codes({ type, labels, about: "one of the labels, by weight", law }, (context) => {
    const byLabel = weightsOf(context.scenario);
    const table = aliasTable(weightsInOrder(labels, byLabel));
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = pickAlias(table, bits[i]);
    };
  });
}

/** A weight a label, 0 for a label without one: a state that the scenario leaves out. */
function weightsInOrder(labels: readonly string[], byLabel: Readonly<Record<string, number>>): number[] {
  assert(new Set(labels).size === labels.length, `labels differ from one another: ${labels.join(", ")}`);
  const unknown = Object.keys(byLabel).filter((label) => !labels.includes(label));
  assert(
    unknown.length === 0,
    `weights are of labels that are none: ${unknown.join(", ")}, not of ${labels.join(", ")}`,
  );
  return labels.map((label) => (Object.hasOwn(byLabel, label) ? byLabel[label] : 0));
}

/** The same value in every row. */
export function constant(type: SqlType, value: number): Column {
  return numbers({ type, about: `always ${value}` }, () => {
    assertFits(type, value);
    return ({ count }, out) => {
      out.fill(value, 0, count);
    };
  });
}

/** A whole number in [low, high], evenly. */
export function integer(low: number, high: number, type: SqlType = INT4): Column {
  const law = { kind: "range", low, high } as const;
  return numbers({ type, about: `a whole number in [${low}, ${high}], evenly`, law }, (context) => {
    assert(
      Number.isSafeInteger(low) && Number.isSafeInteger(high),
      `[${low}, ${high}] are whole numbers, exact to 2^53`,
    );
    assertRange(type, low, high);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      fillUniformBelow(key, rowIndexes, count, 0, high - low + 1, out);
      for (let i = 0; i < count; i++) out[i] += low;
    };
  });
}

/**
 * A number by a distribution, rounded to a multiple of `step` and held within [low, high].
 * @param options.quantile the distribution under a scenario
 * @param options.step in the type's unit (cents for a numeric of scale 2)
 */
export function drawn(options: {
  type: SqlType;
  about: string;
  quantile: (scenario: ColumnScenario) => Quantile;
  low: number;
  high: number;
  step?: number;
}): Column {
  const { type, about, quantile, low, high, step = 1 } = options;
  return numbers({ type, about, law: { kind: "range", low, high } }, (context) => {
    assertRange(type, low, high);
    assert(step > 0 && Number.isFinite(step), `a step is above 0, not ${step}`);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    const value = quantile(context.scenario);
    assert(!Number.isNaN(value(2 ** 31)), "the distribution has a number for the middle of its draws, not NaN");
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        out[i] = Math.min(high, Math.max(low, Math.round(value(bits[i]) / step) * step));
      }
    };
  });
}

/** True with a probability. */
export function chance(probability: number | ((scenario: ColumnScenario) => number)): Column {
  const shareOf = typeof probability === "number" ? () => probability : probability;
  const weights = (scenario: ColumnScenario) => ({ true: shareOf(scenario), false: 1 - shareOf(scenario) });
  return numbers({ type: BOOL, about: "true with a probability", law: { kind: "weighted", weights } }, (context) => {
    const share = shareOf(context.scenario);
    assertShare(share);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    const bound = share * 2 ** 32;
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = bits[i] < bound ? 1 : 0;
    };
  });
}

/** Another column's value, NULL in a share of the rows. */
export function sometimes(present: number | ((scenario: ColumnScenario) => number), column: Column): Column {
  return {
    ...column,
    ...thinnedLaw(column),
    nullable: true,
    about: `${column.about}; present in a share of ${typeof present === "number" ? present : "the scenario's"}`,
    bind(context, inputs) {
      const share = typeof present === "number" ? present : present(context.scenario);
      assertShare(share);
      const bound = column.bind(context, inputs);
      const key = context.key("present");
      const limit = share * 2 ** 32;
      assert(
        inputs.every(({ nulls }) => nulls !== bound.out.nulls),
        "a column that is sometimes NULL has a vector of its own",
      );
      return {
        out: bound.out,
        fill(rows) {
          bound.out.nulls.any = false;
          bound.fill(rows);
          for (let i = 0; i < rows.count; i++) {
            if (cellBits(key, rows.rowIndexes[i], 0) >= limit) setNull(bound.out.nulls, i);
          }
        },
      };
    },
  };
}

/**
 * The value that the row at a path draws for this column: the same for all rows that name it, such as a household's
 * surname. What the column itself reads is read from its own row.
 * @param path a column of row indexes of this entity, from 0
 */
export function drawnFor(path: string, column: Column): Column {
  const { law: _, ...plain } = column;
  return {
    ...plain,
    reads: [...column.reads, path],
    about: `${column.about}; the same for all of one ${path}`,
    bind(context, inputs) {
      const rowIndexes = numbersOf(inputs, inputs.length - 1).values;
      const { out, fill } = column.bind(context, inputs.slice(0, -1));
      return { out, fill: ({ ownIndexes, count }) => fill({ rowIndexes, ownIndexes, count }) };
    },
  };
}

/** A column with a mask of NULLs of its own: a copy shares that of what it copies, which must not get any more. */
export function apart(column: Column): Column {
  return {
    ...column,
    bind(context, inputs) {
      const { out: from, fill } = column.bind(context, inputs);
      const nulls: NullMask = { any: false, flags: new Uint8Array(BATCH_ROWS_MAX) };
      const out = { ...from, nulls };
      return {
        out,
        fill(rows) {
          fill(rows);
          // Buffers of text grow and are then others.
          Object.assign(out, from, { nulls });
          nulls.any = false;
          copyNulls(from.nulls, nulls, rows.count);
        },
      };
    },
  };
}

/** A column read from a row that this one refers to, or from this row under another name. */
export function copied(path: string, type: SqlType, options: { nullable?: boolean } = {}): Column {
  return {
    type,
    reads: [path],
    about: `the value of ${path}`,
    law: { kind: "composed", sql: `{${path}}` },
    ...options,
    bind: (_context, [input]) => ({ out: input, fill: () => {} }),
  };
}

/** The input at a place as numbers. */
export function numbersOf(inputs: readonly Vector[], at: number): NumberVector {
  const input = inputs[at];
  assert(input.kind === "number", `input ${at} is a column of numbers`);
  return input;
}

/** The input at a place as words. */
export function wordsOf(inputs: readonly Vector[], at: number): WordVector {
  const input = inputs[at];
  assert(input.kind === "word", `input ${at} is a column of words`);
  return input;
}

/** NULL where the input is. */
export function nullsFrom(input: Vector, nulls: NullMask, count: number): void {
  copyNulls(input.nulls, nulls, count);
}
