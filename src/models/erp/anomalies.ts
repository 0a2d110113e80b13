import type { ModelAnomaly } from "../../model/anomalies.js";

/**
 * Anomalies of orders strike orders that are through with everything long before the window's end, and no order twice:
 * their rates add up. None adds or takes rows.
 */
const ofOrders = { entity: "orders", among: "sound", bursts: true } as const;

/** What an ERP scenario may have go wrong. */
export const anomalies: readonly ModelAnomaly[] = [
  {
    ...ofOrders,
    name: "payment_delay",
    kind: "payment_delay",
    about: "the last payment was due the day after the order and is still not paid at the window's end",
    shows: "{payment_status} = 'overdue' AND {payment_due_date} < ({$to} AT TIME ZONE 'UTC')::date - 15",
    since: "due_moment",
    until: "window_end",
    detail: "payment_detail",
    rate: 0,
  },
  {
    ...ofOrders,
    name: "delivery_delay",
    kind: "delivery_delay",
    about: "every attempt to deliver comes a week late",
    shows: "({delivered_at} AT TIME ZONE 'Africa/Cairo')::date - {scheduled_delivery_date} >= 7",
    since: "scheduled_moment",
    until: "outcome_at",
    detail: "delay_detail",
    rate: 0,
  },
  {
    ...ofOrders,
    name: "delivery_failure",
    kind: "delivery_failure",
    about: "no attempt to deliver succeeds; the order's payments are void",
    shows: "{status} = 'delivery_failed'",
    since: "dispatch_due",
    until: "outcome_at",
    detail: "failure_detail",
    rate: 0,
  },
  {
    ...ofOrders,
    name: "cancellation",
    kind: "cancellation",
    about:
      "cancelled when it was out for delivery, as no other order is; its payments are void, its goods not yet back",
    shows: "{status} = 'cancelled' AND {dispatched_at} IS NOT NULL",
    since: "outcome_at",
    until: "outcome_at",
    detail: "cancellation_detail",
    rate: 0,
  },
  {
    ...ofOrders,
    name: "price_spike",
    kind: "price_spike",
    about: "unit prices of all lines are 3 to 10 times the list's",
    shows: "{subtotal} > {expected_subtotal}",
    since: "created_at",
    until: "updated_at",
    detail: "spike_detail",
    rate: 0,
  },
  {
    ...ofOrders,
    name: "missing_value",
    kind: "missing_value",
    about: "nobody is named who sold the order",
    shows: "{sales_user_id} IS NULL",
    since: "created_at",
    until: "updated_at",
    detail: "missing_detail",
    rate: 0,
  },
  {
    name: "duplicate_entry",
    kind: "duplicate_entry",
    entity: "audit_logs",
    appended: "copy",
    about: "an audit log is entered a second time under another ID",
    since: "occurred_at",
    until: "occurred_at",
    detail: "duplicate_detail",
    rate: 0,
  },
];
