import { type Column, checked, hidden } from "../../columns/column.js";
import { id, parent } from "../../columns/keys.js";
import { codes, copied, numbers, numbersOf, textChoice } from "../../columns/values.js";
import { enumType, INT2, INT8, type SqlType, TIMESTAMPTZ } from "../../core/sql-type.js";
import { setNull } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { DISCOUNT_REASONS } from "./data/texts.js";
import { userOf } from "./users.js";
import { MONEY } from "./vocabulary.js";

const LEVELS = ["order", "item"] as const;

/** Every discount, on an order or on one of its lines. */
export const discounts = entity("discounts", {
  comment: "Discounts on whole orders and on single lines, with what they came to",
  rows: childrenOf("orders", { by: "discount_count" }),
  columns: {
    id: id(),
    order_id: parent("orders"),
    line: hidden(line()),
    level: level(),
    order_item_id: orderItemId(),
    percent: byLevel("order_id.discount_percent", "order_item_id.discount_percent", INT2),
    amount: checked("amount >= 0", byLevel("order_id.discount_amount", "order_item_id.discount_amount", MONEY)),
    reason: textChoice(DISCOUNT_REASONS),
    approved_by: userOf("Manager"),
    created_at: copied("order_id.created_at", TIMESTAMPTZ),
  },
  indexes: [["order_id"], ["order_item_id"]],
});

/** Which of the order's lines, from 0; -1 for the discount on the order, which comes first. */
function line(): Column {
  const reads = ["$ordinal", "order_id.discount_percent"];
  return numbers(
    { type: INT2, reads, about: "the order's line, from 0; -1 for the whole order" },
    (_context, inputs) => {
      const [ordinals, percent] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = ordinals[i] - (percent[i] > 0 ? 1 : 0);
      };
    },
  );
}

function level(): Column {
  const spec = { type: enumType("discount_level", LEVELS), labels: LEVELS, reads: ["line"], about: "order or item" };
  return codes(spec, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = values[i] < 0 ? 0 : 1;
    };
  });
}

function orderItemId(): Column {
  const reads = ["line", "order_id"];
  return {
    ...numbers(
      { type: INT8, reads, about: "the line, where the discount is on one", nullable: true },
      (context, inputs) => {
        const [lines, orders] = inputs.map((_, at) => numbersOf(inputs, at).values);
        const { start } = context.fanOut("order_items");
        const { firstId } = context.entity("order_items");
        const firstOrderId = context.entity("orders").firstId;
        return ({ count }, out, nulls) => {
          for (let i = 0; i < count; i++) {
            out[i] = firstId + start(orders[i] - firstOrderId) + Math.max(0, lines[i]);
            if (lines[i] < 0) setNull(nulls, i);
          }
        };
      },
    ),
    references: { entity: "order_items", foreignKey: true },
  };
}

/** The order's figure or the line's. */
function byLevel(ofOrder: string, ofItem: string, type: SqlType): Column {
  return numbers({ type, reads: ["line", ofOrder, ofItem], about: "the order's or the line's" }, (_context, inputs) => {
    const [lines, order, item] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = lines[i] < 0 ? order[i] : item[i];
    };
  });
}
