import { type Column, hidden, unique } from "../../columns/column.js";
import { onlyWhere } from "../../columns/conditions.js";
import { id, ordinal, parent } from "../../columns/keys.js";
import { labelFor, oneOf } from "../../columns/lists.js";
import { format } from "../../columns/text.js";
import { codes, copied, numbers, numbersOf, textChoice, wordsOf } from "../../columns/values.js";
import { DAY_US } from "../../core/calendar.js";
import { BOOL, DATE, enumType, INT2, INT4, TIMESTAMPTZ } from "../../core/sql-type.js";
import { childrenOf, entity } from "../../model/entity.js";
import { CARRIERS, FAILURE_REASONS } from "./data/texts.js";
import { kept } from "./kept.js";
import { attemptMoment, DELAY_DAYS } from "./order-moments.js";
import { ORDER_STATUSES, type OrderStatus } from "./order-status.js";
import { REGION } from "./vocabulary.js";

const SHIPMENT_STATUSES = ["in_transit", "delivered", "returned", "failed", "cancelled"] as const;

/** What an order's state makes of its shipment. */
const BY_ORDER: Partial<Record<OrderStatus, (typeof SHIPMENT_STATUSES)[number]>> = {
  out_for_delivery: "in_transit",
  delivered: "delivered",
  cancelled: "cancelled",
  returned: "returned",
  delivery_failed: "failed",
};

/** What the plan of an order's attempts is made of. */
const PLAN_READS = ["attempts", "region", "scheduled_day", "pace", "outcome_due"] as const;

/** What was sent out. */
export const shipments = entity("shipments", {
  comment: "Orders that were sent out, on their region's delivery days",
  rows: childrenOf("orders", { by: "shipment_count" }),
  columns: {
    id: id(),
    order_id: unique(parent("orders")),
    tracking_number: unique(format("EG{order_id:9}S")),
    carrier: textChoice(CARRIERS),
    delivery_region: copied("order_id.delivery_region", REGION),
    status: labelFor("order_id.status", {
      type: enumType("shipment_status", SHIPMENT_STATUSES),
      labels: SHIPMENT_STATUSES,
      codeOf: ORDER_STATUSES.map((status) => SHIPMENT_STATUSES.indexOf(BY_ORDER[status] ?? "in_transit")),
    }),
    scheduled_date: copied("order_id.scheduled_day", DATE),
    attempts_made: hidden(attemptCount()),
    attempt_count: kept("shipments", "attempts_made"),
    delivered_at: { ...copied("order_id.delivered_at", TIMESTAMPTZ), nullable: true },
    created_at: copied("order_id.dispatch_due", TIMESTAMPTZ),
  },
  indexes: [["scheduled_date"], ["status"]],
});

const OUTCOMES = ["delivered", "failed", "refused"] as const;
const [, FAILED, REFUSED] = [0, 1, 2];

/** Tries to hand a shipment over. */
export const deliveryAttempts = entity("delivery_attempts", {
  comment: "Tries to deliver: up to three, each on a delivery day of the region, with a reason for each failure",
  rows: childrenOf("shipments", { by: "attempt_count" }),
  columns: {
    id: id(),
    shipment_id: parent("shipments"),
    attempt_number: ordinal(1, INT2),
    is_last: hidden(isLast()),
    outcome: outcome(),
    failed: hidden(failed()),
    failure_reason: onlyWhere("failed", oneOf(Object.keys(FAILURE_REASONS), undefined, Object.values(FAILURE_REASONS))),
    attempted_at: attemptedAt(),
  },
  unique: [["shipment_id", "attempt_number"]],
});

/** The moment of an attempt as planned, from the inputs of PLAN_READS: the last is the outcome's. */
function plannedAt(
  [attempts, regions, days, pace, outcome]: readonly Float64Array[],
  i: number,
  attempt: number,
): number {
  if (attempt >= attempts[i] - 1) return outcome[i];
  const bits = Math.imul(pace[i] ^ (0x51ed + attempt), 0x9e3779b1) >>> 0;
  return attemptMoment(regions[i], days[i], attempt, bits);
}

/** How many attempts were made by the window's end. */
function attemptCount(): Column {
  const reads = PLAN_READS.map((path) => `order_id.${path}`);
  return numbers({ type: INT4, reads, about: "attempts that were made by the window's end" }, (context, inputs) => {
    const facts = inputs.map((_, at) => numbersOf(inputs, at).values);
    const end = context.windowUs.to;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        let made = 0;
        while (made < facts[0][i] && plannedAt(facts, i, made) < end) made++;
        out[i] = made;
      }
    };
  });
}

function isLast(): Column {
  const reads = ["$ordinal", "shipment_id.order_id.attempts"];
  return numbers({ type: BOOL, reads, about: "whether no further attempt follows" }, (_context, inputs) => {
    const [ordinals, attempts] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = ordinals[i] === attempts[i] - 1 ? 1 : 0;
    };
  });
}

function outcome(): Column {
  const spec = {
    type: enumType("delivery_outcome", OUTCOMES),
    labels: OUTCOMES,
    reads: ["is_last", "shipment_id.order_id.status"],
    about: "failed but for the last, which ends as the order does",
  };
  return codes(spec, (_context, inputs) => {
    const last = numbersOf(inputs, 0).values;
    const status = wordsOf(inputs, 1).codes;
    const atLast = ORDER_STATUSES.map((state) => {
      if (state === "returned" || state === "cancelled") return REFUSED;
      return state === "delivery_failed" ? FAILED : 0;
    });
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = last[i] === 1 ? atLast[status[i]] : FAILED;
    };
  });
}

function failed(): Column {
  return numbers({ type: BOOL, reads: ["outcome"], about: "whether the attempt failed" }, (_context, inputs) => {
    const { codes: own } = wordsOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = own[i] === FAILED ? 1 : 0;
    };
  });
}

function attemptedAt(): Column {
  const paths = [...PLAN_READS, "delayed"].map((path) => `shipment_id.order_id.${path}`);
  const about = "9:00 to 18:00 on a delivery day of the region";
  return numbers({ type: TIMESTAMPTZ, reads: ["$ordinal", ...paths], about }, (_context, inputs) => {
    const [ordinals, ...facts] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const delayed = facts[PLAN_READS.length];
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        out[i] = plannedAt(facts, i, ordinals[i]) + delayed[i] * DELAY_DAYS * DAY_US;
      }
    };
  });
}
