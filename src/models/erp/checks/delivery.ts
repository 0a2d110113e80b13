import type { OrderRule, StateRule, SumRule } from "../../../model/checks.js";
import { DELIVERY_WEEKDAYS } from "../delivery-rounds.js";
import { TIME_ZONE } from "../egypt-time.js";

/** Whether a date is one of the region's delivery days. */
function isDeliveryDay(date: string, region: string): string {
  const days = (weekdays: readonly number[]): string => weekdays.join(", ");
  return (
    `extract(dow FROM ${date}) = ANY (CASE ${region}::text WHEN 'A' THEN ARRAY[${days(DELIVERY_WEEKDAYS.A)}] ` +
    `ELSE ARRAY[${days(DELIVERY_WEEKDAYS.B)}] END)`
  );
}

const localDate = (moment: string): string => `((${moment}) AT TIME ZONE '${TIME_ZONE}')::date`;

export const order: readonly OrderRule[] = [
  { entity: "shipments", before: "created_at", after: "delivered_at", strict: true },
  { entity: "delivery_attempts", before: "shipment_id.created_at", after: "attempted_at", strict: true },
];

export const states: readonly StateRule[] = [
  {
    entity: "orders",
    rule: "scheduled on a delivery day of the region, after the order was confirmed",
    where: "{scheduled_delivery_date} IS NOT NULL",
    holds:
      `${isDeliveryDay("{scheduled_delivery_date}", "{delivery_region}")} ` +
      `AND {scheduled_delivery_date} > ${localDate("{confirmed_at}")}`,
  },
  {
    entity: "orders",
    rule: "packed within 6 hours, and the day is the region's next after that",
    where: "{scheduled_delivery_date} IS NOT NULL",
    holds: `{scheduled_delivery_date} <= ${localDate("{confirmed_at} + interval '6 hours'")} + 3`,
  },
  {
    entity: "orders",
    rule: "sent out on the scheduled day",
    where: "{dispatched_at} IS NOT NULL",
    holds: `${localDate("{dispatched_at}")} = {scheduled_delivery_date}`,
  },
  {
    entity: "orders",
    rule: "delivered on one of three delivery days in a row",
    where: "{delivered_at} IS NOT NULL",
    holds: `${localDate("{delivered_at}")} - {scheduled_delivery_date} <= 5`,
    unless: ["delivery_delay"],
  },
  {
    entity: "shipments",
    rule: "they agree with their order",
    holds:
      "{delivery_region} = {order_id.delivery_region} AND {scheduled_date} = {order_id.scheduled_delivery_date} " +
      "AND {created_at} = {order_id.dispatched_at} AND {delivered_at} IS NOT DISTINCT FROM {order_id.delivered_at} " +
      "AND {status}::text = CASE {order_id.status}::text WHEN 'out_for_delivery' THEN 'in_transit' " +
      "WHEN 'delivery_failed' THEN 'failed' ELSE {order_id.status}::text END",
  },
  {
    entity: "delivery_attempts",
    rule: "on a delivery day of the region",
    holds: isDeliveryDay(localDate("{attempted_at}"), "{shipment_id.delivery_region}"),
  },
  {
    entity: "delivery_attempts",
    rule: "a failed one has a reason, and no other",
    holds: "({outcome} = 'failed') = ({failure_reason} IS NOT NULL)",
  },
  {
    entity: "delivery_attempts",
    rule: "the last ends as the shipment does, the others failed",
    holds:
      "CASE WHEN {attempt_number} < {shipment_id.attempt_count} OR {shipment_id.status} IN ('in_transit', 'failed') THEN {outcome} = 'failed' " +
      "WHEN {shipment_id.status} = 'delivered' THEN {outcome} = 'delivered' AND {attempted_at} = {shipment_id.delivered_at} " +
      "ELSE {outcome} = 'refused' END",
  },
];

export const sums: readonly SumRule[] = [
  {
    entity: "shipments",
    rule: "the number of attempts",
    value: "{attempt_count}",
    of: { entity: "delivery_attempts", reference: "shipment_id" },
  },
  {
    entity: "orders",
    rule: "one shipment for each that was sent out",
    value: "({dispatched_at} IS NOT NULL)::int",
    of: { entity: "shipments", reference: "order_id" },
  },
];
