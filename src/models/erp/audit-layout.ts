import type { BindContext, Column } from "../../columns/column.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { DAY_US } from "../../core/calendar.js";
import { INT4 } from "../../core/sql-type.js";

// Audit logs are laid out along the orders: each order has what was done to it and what belongs to it, and then a few
// of what was done to everything else, so that all orders together have one row for each row of these tables.

/** Tables beside the orders whose rows have audit logs, in this order. */
export const RIDERS = ["users", "companies", "branches", "products", "maintenance_visits"] as const;

/** Days on which somebody logs in, of the seven of a week. */
const LOGIN_DAYS = 4;

/** Changes of a product over the window. */
const PRODUCT_CHANGES = 2;

/** How many audit logs there are for each row of the tables in {@link RIDERS}, on average. */
function riderTimes({ windowUs: { from, to } }: BindContext): number[] {
  const logins = Math.max(1, Math.round(((to - from) / DAY_US / 7) * LOGIN_DAYS));
  return [logins, 1, 1, PRODUCT_CHANGES, 1];
}

/** The first rider of each table, counted through all of them, and how many there are. */
export function riderStarts(context: BindContext): number[] {
  const times = riderTimes(context);
  const starts = [0];
  for (const [at, name] of RIDERS.entries()) starts.push(starts[at] + times[at] * context.entity(name).rowCount);
  return starts;
}

/** The first rider that stands with an order. */
export function firstRider(order: number, riders: number, orders: number): number {
  return Math.floor((order * riders) / orders);
}

/** What an order's audit logs are about, in their order: how many of each. */
export const AUDIT_PARTS = ["steps", "instalments", "shipment_count", "refund_count", "review_count"] as const;

/** How many audit logs stand with an order. */
export function auditCount(): Column {
  const about = "its steps, payments, shipment, refund, and a share of what was done to other tables";
  return numbers({ type: INT4, reads: AUDIT_PARTS, about }, (context, inputs) => {
    const parts = inputs.map((_, at) => numbersOf(inputs, at).values);
    const orders = context.rowCount;
    const riders = riderStarts(context).at(-1) ?? 0;
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const row = rowIndexes[i];
        out[i] = firstRider(row + 1, riders, orders) - firstRider(row, riders, orders);
      }
      for (const values of parts) for (let i = 0; i < count; i++) out[i] += values[i];
    };
  });
}
