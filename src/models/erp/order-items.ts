import { type Column, checked, described, hidden } from "../../columns/column.js";
import { id, ordinal, parent } from "../../columns/keys.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { cellBits, fillBits } from "../../core/random.js";
import { INT2, INT4, INT8 } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { QUANTITIES } from "./order-size.js";
import { catalogueOf } from "./products.js";
import { MONEY } from "./vocabulary.js";

/** Discounts on a line, per cent: prices are whole pounds, so that amounts come to whole piastres. */
const LINE_PERCENTS = [5, 10, 15, 20] as const;

/** Lines of orders. */
export const orderItems = entity("order_items", {
  comment: "Lines of orders; what they cost adds up to the order's subtotal",
  rows: childrenOf("orders", { by: "line_count" }),
  columns: {
    id: id(),
    order_id: parent("orders"),
    line_number: ordinal(1, INT2),
    product_id: productId(),
    quantity: quantity(),
    list_price: hidden(listPrice()),
    unit_price: described("Egyptian pounds, without VAT", unitPrice()),
    discount_percent: discountPercent(),
    net_at_list: hidden(netAtList()),
    discount_amount: discountAmount(),
    line_total: checked("line_total = quantity * unit_price - discount_amount", lineTotal()),
  },
  unique: [["order_id", "line_number"]],
  indexes: [["product_id"]],
});

/** Draws for one line before it may be for an article that another line of the order is for: few catalogues are so small. */
const DRAWS_MAX = 40;

/** An order's lines are for different articles: a line draws until it finds one that none before it has. */
function productId(): Column {
  const about = "products by Zipf, with which the popularShare goes to a fifth of them; none twice on an order";
  return {
    ...numbers({ type: INT8, reads: ["$ordinal"], about }, (context, inputs) => {
      const ordinals = numbersOf(inputs, 0).values;
      const { ranks, productOfRank } = catalogueOf(context);
      const { firstId } = context.entity("products");
      const key = context.key();
      const taken: number[] = [];
      const draw = (row: number): number => {
        let product = 0;
        for (let at = 0; at < DRAWS_MAX; at++) {
          product = productOfRank[pickAlias(ranks, cellBits(key, row, at))];
          if (!taken.includes(product)) break;
        }
        taken.push(product);
        return product;
      };
      return ({ rowIndexes, count }, out) => {
        let next = -1;
        for (let i = 0; i < count; i++) {
          const row = rowIndexes[i];
          if (row !== next || ordinals[i] === 0) {
            // The order's lines before this one, which stand before it in the table.
            taken.length = 0;
            for (let earlier = row - ordinals[i]; earlier < row; earlier++) draw(earlier);
          }
          out[i] = firstId + draw(row);
          next = row + 1;
        }
      };
    }),
    references: { entity: "products", foreignKey: true },
  };
}

function quantity(): Column {
  return numbers({ type: INT4, about: "1 to 48, small numbers and tens and dozens more often" }, (context) => {
    const quantities = Object.keys(QUANTITIES).map(Number);
    const table = aliasTable(Object.values(QUANTITIES));
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = quantities[pickAlias(table, bits[i])];
    };
  });
}

/** The product's price by a table: reading it through the reference would compute a thousand products a batch. */
function listPrice(): Column {
  return numbers({ type: MONEY, reads: ["product_id"], about: "the product's list price" }, (context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    const { prices } = catalogueOf(context);
    const { firstId } = context.entity("products");
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = prices[values[i] - firstId];
    };
  });
}

function unitPrice(): Column {
  const reads = ["list_price", "order_id.price_factor"];
  return numbers(
    { type: MONEY, reads, about: "the list price; a multiple of it in a price spike" },
    (_context, inputs) => {
      const [price, factor] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = price[i] * factor[i];
      };
    },
  );
}

function discountPercent(): Column {
  const reads = ["$ordinal", "order_id.discounted_lines"];
  const about = `one of ${LINE_PERCENTS.join(", ")} on the order's discounted lines, else 0`;
  return numbers({ type: INT2, reads, about }, (context, inputs) => {
    const [ordinals, discounted] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        out[i] = ordinals[i] < discounted[i] ? LINE_PERCENTS[bits[i] % LINE_PERCENTS.length] : 0;
      }
    };
  });
}

function netAtList(): Column {
  const reads = ["quantity", "list_price", "discount_percent"];
  return numbers({ type: MONEY, reads, about: "what the line costs at the list price" }, (_context, inputs) => {
    const [quantity, price, percent] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = (quantity[i] * price[i] * (100 - percent[i])) / 100;
    };
  });
}

function discountAmount(): Column {
  const reads = ["quantity", "unit_price", "discount_percent"];
  return numbers({ type: MONEY, reads, about: "discount_percent of quantity times unit_price" }, (_context, inputs) => {
    const [quantity, price, percent] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = (quantity[i] * price[i] * percent[i]) / 100;
    };
  });
}

function lineTotal(): Column {
  const reads = ["quantity", "unit_price", "discount_amount"];
  return numbers({ type: MONEY, reads, about: "quantity times unit_price less the discount" }, (_context, inputs) => {
    const [quantity, price, discount] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = quantity[i] * price[i] - discount[i];
    };
  });
}
