import { DAY_US, HOUR_US } from "../../core/calendar.js";

/** When companies pay. */
export const TERMS = ["immediate", "net_15", "net_30", "net_60", "bulk_cycle"] as const;

export const [IMMEDIATE, NET_15, NET_30, NET_60, BULK_CYCLE] = [0, 1, 2, 3, 4];

/** Days from the order until the first payment is due, by terms; of bulk cycles, until the earliest cycle. */
export const TERM_DAYS: readonly number[] = [1, 15, 30, 60, 5];

/** Days between the parts of one order. */
export const INSTALMENT_DAYS = 15;

/** How an order is late: not, by one payment since lately, or by the payment_delay anomaly. */
export const [IN_TIME, LATE, DELAYED] = [0, 1, 2];

/** Payments that are late without an anomaly have been so for at most this many days; with one, for longer. */
export const LATE_DAYS_MAX = 14;

/** What decides when the parts of an order are paid. One object a column, refilled row by row. */
export interface PaymentFacts {
  createdUs: number;
  terms: number;
  /** Of the month; the other day of the cycle is 15 days later. */
  bulkDay: number;
  companyId: number;
  instalments: number;
  late: number;
  /** 32 random bits of the order. */
  pace: number;
  /** The window's end. */
  readonly endUs: number;
}

/** Facts to be filled in. */
export function paymentFacts(endUs: number): PaymentFacts {
  return { createdUs: 0, terms: 0, bulkDay: 1, companyId: 0, instalments: 1, late: 0, pace: 0, endUs };
}

/**
 * The day on which a part of an order is due, in days since 1970. Where a payment is late the customer has to pay at
 * once, and the last part is the one that is missing.
 * @param part from 0
 */
export function dueDay(facts: PaymentFacts, part: number): number {
  const { createdUs, terms, bulkDay, instalments, late, pace, endUs } = facts;
  const created = Math.floor(createdUs / DAY_US);
  if (late !== IN_TIME) {
    const isMissing = part === instalments - 1;
    return isMissing && late === LATE ? lastDay(endUs) - (pace % LATE_DAYS_MAX) : created + 1;
  }
  const day = created + TERM_DAYS[terms] + INSTALMENT_DAYS * part;
  return terms === BULK_CYCLE ? nextCycleDay(day, bulkDay) : day;
}

/** When a part of an order is paid; Infinity where that is not before the window's end. */
export function paidAt(facts: PaymentFacts, part: number): number {
  const { createdUs, terms, companyId, instalments, late, endUs } = facts;
  if (late !== IN_TIME && part === instalments - 1) return Number.POSITIVE_INFINITY;
  const due = dueDay(facts, part);
  const bits = Math.imul(facts.pace ^ (part + 1), 0x9e3779b1) >>> 0;
  const share = bits / 2 ** 32;
  let at: number;
  if (late !== IN_TIME || (terms === IMMEDIATE && part === 0))
    at = createdUs + Math.floor((0.1 + 9.5 * share) * HOUR_US);
  else if (terms === BULK_CYCLE) at = due * DAY_US + 8 * HOUR_US + (companyId % 240) * 60_000_000;
  else at = (due - (bits % 4)) * DAY_US + Math.floor((7 + 6 * share) * HOUR_US);
  return at < endUs ? at : Number.POSITIVE_INFINITY;
}

/** Whether something due on a day and not paid is overdue at the window's end. */
export function isOverdue(due: number, endUs: number): boolean {
  return due <= lastDay(endUs);
}

/** The last day whose end lies in the window. */
function lastDay(endUs: number): number {
  return Math.floor(endUs / DAY_US) - 1;
}

/** The first day of a cycle that is not before `day`. */
function nextCycleDay(day: number, bulkDay: number): number {
  const date = dayOfMonth(day);
  if (date <= bulkDay) return day + bulkDay - date;
  if (date <= bulkDay + 15) return day + bulkDay + 15 - date;
  // A day 31 after the first of a month lies in the next month's first days.
  const next = day - date + 32;
  return next - dayOfMonth(next) + bulkDay;
}

/** 1 to 31: the proleptic Gregorian calendar without an object a day (Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
export function dayOfMonth(day: number): number {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const month = Math.floor((5 * ofYear + 2) / 153);
  return ofYear - Math.floor((153 * month + 2) / 5) + 1;
}
