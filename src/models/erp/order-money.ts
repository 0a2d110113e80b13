import type { Column } from "../../columns/column.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { cellBits, fillBits } from "../../core/random.js";
import { INT2, INT4 } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { MONEY } from "./vocabulary.js";

/** Value added tax in Egypt, per cent (Law 67 of 2016). */
export const VAT_PERCENT = 14;

const DISCOUNT_PERCENTS = [3, 5, 7, 10] as const;

/** How many lines the order has. */
export function lineCount(): Column {
  return numbers({ type: INT2, about: "1 to 8, by the weights linesPerOrder" }, (context) => {
    const weights = context.scenario.weights["linesPerOrder"];
    const counts = Object.keys(weights).map(Number);
    const table = aliasTable(Object.values(weights));
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = counts[pickAlias(table, bits[i])];
    };
  });
}

/** The first line, or the first two, of a share of the orders. */
export function discountedLines(): Column {
  return numbers(
    { type: INT2, reads: ["line_count"], about: "0 to 2 lines with a discount: the order's first" },
    (context, inputs) => {
      const lines = numbersOf(inputs, 0).values;
      const bound = context.scenario.shares["itemDiscount"] * 2 ** 32;
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) out[i] = bits[i] >= bound ? 0 : Math.min(lines[i], 1 + (bits[i] & 1));
      };
    },
  );
}

/** The discount on the whole order. */
export function discountPercent(): Column {
  return numbers(
    { type: INT2, about: `one of ${DISCOUNT_PERCENTS.join(", ")} in the share orderDiscount, else 0` },
    (context) => {
      const bound = context.scenario.shares["orderDiscount"] * 2 ** 32;
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const bits = cellBits(key, rowIndexes[i], 0);
          out[i] = bits >= bound ? 0 : DISCOUNT_PERCENTS[cellBits(key, rowIndexes[i], 1) % DISCOUNT_PERCENTS.length];
        }
      };
    },
  );
}

/** How many discounts the order has, on itself and on its lines. */
export function discountCount(): Column {
  const reads = ["discount_percent", "discounted_lines"];
  return numbers({ type: INT4, reads, about: "discounts on the order and on its lines" }, (_context, inputs) => {
    const [percent, lines] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = (percent[i] > 0 ? 1 : 0) + lines[i];
    };
  });
}

/** The product of two columns of the row. */
export function product(left: string, right: string): Column {
  return numbers({ type: MONEY, reads: [left, right], about: `${left} times ${right}` }, (_context, inputs) => {
    const [a, b] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = a[i] * b[i];
    };
  });
}

/** Some per cent of an amount, rounded to the piastre. */
export function percentOf(amount: string, percent: string): Column {
  return numbers({ type: MONEY, reads: [amount, percent], about: `${percent} of ${amount}` }, (_context, inputs) => {
    const [of, part] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = Math.round((of[i] * part[i]) / 100);
    };
  });
}

/** VAT. */
export function tax(): Column {
  const reads = ["subtotal", "discount_amount"];
  return numbers(
    { type: MONEY, reads, about: `${VAT_PERCENT}% of the subtotal less the discount` },
    (_context, inputs) => {
      const [subtotal, discount] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = Math.round(((subtotal[i] - discount[i]) * VAT_PERCENT) / 100);
      };
    },
  );
}

/** What is to be paid. */
export function total(): Column {
  const reads = ["subtotal", "discount_amount", "tax_amount"];
  return numbers({ type: MONEY, reads, about: "subtotal less discount plus tax" }, (_context, inputs) => {
    const [subtotal, discount, tax] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = subtotal[i] - discount[i] + tax[i];
    };
  });
}
