import type { BindContext, Column } from "../../columns/column.js";
import { codes, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { BOOL, enumType, TIMESTAMPTZ } from "../../core/sql-type.js";
import { setNull } from "../../core/vectors.js";
import { FATE_MASK, OVERDUE } from "./order-fates.js";
import { DELAYED, dueDay, IN_TIME, isOverdue, LATE, type PaymentFacts, paidAt, paymentFacts } from "./payment-terms.js";

/** States of an order: its steps in their order, then how it may end otherwise. */
export const ORDER_STATUSES = [
  "pending",
  "confirmed",
  "processing",
  "out_for_delivery",
  "delivered",
  "cancelled",
  "returned",
  "delivery_failed",
] as const;

export const ORDER_STATUS = enumType("order_status", ORDER_STATUSES);

export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** The place of a status among {@link ORDER_STATUSES}. */
export function statusCode(status: OrderStatus): number {
  return ORDER_STATUSES.indexOf(status);
}

/** The step after which nothing follows; its moment is the outcome's. */
export const LAST_STEP = 4;

/** The step with which an order leaves the warehouse. */
export const DISPATCH_STEP = 3;

/** The step that ends the order, and the state that it ends in, by fate. */
export const TERMINAL_STEPS: readonly number[] = [LAST_STEP, 1, 2, 3, LAST_STEP];
const TERMINAL_STATES: readonly number[] = (
  ["delivered", "cancelled", "cancelled", "cancelled", "returned"] as const
).map(statusCode);

/** The order's state at the window's end: that of its latest step. */
export function status(): Column {
  const reads = ["fate", "steps", "anomaly"];
  const spec = { type: ORDER_STATUS, labels: ORDER_STATUSES, reads, about: "the state of the latest step" };
  return codes(spec, (context, inputs) => {
    const [fates, steps, anomaly] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const cancelled = context.anomaly("cancellation").code;
    const failed = context.anomaly("delivery_failure").code;
    const [asCancelled, asFailed] = [statusCode("cancelled"), statusCode("delivery_failed")];
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const own = fates[i] & FATE_MASK;
        out[i] = steps[i] > TERMINAL_STEPS[own] ? TERMINAL_STATES[own] : steps[i] - 1;
        if (anomaly[i] === cancelled) out[i] = asCancelled;
        else if (anomaly[i] === failed) out[i] = asFailed;
      }
    };
  });
}

/** Whether the order's state is one of some: 0 or 1. */
export function statusIn(path: string, ...states: readonly OrderStatus[]): Column {
  return numbers(
    { type: BOOL, reads: [path], about: `whether ${path} is ${states.join(" or ")}` },
    (_context, inputs) => {
      const { codes: own } = wordsOf(inputs, 0);
      const isIn = Uint8Array.from(ORDER_STATUSES, (state) => (states.includes(state) ? 1 : 0));
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = isIn[own[i]];
      };
    },
  );
}

/** A moment, where the order's state is a given one. */
export function whenStatus(path: string, state: OrderStatus, moment: string): Column {
  const about = `${moment} where ${path} is ${state}`;
  return numbers({ type: TIMESTAMPTZ, reads: [path, moment], about, nullable: true }, (_context, inputs) => {
    const { codes: own } = wordsOf(inputs, 0);
    const { values } = numbersOf(inputs, 1);
    const wanted = statusCode(state);
    return ({ count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        out[i] = values[i];
        if (own[i] !== wanted) setNull(nulls, i);
      }
    };
  });
}

/** States of a payment. */
export const PAYMENT_STATUSES = ["paid", "pending", "overdue", "void"] as const;
export const [PAID, PENDING, OVERDUE_PAYMENT, VOID] = [0, 1, 2, 3];

/** Orders in these states are not paid for: nothing is owed. */
export const UNPAID_STATES: readonly OrderStatus[] = ["cancelled", "returned", "delivery_failed"];

const PAYMENT_READS = [
  "created_at",
  "terms",
  "company_id.bulk_day",
  "company_id",
  "instalments",
  "fate",
  "pace",
  "anomaly",
] as const;

/**
 * What a column needs of an order to say when its parts are paid.
 * @param prefix of the order's paths
 */
export function paymentReads(prefix = ""): string[] {
  return PAYMENT_READS.map((path) => `${prefix}${path}`);
}

/** The same without anomalies, for orders that none may strike. */
export const CALM_PAYMENT_READS: readonly string[] = PAYMENT_READS.filter((path) => path !== "anomaly");

/** Fills facts from the inputs of {@link paymentReads} or {@link CALM_PAYMENT_READS}, the column's last ones from `from` on. */
export function paymentReader(
  context: BindContext,
  inputs: Parameters<typeof numbersOf>[0],
  from = 0,
): (i: number) => PaymentFacts {
  const values = inputs.slice(from).map((_, at) => numbersOf(inputs, from + at).values);
  const [created, terms, bulkDay, company, parts, fates, pace] = values;
  const anomaly = values.at(PAYMENT_READS.length - 1);
  const delayed = context.anomaly("payment_delay").code;
  const facts = paymentFacts(context.windowUs.to);
  return (i) => {
    facts.createdUs = created[i];
    facts.terms = terms[i];
    facts.bulkDay = bulkDay[i];
    facts.companyId = company[i];
    facts.instalments = parts[i];
    facts.late = anomaly?.[i] === delayed ? DELAYED : (fates[i] & OVERDUE) === 0 ? IN_TIME : LATE;
    facts.pace = pace[i];
    return facts;
  };
}

const ORDER_PAYMENT_STATUSES = ["paid", "partially_paid", "pending", "overdue", "void"] as const;

/** How far the order is paid. */
export function paymentStatus(): Column {
  const reads = ["owed", ...paymentReads()];
  const type = enumType("order_payment_status", ORDER_PAYMENT_STATUSES);
  const spec = { type, labels: ORDER_PAYMENT_STATUSES, reads, about: "how far the order's parts are paid" };
  return codes(spec, (context, inputs) => {
    const owed = numbersOf(inputs, 0).values;
    const factsOf = paymentReader(context, inputs, 1);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        if (owed[i] === 0) out[i] = 4;
        else out[i] = stateOf(factsOf(i));
      }
    };
  });
}

function stateOf(facts: PaymentFacts): number {
  let paid = 0;
  for (let part = 0; part < facts.instalments; part++) {
    if (Number.isFinite(paidAt(facts, part))) paid++;
    else if (isOverdue(dueDay(facts, part), facts.endUs)) return 3;
  }
  if (paid === facts.instalments) return 0;
  return paid > 0 ? 1 : 2;
}

/** The moments of an order's steps, in their order. */
export function stepMomentReads(prefix = ""): string[] {
  return ["created_at", "confirmed_due", "packed_due", "dispatch_due", "outcome_at"].map((path) => `${prefix}${path}`);
}
