import type { Column } from "../../columns/column.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { INT4 } from "../../core/sql-type.js";
import { FATE_MASK, RETURNED } from "./order-fates.js";
import { LAST_STEP } from "./order-status.js";

// Stock movements are laid out along the orders: an order that begins a stretch of 1,000 has the restocking of every
// product for that stretch before it; then come its own lines as they leave, and again as they come back.
//
// Why no product's stock can go below zero: what leaves for a stretch's orders leaves after its first order came, and
// the stretch's restock, which came with that order, covers all of it.

/** Orders that one restocking is for. */
export const STRETCH_ORDERS = 1000;

/** Corrections after counting, a stretch. */
export const ADJUSTMENTS = 8;

/** Units that one correction takes or adds at the most. */
export const ADJUSTED_UNITS_MAX = 3;

/** Rows before the order's own lines. */
export function headRows(order: number, products: number): number {
  return order % STRETCH_ORDERS === 0 ? products + ADJUSTMENTS : 0;
}

/** How many movements stand with an order. */
export function movementCount(): Column {
  const reads = ["fate", "steps", "line_count", "shipment_count"];
  const about = "restocking where a stretch begins; the order's lines once they left, again where they came back";
  return numbers({ type: INT4, reads, about }, (context, inputs) => {
    const [fates, steps, lines, sent] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const products = context.entity("products").rowCount;
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const isBack = (fates[i] & FATE_MASK) === RETURNED && steps[i] > LAST_STEP;
        out[i] = headRows(rowIndexes[i], products) + sent[i] * lines[i] * (isBack ? 2 : 1);
      }
    };
  });
}
