import type { BindContext, Column } from "../../columns/column.js";
import { numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { DAY_US, HOUR_US } from "../../core/calendar.js";
import { cellBits, fillBits } from "../../core/random.js";
import { DATE, INT2, INT4, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, setNull } from "../../core/vectors.js";
import { ATTEMPTS_MAX, deliveryDay } from "./delivery-rounds.js";
import { cairoDay, cairoMoment } from "./egypt-time.js";
import { FATE_MASK } from "./order-fates.js";
import { DISPATCH_STEP, LAST_STEP, TERMINAL_STEPS } from "./order-status.js";

/** The anomaly puts a delivery off by a week: to the same day of the next week's round. */
export const DELAY_DAYS = 7;

/** A moment some hours after another of the row, whether or not that is within the window: it may not have come yet. */
export function hoursAfter(path: string, low: number, high: number): Column {
  return numbers(
    { type: TIMESTAMPTZ, reads: [path], about: `${low} to ${high} hours after ${path}` },
    (context, inputs) => {
      const { values } = numbersOf(inputs, 0);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      const unit = ((high - low) * HOUR_US) / 2 ** 32;
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) out[i] = values[i] + Math.floor(low * HOUR_US + bits[i] * unit);
      };
    },
  );
}

/** 0 for region A, 1 for B: the branch's, or the company's where the order is for no branch. */
export function region(): Column {
  const reads = ["branch_id", "branch_id.delivery_region", "company_id.delivery_region"];
  return numbers(
    { type: INT2, reads, about: "the delivery region of the branch, or of the company" },
    (_context, inputs) => {
      const { nulls } = numbersOf(inputs, 0);
      const codeOf = (at: number): ((i: number) => number) => {
        const { codes, dictionary } = wordsOf(inputs, at);
        const isB = Uint8Array.from({ length: dictionary.count }, (_, code) =>
          dictionary.bytes[dictionary.starts[code]] === B ? 1 : 0,
        );
        return (i) => isB[codes[i]];
      };
      const [ofBranch, ofCompany] = [codeOf(1), codeOf(2)];
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = nulls.any && nulls.flags[i] === 1 ? ofCompany(i) : ofBranch(i);
      };
    },
  );
}

const B = "B".charCodeAt(0);

/** The day of the first attempt: the region's first delivery day after the one on which the goods are packed. */
export function scheduledDay(): Column {
  const reads = ["region", "packed_due"];
  return numbers({ type: DATE, reads, about: "the region's next delivery day after packing" }, (_context, inputs) => {
    const [regions, packed] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = deliveryDay(regions[i], cairoDay(packed[i]) + 1, 0);
    };
  });
}

/** When the van leaves: 6:00 to 8:30 on the scheduled day. */
export function dispatchDue(): Column {
  return numbers(
    { type: TIMESTAMPTZ, reads: ["scheduled_day"], about: "6:00 to 8:30 on the scheduled day" },
    (context, inputs) => {
      const { values } = numbersOf(inputs, 0);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) {
          out[i] = cairoMoment(values[i], 6 * HOUR_US + Math.floor((bits[i] / 2 ** 32) * 2.5 * HOUR_US));
        }
      };
    },
  );
}

/** How many attempts it takes. */
export function attempts(): Column {
  return numbers({ type: INT2, about: "1, or 2 or 3 where the first fails" }, (context) => {
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    const fails = context.scenario.shares["failedAttempts"] * 2 ** 32;
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = bits[i] >= fails ? 1 : bits[i] >= fails / 4 ? 2 : ATTEMPTS_MAX;
    };
  });
}

/** When the last attempt comes: 9:00 to 18:00 on its delivery day. */
export function outcomeDue(): Column {
  const reads = ["region", "scheduled_day", "attempts"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "9:00 to 18:00 on the day of the last attempt" },
    (context, inputs) => {
      const [regions, days, tries] = inputs.map((_, at) => numbersOf(inputs, at).values);
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          out[i] = attemptMoment(regions[i], days[i], tries[i] - 1, cellBits(key, rowIndexes[i], 0));
        }
      };
    },
  );
}

/**
 * The moment of an attempt: 9:00 to 18:00 on a delivery day.
 * @param region 0 for A, 1 for B
 * @param scheduled the day of the first attempt
 * @param attempt from 0
 * @param bits 32 random ones
 */
export function attemptMoment(region: number, scheduled: number, attempt: number, bits: number): number {
  const clockUs = 9 * HOUR_US + Math.floor((bits / 2 ** 32) * 9 * HOUR_US);
  return cairoMoment(deliveryDay(region, scheduled, attempt), clockUs);
}

/** {@link outcomeDue}, a week later where the delivery is delayed. */
export function outcomeAt(): Column {
  const reads = ["outcome_due", "delayed"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "the outcome, a week later where it is delayed" },
    (_context, inputs) => {
      const [due, delayed] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = due[i] + DELAY_DAYS * DAY_US * delayed[i];
      };
    },
  );
}

/** How many of the order's steps have come by the window's end. */
export function stepCount(): Column {
  const reads = ["fate", "confirmed_due", "packed_due", "dispatch_due", "outcome_due"];
  return numbers({ type: INT4, reads, about: "steps that have come by the window's end" }, (context, inputs) => {
    const [fates, ...moments] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const end = context.windowUs.to;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const last = TERMINAL_STEPS[fates[i] & FATE_MASK];
        let steps = 1;
        while (steps <= last && moments[steps - 1][i] < end) steps++;
        out[i] = steps;
      }
    };
  });
}

/** One shipment an order that was sent out: its fourth step has come, and was not to be cancelled instead. */
export function sentCount(): Column {
  return numbers(
    { type: INT4, reads: ["fate", "steps"], about: "1 once the order was sent out" },
    (_context, inputs) => {
      const [fates, steps] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) {
          out[i] = steps[i] > DISPATCH_STEP && TERMINAL_STEPS[fates[i] & FATE_MASK] === LAST_STEP ? 1 : 0;
        }
      };
    },
  );
}

/** The moment of a step, where the order has taken it and not been cancelled instead. */
export function takenAt(step: number, path: string): Column {
  const reads = ["fate", "steps", path];
  const about = `${path} once it has come`;
  return numbers({ type: TIMESTAMPTZ, reads, about, nullable: true }, (_context, inputs) => {
    const [fates, steps, moment] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        out[i] = moment[i];
        const last = TERMINAL_STEPS[fates[i] & FATE_MASK];
        if (steps[i] <= step || (last === step && step < LAST_STEP)) setNull(nulls, i);
      }
    };
  });
}

/** The moment of the order's latest step. */
export function latestStepAt(): Column {
  const reads = ["steps", "created_at", "confirmed_due", "packed_due", "dispatch_due", "outcome_at"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "the moment of the latest step" }, (_context, inputs) => {
    const [steps, ...moments] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = moments[steps[i] - 1][i];
    };
  });
}

/** Bits of the order for tables that can derive no key of it. */
export function randomWord(about: string): Column {
  return numbers({ type: INT4, about }, (context: BindContext) => {
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = bits[i];
    };
  });
}
