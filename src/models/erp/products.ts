import { type BindContext, type Column, described, hidden, unique } from "../../columns/column.js";
import { id } from "../../columns/keys.js";
import { numberFor, shuffledNumber } from "../../columns/lists.js";
import { format, sameCode } from "../../columns/text.js";
import { chance, numbers, numbersOf } from "../../columns/values.js";
import { type AliasTable, aliasTable } from "../../core/alias.js";
import { exp, log } from "../../core/math/index.js";
import { fillBits } from "../../core/random.js";
import { enumType, INT2, INT4, TEXT } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, type NumberVector, wordVector } from "../../core/vectors.js";
import { entity, rows } from "../../model/entity.js";
import { CATEGORIES, PRODUCTS } from "./data/products.js";
import { beforeWindow, MONEY, within } from "./vocabulary.js";

/** The part of the catalogue that most lines are for: 80/20. */
export const POPULAR_PART = 0.2;

/** What is sold. */
export const products = entity("products", {
  comment: "The catalogue: coffee, tea, other drinks, and what they are served with",
  rows: rows(({ sizes }) => sizes["products"]),
  columns: {
    id: id(),
    sku: unique(format("SF-{id:5}")),
    name_en: inTurn("product_names"),
    name_ar: sameCode("name_en", "product_names_ar"),
    category: sameCode("name_en", "product_categories", enumType("product_category", CATEGORIES)),
    unit: sameCode("name_en", "product_units"),
    unit_price: described(
      "List price in Egyptian pounds",
      numberFor(
        "name_en",
        PRODUCTS.map(({ pounds }) => pounds * 100),
        MONEY,
      ),
    ),
    unit_cost: described("50 to 75% of the list price", unitCost()),
    place: hidden(shuffledNumber()),
    popularity_rank: described("1 for the product that sells most often", popularityRank()),
    case_size: described("Restocked in multiples of this", caseSize()),
    is_active: chance(0.98),
    created_at: beforeWindow(),
  },
  unique: [["popularity_rank"]],
  indexes: [["category"]],
});

/** The words of a dictionary, one row after another. */
function inTurn(dictionary: string): Column {
  return {
    type: TEXT,
    reads: [],
    about: `the words of ${dictionary}, in turn`,
    bind(context) {
      const words = context.dictionary(dictionary);
      const out = wordVector(words);
      return {
        out,
        fill({ rowIndexes, count }) {
          for (let i = 0; i < count; i++) out.codes[i] = rowIndexes[i] % words.count;
        },
      };
    },
  };
}

function unitCost(): Column {
  return numbers({ type: MONEY, reads: ["unit_price"], about: "50 to 75% of the list price" }, (context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = Math.round((values[i] * within(bits[i], 50, 75)) / 100);
    };
  });
}

function popularityRank(): Column {
  return numbers({ type: INT4, reads: ["place"], about: "another rank in each row, from 1" }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = 1 + values[i];
    };
  });
}

const CASE_SIZES = [6, 12, 24, 48] as const;

function caseSize(): Column {
  return numbers({ type: INT2, reads: ["place"], about: "6, 12, 24 or 48" }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = CASE_SIZES[values[i] % CASE_SIZES.length];
    };
  });
}

/** The whole catalogue, for tables whose rows choose from it. */
export interface Catalogue {
  readonly size: number;
  /** Which popularity rank a line is for (from 0), by Zipf. */
  readonly ranks: AliasTable;
  /** The product, counted from 0, of each rank. */
  readonly productOfRank: Int32Array;
  /** Piastres, by product. */
  readonly prices: Float64Array;
  readonly caseSizes: Float64Array;
}

/** Reads the catalogue: a few hundred products, once a bound column. */
export function catalogueOf(context: BindContext): Catalogue {
  const size = context.entity("products").rowCount;
  const program = context.program("products", ["popularity_rank", "unit_price", "case_size"]);
  const productOfRank = new Int32Array(size);
  const prices = new Float64Array(size);
  const caseSizes = new Float64Array(size);
  for (let start = 0; start < size; start += BATCH_ROWS_MAX) {
    const count = Math.min(BATCH_ROWS_MAX, size - start);
    for (let i = 0; i < count; i++) program.rows.ownIndexes[i] = start + i;
    program.runRows(count);
    const [rank, price, caseOf] = ["popularity_rank", "unit_price", "case_size"].map(
      (name) => (program.vector(name) as NumberVector).values,
    );
    for (let i = 0; i < count; i++) {
      productOfRank[rank[i] - 1] = start + i;
      prices[start + i] = price[i];
      caseSizes[start + i] = caseOf[i];
    }
  }
  const ranks = aliasTable(rankShares(size, context.scenario.settings["popularShare"]));
  return { size, ranks, productOfRank, prices, caseSizes };
}

/** The share of all lines that is each rank's, where the best-selling fifth has a share of them. */
export function rankShares(size: number, popularShare: number): Float64Array {
  const weights = zipfWeights(size, popularityExponent(size, popularShare));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** By how much of the catalogue ranks are shifted: without it one article would be on every second order. */
const SHIFT_PART = 0.06;

/** Zipf's law with Mandelbrot's shift of the ranks. */
function zipfWeights(size: number, exponent: number): Float64Array {
  const shift = 1 + Math.round(size * SHIFT_PART);
  return Float64Array.from({ length: size }, (_, rank) => exp(-exponent * log(rank + shift)));
}

/**
 * The exponent with which the best-selling fifth of a catalogue gets a share of the lines. Found by bisection, since
 * there is no closed form.
 */
export function popularityExponent(size: number, share: number): number {
  const popular = Math.round(size * POPULAR_PART);
  if (popular === 0) return 1;
  let [low, high] = [0, 40];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    const weights = zipfWeights(size, middle);
    const sum = (part: Float64Array): number => part.reduce((total, weight) => total + weight, 0);
    if (sum(weights.subarray(0, popular)) < share * sum(weights)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
