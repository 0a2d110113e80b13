import type { Column } from "../../columns/column.js";
import { id, linked, ordinal, parent } from "../../columns/keys.js";
import { codes, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { INT2, INT8, TIMESTAMPTZ } from "../../core/sql-type.js";
import { setNull } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { ORDER_STATUS, ORDER_STATUSES, stepMomentReads } from "./order-status.js";

/** Steps from this one on are taken by whoever handles the order, earlier ones by whoever sold it. */
const HANDLER_STEP = 2;

/** Every state that an order has been in. */
export const orderStatusHistory = entity("order_status_history", {
  comment: "Each change of an order's status, the last of which is the order's own",
  rows: childrenOf("orders", { by: "steps" }),
  columns: {
    id: id(),
    order_id: parent("orders"),
    step: ordinal(1, INT2),
    from_status: fromStatus(),
    to_status: toStatus(),
    changed_by: doneBy("$ordinal", "order_id."),
    changed_at: stepMoment("$ordinal", "order_id."),
  },
  unique: [["order_id", "step"]],
  indexes: [["changed_by"]],
});

function toStatus(): Column {
  const reads = ["$ordinal", "order_id.steps", "order_id.status"];
  const spec = {
    type: ORDER_STATUS,
    labels: ORDER_STATUSES,
    reads,
    about: "the step's state; the last is the order's",
  };
  return codes(spec, (_context, inputs) => {
    const [ordinals, steps] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
    const status = wordsOf(inputs, 2).codes;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = ordinals[i] === steps[i] - 1 ? status[i] : ordinals[i];
    };
  });
}

function fromStatus(): Column {
  const spec = {
    type: ORDER_STATUS,
    labels: ORDER_STATUSES,
    reads: ["$ordinal"],
    about: "the state before",
    nullable: true,
  };
  return codes(spec, (_context, inputs) => {
    const ordinals = numbersOf(inputs, 0).values;
    return ({ count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        out[i] = Math.max(0, ordinals[i] - 1);
        if (ordinals[i] === 0) setNull(nulls, i);
      }
    };
  });
}

/** When an order took a step. */
export function stepMoment(stepPath: string, prefix: string): Column {
  const reads = [stepPath, ...stepMomentReads(prefix)];
  return numbers({ type: TIMESTAMPTZ, reads, about: "when the order took the step" }, (_context, inputs) => {
    const [steps, ...moments] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = moments[steps[i]][i];
    };
  });
}

/** Who took an order's step. */
function doneBy(stepPath: string, prefix: string): Column {
  const reads = [stepPath, `${prefix}seller`, `${prefix}handler`];
  const column = numbers({ type: INT8, reads, about: "who sold the order, or who handles it" }, (_context, inputs) => {
    const [steps, seller, handler] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = steps[i] < HANDLER_STEP ? seller[i] : handler[i];
    };
  });
  return { ...linked("users", `${prefix}seller`), ...column };
}

/** From a step to whether the handler takes it. */
export function isHandlers(step: number): boolean {
  return step >= HANDLER_STEP;
}
