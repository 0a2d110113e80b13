import type { DistributionRule, InvariantRule, OrderRule, StateRule, SumRule } from "../../../model/checks.js";
import { rankShares } from "../products.js";

/** Popularity ranks that are looked at one by one; the others are counted together. */
const RANKS_SHOWN = 20;

export const order: readonly OrderRule[] = [
  { entity: "inventory_movements", before: "order_id.created_at", after: "moved_at", strict: true },
];

export const states: readonly StateRule[] = [
  {
    entity: "inventory_movements",
    rule: "units are added or taken as the type says, and only an order's goods have an order",
    holds:
      "CASE {movement_type}::text WHEN 'fulfilment' THEN {quantity} < 0 WHEN 'adjustment' THEN {quantity} <> 0 ELSE {quantity} > 0 END " +
      "AND ({movement_type} IN ('fulfilment', 'return')) = ({order_id} IS NOT NULL) AND ({order_id} IS NULL) = ({order_item_id} IS NULL)",
  },
  {
    entity: "inventory_movements",
    rule: "what leaves or comes back is what the line says",
    where: "{order_item_id} IS NOT NULL",
    holds:
      "{order_item_id.order_id} = {order_id} AND {product_id} = {order_item_id.product_id} AND abs({quantity}) = {order_item_id.quantity}",
  },
  {
    entity: "inventory_movements",
    rule: "goods leave with the van, and come back only from returned orders",
    where: "{order_id} IS NOT NULL",
    holds:
      "CASE {movement_type}::text WHEN 'fulfilment' THEN {moved_at} = {order_id.dispatched_at} ELSE {order_id.status} = 'returned' END",
  },
  {
    entity: "inventory_movements",
    rule: "restocked in whole cases",
    where: "{movement_type} IN ('initial', 'restock')",
    holds: "{quantity} % {product_id.case_size} = 0",
  },
  {
    entity: "maintenance_visits",
    rule: "a follow-up follows an earlier visit to the same company, and only a follow-up does",
    holds:
      "({visit_type} = 'follow_up') = ({follow_up_of} IS NOT NULL) AND ({follow_up_of} IS NULL OR " +
      "{follow_up_of.company_id} = {company_id} AND {follow_up_of} < {id})",
  },
  {
    entity: "maintenance_visits",
    rule: "completed ones say when, by somebody in support, on no weekend",
    holds:
      "({status} = 'completed') = ({completed_at} IS NOT NULL AND {duration_minutes} IS NOT NULL) " +
      "AND {technician_id.role} = 'Support' AND extract(dow FROM {scheduled_for}) < 5 " +
      "AND coalesce(({completed_at} AT TIME ZONE 'Africa/Cairo')::date = {scheduled_for}, true)",
  },
  {
    entity: "maintenance_spare_parts",
    rule: "only visits that took place took parts",
    holds: "{visit_id.status} = 'completed'",
  },
];

export const sums: readonly SumRule[] = [
  {
    entity: "order_items",
    rule: "each line of an order that was sent out left the stock once",
    value: "({order_id.dispatched_at} IS NOT NULL)::int",
    of: { entity: "inventory_movements", reference: "order_item_id", where: "{movement_type} = 'fulfilment'" },
  },
  {
    entity: "maintenance_visits",
    rule: "the cost of parts is the sum of the parts",
    value: "{parts_cost}",
    of: { entity: "maintenance_spare_parts", reference: "visit_id", value: "{line_total}" },
  },
];

export const invariants: readonly InvariantRule[] = [
  {
    entity: "order_items",
    rule: "an order's lines are for different products",
    sql:
      "SELECT min(id) AS id, order_id, product_id FROM {order_items} " +
      "WHERE (SELECT count(*) FROM {products}) >= 20 GROUP BY order_id, product_id HAVING count(*) > 1",
  },
  {
    entity: "maintenance_spare_parts",
    rule: "a visit takes each part on one line",
    sql:
      "SELECT min(id) AS id, visit_id, part_code FROM {maintenance_spare_parts} " +
      "GROUP BY visit_id, part_code HAVING count(*) > 1",
  },
  {
    entity: "inventory_movements",
    rule: "no product's stock is ever below zero",
    sql:
      "SELECT id, product_id, balance FROM (SELECT id, product_id, sum(quantity) OVER (PARTITION BY product_id ORDER BY moved_at, id) AS balance " +
      "FROM {inventory_movements}) t WHERE balance < 0",
  },
];

export const distributions: readonly DistributionRule[] = [
  {
    entity: "order_items",
    rule: "products' popularity",
    // Lines after the first are for what those before them are not for.
    where: "{line_number} = 1",
    value: `least({product_id.popularity_rank}, ${RANKS_SHOWN + 1})`,
    expected: ({ rows, scenario: { settings } }) => {
      const weights: Record<string, number> = {};
      for (const [at, share] of rankShares(rows("products"), settings["popularShare"]).entries()) {
        const label = String(Math.min(at + 1, RANKS_SHOWN + 1));
        weights[label] = (weights[label] ?? 0) + share;
      }
      return weights;
    },
  },
  {
    entity: "orders",
    rule: "lines of an order",
    value: "{line_count}",
    expected: ({ scenario: { weights } }) => weights["linesPerOrder"],
  },
];
