import type { CalendarRule, InvariantRule, OrderRule, StateRule, StepRule, SumRule } from "../../../model/checks.js";
import { businessWeights } from "../calendars.js";
import { TIME_ZONE } from "../egypt-time.js";

export const order: readonly OrderRule[] = [
  { entity: "orders", before: "created_at", after: "confirmed_at", strict: true },
  { entity: "orders", before: "confirmed_at", after: "dispatched_at", strict: true },
  { entity: "orders", before: "dispatched_at", after: "delivered_at", strict: true },
  { entity: "orders", before: "created_at", after: "cancelled_at", strict: true },
  { entity: "orders", before: "delivered_at", after: "updated_at" },
];

export const states: readonly StateRule[] = [
  {
    entity: "orders",
    rule: "to a branch of the company's own, if to any",
    where: "{branch_id} IS NOT NULL",
    holds: "{branch_id.company_id} = {company_id}",
  },
  {
    entity: "orders",
    rule: "the delivery region is that of the branch, or of the company",
    holds: "{delivery_region} = coalesce({branch_id.delivery_region}, {company_id.delivery_region})",
  },
  {
    entity: "orders",
    rule: "the status agrees with the moments",
    holds:
      "CASE {status}::text WHEN 'pending' THEN {confirmed_at} IS NULL WHEN 'confirmed' THEN {confirmed_at} IS NOT NULL AND {dispatched_at} IS NULL " +
      "WHEN 'processing' THEN {confirmed_at} IS NOT NULL AND {dispatched_at} IS NULL WHEN 'cancelled' THEN {cancelled_at} IS NOT NULL " +
      "ELSE {dispatched_at} IS NOT NULL END AND ({status} = 'delivered') = ({delivered_at} IS NOT NULL) " +
      "AND ({status} = 'cancelled') = ({cancelled_at} IS NOT NULL AND {cancellation_reason} IS NOT NULL)",
  },
  {
    entity: "orders",
    rule: "payment terms are the company's",
    holds: "{payment_terms} = {company_id.payment_terms}",
  },
  {
    entity: "orders",
    rule: "nothing is owed for orders that came to nothing",
    holds: "({payment_status} = 'void') = ({status} IN ('cancelled', 'returned', 'delivery_failed'))",
  },
  {
    entity: "orders",
    rule: "sold and taken by somebody in sales",
    holds: "{sales_user_id.role} = 'Sales'",
    unless: ["missing_value"],
  },
  {
    entity: "order_status_history",
    rule: "an order begins as pending",
    holds:
      "({step} = 1) = ({from_status} IS NULL) AND ({step} = 1) = ({to_status} = 'pending') AND ({step} > 1 OR {changed_at} = {order_id.created_at})",
  },
  {
    entity: "order_status_history",
    rule: "the latest is the order's own status",
    where: "{changed_at} = {order_id.updated_at}",
    holds: "{to_status} = {order_id.status}",
  },
  {
    entity: "order_status_history",
    rule: "none comes after the order's last change",
    holds: "{changed_at} <= {order_id.updated_at}",
  },
];

const FOLLOWS = {
  confirmed: "pending",
  processing: "confirmed",
  out_for_delivery: "processing",
  delivered: "out_for_delivery",
  returned: "out_for_delivery",
  delivery_failed: "out_for_delivery",
  cancelled: "pending",
} as const;

export const steps: readonly StepRule[] = Object.entries(FOLLOWS).map(([later, earlier]) => ({
  entity: "order_status_history",
  rule: `${later} follows ${earlier}`,
  where: `{to_status} = '${later}'`,
  by: "{order_id}",
  at: "{changed_at}",
  follows: {
    entity: "order_status_history",
    where: `{to_status} = '${earlier}'`,
    by: "{order_id}",
    at: "{changed_at}",
  },
}));

export const sums: readonly SumRule[] = [
  {
    entity: "orders",
    rule: "each has one entry of its status in its history",
    value: "1",
    of: { entity: "order_status_history", reference: "order_id", where: "{to_status} = {order_id.status}" },
  },
];

export const invariants: readonly InvariantRule[] = [
  {
    entity: "orders",
    rule: "IDs grow with time",
    sql: "SELECT id FROM (SELECT id, created_at < lag(created_at) OVER (ORDER BY id) AS is_older FROM {orders}) t WHERE is_older",
  },
  {
    entity: "order_status_history",
    rule: "each begins with the status that the one before it led to",
    sql:
      "SELECT id FROM (SELECT id, step, from_status, changed_at, lag(to_status) OVER w AS before, lag(changed_at) OVER w AS earlier " +
      "FROM {order_status_history} WINDOW w AS (PARTITION BY order_id ORDER BY step)) t " +
      "WHERE step > 1 AND (from_status IS DISTINCT FROM before OR changed_at <= earlier)",
  },
];

export const calendars: readonly CalendarRule[] = [
  {
    entity: "orders",
    column: "created_at",
    timeZone: `'${TIME_ZONE}'`,
    weights: (facts) => {
      const { from, to } = facts.scenario.window;
      return businessWeights({ ...facts, windowUs: { from: Date.parse(from) * 1000, to: Date.parse(to) * 1000 } });
    },
    tolerance: () => 0,
  },
];
