import type { Column } from "../../columns/column.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { STRATUM_ROWS } from "../../core/quota.js";
import { BOOL, INT2, INT4 } from "../../core/sql-type.js";
import { strataOf } from "./strata.js";

const EMPTY = new Uint16Array(0);

/** The journey of each recipient, as bits. Not stored: status columns, events, calls and logs follow from it. */
export function journey(): Column {
  const about = "steps by exact quota, shared by the campaigns; within each, a shuffle says who takes which";
  return numbers({ type: INT4, reads: ["$parent", "$ordinal"], about }, (context, inputs) => {
    const [campaigns, ordinals] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
    const recipients = context.fanOut("recipients");
    const stepsOf = strataOf(context);
    return ({ count }, out) => {
      let campaign = -1;
      let place = -1;
      let table: Uint16Array = EMPTY;
      for (let i = 0; i < count; i++) {
        const own = Math.floor(ordinals[i] / STRATUM_ROWS);
        if (own !== place || campaigns[i] !== campaign) {
          campaign = campaigns[i];
          place = own;
          table = stepsOf(recipients.start(campaign) + place);
        }
        out[i] = table[ordinals[i] - place * STRATUM_ROWS];
      }
    };
  });
}

/** Whether any of some steps is in the journey at a path: 0 or 1. */
export function took(steps: number, path = "journey"): Column {
  return numbers(
    { type: BOOL, reads: [path], about: `whether the journey has a step of ${steps}` },
    (_context, inputs) => {
      const { values } = numbersOf(inputs, 0);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = (values[i] & steps) === 0 ? 0 : 1;
      };
    },
  );
}

/** How many of some steps are in the journey at a path. */
export function stepCount(steps: number, path = "journey"): Column {
  return numbers({ type: INT2, reads: [path], about: `steps of ${steps} in the journey` }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        let rest = values[i] & steps;
        let bits = 0;
        for (; rest !== 0; rest &= rest - 1) bits++;
        out[i] = bits;
      }
    };
  });
}
