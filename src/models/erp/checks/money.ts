import type { OrderRule, StateRule, SumRule } from "../../../model/checks.js";

export const order: readonly OrderRule[] = [
  { entity: "payments", before: "created_at", after: "paid_at", strict: true },
  { entity: "refunds", before: "payment_id.paid_at", after: "requested_at" },
  { entity: "refunds", before: "order_id.delivered_at", after: "requested_at" },
  { entity: "refunds", before: "requested_at", after: "reviewed_at", strict: true },
  { entity: "refunds", before: "reviewed_at", after: "processed_at", strict: true },
];

export const states: readonly StateRule[] = [
  {
    entity: "orders",
    rule: "VAT of 14% on the subtotal less the discount",
    holds: "{tax_amount} = round(({subtotal} - {discount_amount}) * 0.14, 2)",
  },
  {
    entity: "orders",
    rule: "lines cost what the list says",
    holds: "{subtotal} = {expected_subtotal}",
    unless: ["price_spike"],
  },
  {
    entity: "order_items",
    rule: "the unit price is the product's list price",
    holds: "{unit_price} = {product_id.unit_price}",
    unless: ["order_id.price_spike"],
  },
  {
    entity: "order_items",
    rule: "the discount is its per cent of quantity times price",
    holds: "{discount_amount} = {quantity} * {unit_price} * {discount_percent} / 100",
  },
  {
    entity: "discounts",
    rule: "they agree with the order, or with the line",
    holds:
      "CASE {level}::text WHEN 'order' THEN {order_item_id} IS NULL AND {amount} = {order_id.discount_amount} " +
      "ELSE {order_item_id.order_id} = {order_id} AND {amount} = {order_item_id.discount_amount} " +
      "AND {percent} = {order_item_id.discount_percent} END",
  },
  { entity: "discounts", rule: "approved by a manager", holds: "{approved_by.role} = 'Manager'" },
  {
    entity: "payments",
    rule: "the status agrees with the moment, the due date and the order",
    holds:
      "({status} = 'paid') = ({paid_at} IS NOT NULL) AND CASE {status}::text " +
      "WHEN 'void' THEN {order_id.payment_status} = 'void' WHEN 'paid' THEN {order_id.payment_status} <> 'void' " +
      "WHEN 'overdue' THEN {due_date} < ({$to} AT TIME ZONE 'UTC')::date AND {order_id.payment_status} = 'overdue' " +
      "ELSE {due_date} >= ({$to} AT TIME ZONE 'UTC')::date AND {order_id.payment_status} IN ('pending', 'partially_paid') END",
  },
  { entity: "payments", rule: "of the order's company", holds: "{company_id} = {order_id.company_id}" },
  {
    entity: "payments",
    rule: "due by the terms",
    where:
      "{order_id.payment_status} NOT IN ('overdue') AND {instalment_number} = 1 AND {company_id.payment_terms} <> 'bulk_cycle'",
    holds:
      "{due_date} - ({created_at} AT TIME ZONE 'UTC')::date = CASE {company_id.payment_terms}::text " +
      "WHEN 'immediate' THEN 1 WHEN 'net_15' THEN 15 WHEN 'net_30' THEN 30 ELSE 60 END",
    unless: ["order_id.payment_delay"],
  },
  {
    entity: "payments",
    rule: "bulk payers pay on the days of their cycle",
    where: "{company_id.payment_terms} = 'bulk_cycle' AND {order_id.payment_status} <> 'overdue'",
    holds:
      "extract(day FROM {due_date}) IN ({company_id.bulk_day}, {company_id.bulk_day} + 15) " +
      "AND coalesce(({paid_at} AT TIME ZONE 'UTC')::date = {due_date}, true)",
    unless: ["order_id.payment_delay"],
  },
  {
    entity: "refunds",
    rule: "no more than was paid, of a payment of the order",
    holds: "{payment_id.order_id} = {order_id} AND {payment_id.status} = 'paid' AND {amount} <= {payment_id.amount}",
  },
  {
    entity: "refunds",
    rule: "the status agrees with who decided what when",
    holds:
      "({status} = 'requested') = ({reviewed_at} IS NULL) AND ({reviewed_by} IS NULL) = ({reviewed_at} IS NULL) " +
      "AND ({status} = 'rejected') = ({rejection_reason} IS NOT NULL) AND ({status} = 'processed') = ({processed_at} IS NOT NULL)",
  },
  {
    entity: "refunds",
    rule: "decided by a manager",
    where: "{reviewed_by} IS NOT NULL",
    holds: "{reviewed_by.role} = 'Manager'",
  },
];

export const sums: readonly SumRule[] = [
  {
    entity: "orders",
    rule: "the subtotal is the sum of the lines",
    value: "{subtotal}",
    of: { entity: "order_items", reference: "order_id", value: "{line_total}" },
  },
  {
    entity: "orders",
    rule: "the number of lines",
    value: "{line_count}",
    of: { entity: "order_items", reference: "order_id" },
  },
  {
    entity: "orders",
    rule: "the discount on the order is in discounts",
    value: "{discount_amount}",
    of: { entity: "discounts", reference: "order_id", where: "{level} = 'order'", value: "{amount}" },
  },
  {
    entity: "order_items",
    rule: "the discount on the line is in discounts",
    value: "{discount_amount}",
    of: { entity: "discounts", reference: "order_item_id", value: "{amount}" },
  },
  {
    entity: "orders",
    rule: "payments are the total, neither less nor more",
    value: "{total_amount}",
    of: { entity: "payments", reference: "order_id", value: "{amount}" },
  },
];
