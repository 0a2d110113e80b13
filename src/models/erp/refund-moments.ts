import type { Column } from "../../columns/column.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { HOUR_US } from "../../core/calendar.js";
import { fillBits } from "../../core/random.js";
import { INT4, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, setNull } from "../../core/vectors.js";
import { FATE_MASK, REFUNDED } from "./order-fates.js";
import { CALM_PAYMENT_READS, paymentReader } from "./order-status.js";
import { paidAt } from "./payment-terms.js";

/** When the customer asks for money back: some days after the goods came and the first part was paid. */
export function refundRequested(): Column {
  const reads = ["outcome_due", ...CALM_PAYMENT_READS];
  const about = "2 to 72 hours after the delivery and the first payment, of refunded orders, within the window";
  return numbers({ type: TIMESTAMPTZ, reads, about, nullable: true }, (context, inputs) => {
    const outcome = numbersOf(inputs, 0).values;
    const fates = numbersOf(inputs, 1 + CALM_PAYMENT_READS.indexOf("fate")).values;
    const factsOf = paymentReader(context, inputs, 1);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    const end = context.windowUs.to;
    return ({ rowIndexes, count }, out, nulls) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        if ((fates[i] & (FATE_MASK | REFUNDED)) !== REFUNDED) {
          setNull(nulls, i);
          continue;
        }
        const since = Math.max(outcome[i], paidAt(factsOf(i), 0));
        out[i] = since + Math.floor((2 + (bits[i] / 2 ** 32) * 70) * HOUR_US);
        if (out[i] >= end) setNull(nulls, i);
      }
    };
  });
}

/** When a manager looks at it: 4 to 60 hours later, within the window. */
export function refundReviewed(): Column {
  return later("refund_requested", 4, 60);
}

/** A moment some hours after another that may not have come; NULL where it would be beyond the window. */
export function later(path: string, low: number, high: number): Column {
  const about = `${low} to ${high} hours after ${path}, if that is within the window`;
  return numbers({ type: TIMESTAMPTZ, reads: [path], about, nullable: true }, (context, inputs) => {
    const from = numbersOf(inputs, 0);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    const end = context.windowUs.to;
    return ({ rowIndexes, count }, out, nulls) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        out[i] = from.values[i] + Math.floor((low + (bits[i] / 2 ** 32) * (high - low)) * HOUR_US);
        if ((from.nulls.any && from.nulls.flags[i] === 1) || out[i] >= end) setNull(nulls, i);
      }
    };
  });
}

/** 1 where a moment is there, else 0. */
export function present(path: string): Column {
  return numbers({ type: INT4, reads: [path], about: `1 where there is a ${path}` }, (_context, inputs) => {
    const { nulls } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = nulls.any && nulls.flags[i] === 1 ? 0 : 1;
    };
  });
}
