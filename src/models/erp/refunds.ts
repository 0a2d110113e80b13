import { type Column, checked, hidden, unique } from "../../columns/column.js";
import { onlyWhere } from "../../columns/conditions.js";
import { id, linked, parent } from "../../columns/keys.js";
import { codes, copied, integer, numbers, numbersOf, textChoice } from "../../columns/values.js";
import { fillBits } from "../../core/random.js";
import { BOOL, enumType, INT2, INT8, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { REFUND_REASONS, REJECTION_REASONS } from "./data/texts.js";
import { later, present } from "./refund-moments.js";
import { userOf } from "./users.js";
import { MONEY } from "./vocabulary.js";

const REFUND_STATUSES = ["requested", "approved", "rejected", "processed"] as const;
const [REQUESTED, APPROVED, REJECTED, PROCESSED] = [0, 1, 2, 3];

/** Money that customers asked back. */
export const refunds = entity("refunds", {
  comment: "Money that customers asked back of a payment they had made, and what a manager decided",
  rows: childrenOf("orders", { by: "refund_count" }),
  columns: {
    id: id(),
    order_id: unique(parent("orders")),
    payment_id: paymentId(),
    percent: hidden(integer(10, 100, INT2)),
    amount: checked("amount >= 0", amount()),
    reason: textChoice(REFUND_REASONS),
    reviewed: hidden(present("reviewed_at")),
    refused: hidden(refused()),
    rejected: hidden(rejected()),
    accepted: hidden(accepted()),
    status: status(),
    requested_by: linked("users", "order_id.seller"),
    requested_at: copied("order_id.refund_requested", TIMESTAMPTZ),
    reviewer: hidden(userOf("Manager")),
    reviewed_by: onlyWhere("reviewed", {
      ...copied("reviewer", INT8),
      references: { entity: "users", foreignKey: true },
    }),
    reviewed_at: { ...copied("order_id.refund_reviewed", TIMESTAMPTZ), nullable: true },
    rejection_reason: onlyWhere("rejected", textChoice(REJECTION_REASONS)),
    paid_out: hidden(later("reviewed_at", 6, 72)),
    processed_at: onlyWhere("accepted", copied("paid_out", TIMESTAMPTZ)),
  },
  indexes: [["status"], ["payment_id"]],
});

function paymentId(): Column {
  return {
    ...numbers({ type: INT8, reads: ["order_id"], about: "the order's first payment" }, (context, inputs) => {
      const { values } = numbersOf(inputs, 0);
      const { start } = context.fanOut("payments");
      const { firstId } = context.entity("payments");
      const firstOrderId = context.entity("orders").firstId;
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = firstId + start(values[i] - firstOrderId);
      };
    }),
    references: { entity: "payments", foreignKey: true },
  };
}

function amount(): Column {
  const reads = ["payment_id.amount", "percent"];
  return numbers({ type: MONEY, reads, about: "10 to 100% of the payment" }, (_context, inputs) => {
    const [paid, percent] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = Math.floor((paid[i] * percent[i]) / 100);
    };
  });
}

function refused(): Column {
  return numbers({ type: BOOL, about: "1 in the share refundRejected" }, (context) => {
    const bound = context.scenario.shares["refundRejected"] * 2 ** 32;
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = bits[i] < bound ? 1 : 0;
    };
  });
}

function rejected(): Column {
  return numbers({ type: BOOL, reads: ["reviewed", "refused"], about: "reviewed and refused" }, (_context, inputs) => {
    const [reviewed, refused] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = reviewed[i] * refused[i];
    };
  });
}

function accepted(): Column {
  return numbers({ type: BOOL, reads: ["refused"], about: "not refused" }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = 1 - values[i];
    };
  });
}

function status(): Column {
  const spec = {
    type: enumType("refund_status", REFUND_STATUSES),
    labels: REFUND_STATUSES,
    reads: ["reviewed", "refused", "processed_at"],
    about: "how far the request has come",
  };
  return codes(spec, (_context, inputs) => {
    const [reviewed, refused] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
    const processed = numbersOf(inputs, 2).nulls;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        if (reviewed[i] === 0) out[i] = REQUESTED;
        else if (refused[i] === 1) out[i] = REJECTED;
        else out[i] = processed.any && processed.flags[i] === 1 ? APPROVED : PROCESSED;
      }
    };
  });
}
