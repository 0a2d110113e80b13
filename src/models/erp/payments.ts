import { type Column, checked, described, unique } from "../../columns/column.js";
import { id, linked, ordinal, parent } from "../../columns/keys.js";
import { format } from "../../columns/text.js";
import { choice, codes, copied, numbers, numbersOf } from "../../columns/values.js";
import { DATE, enumType, INT2, TIMESTAMPTZ } from "../../core/sql-type.js";
import { setNull } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { OVERDUE_PAYMENT, PAID, PAYMENT_STATUSES, PENDING, paymentReader, paymentReads, VOID } from "./order-status.js";
import { dueDay, isOverdue, paidAt } from "./payment-terms.js";
import { MONEY } from "./vocabulary.js";

const METHODS = ["bank_transfer", "cash", "card", "instapay", "cheque"] as const;

const READS = ["$ordinal", "order_id.owed", ...paymentReads("order_id.")];

/** What is to be paid for orders: one row, or one a part. */
export const payments = entity("payments", {
  comment:
    "Payments of orders, whole or in parts, as they stood at the window's end; together they are the order's total",
  rows: childrenOf("orders", { by: "instalments" }),
  columns: {
    id: id(),
    order_id: parent("orders"),
    company_id: linked("companies", "order_id.company_id"),
    instalment_number: ordinal(1, INT2),
    reference: unique(format("PAY-{id:9}")),
    method: choice("payment_method", METHODS, { bank_transfer: 45, cash: 25, card: 12, instapay: 12, cheque: 6 }),
    amount: checked(
      "amount >= 0",
      described("Egyptian pounds, with VAT", partAmount("order_id.total_amount", "order_id.instalments", "$ordinal")),
    ),
    status: status(),
    due_date: dueDate(),
    paid_at: paymentMoment(),
    created_at: copied("order_id.created_at", TIMESTAMPTZ),
  },
  unique: [["order_id", "instalment_number"]],
  indexes: [["company_id", "due_date"], ["status"], ["paid_at"]],
});

/** A part of an amount: equal parts in whole piastres, the last with the remainder. */
export function partAmount(total: string, parts: string, part: string): Column {
  return numbers(
    { type: MONEY, reads: [total, parts, part], about: `an equal part of ${total}` },
    (_context, inputs) => {
      const [whole, size, at] = inputs.map((_, place) => numbersOf(inputs, place).values);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) {
          const each = Math.floor(whole[i] / size[i]);
          out[i] = at[i] === size[i] - 1 ? whole[i] - each * (size[i] - 1) : each;
        }
      };
    },
  );
}

function dueDate(): Column {
  return numbers({ type: DATE, reads: READS, about: "by the company's terms" }, (context, inputs) => {
    const ordinals = numbersOf(inputs, 0).values;
    const factsOf = paymentReader(context, inputs, 2);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = dueDay(factsOf(i), ordinals[i]);
    };
  });
}

function paymentMoment(): Column {
  const about = "by the company's terms, where that is within the window and anything is owed";
  return numbers({ type: TIMESTAMPTZ, reads: READS, about, nullable: true }, (context, inputs) => {
    const [ordinals, owed] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
    const factsOf = paymentReader(context, inputs, 2);
    return ({ count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        const at = owed[i] === 1 ? paidAt(factsOf(i), ordinals[i]) : Number.POSITIVE_INFINITY;
        if (Number.isFinite(at)) out[i] = at;
        else setNull(nulls, i);
      }
    };
  });
}

function status(): Column {
  const spec = {
    type: enumType("payment_status", PAYMENT_STATUSES),
    labels: PAYMENT_STATUSES,
    reads: READS,
    about: "as the window's end finds it",
  };
  return codes(spec, (context, inputs) => {
    const [ordinals, owed] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
    const factsOf = paymentReader(context, inputs, 2);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        if (owed[i] === 0) {
          out[i] = VOID;
          continue;
        }
        const facts = factsOf(i);
        if (Number.isFinite(paidAt(facts, ordinals[i]))) out[i] = PAID;
        else out[i] = isOverdue(dueDay(facts, ordinals[i]), facts.endUs) ? OVERDUE_PAYMENT : PENDING;
      }
    };
  });
}
