import type { Column } from "../../columns/column.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { fillBits, unitOf } from "../../core/random.js";
import { TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";

/** The window's start: when the game opened. */
export function windowStart(): Column {
  return numbers({ type: TIMESTAMPTZ, about: "the window's start" }, ({ windowUs }) => ({ count }, out) => {
    out.fill(windowUs.from, 0, count);
  });
}

/** A moment of the `session` that the row belongs to; of several rows, in their order. */
export function duringSession(count: string): Column {
  const reads = ["session.login_time", "session.ended_at", `session.${count}`, "$ordinal"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "a moment of the session, in the order of rows" },
    (context, inputs) => {
      const [start, end, all, ordinal] = inputs.map((_, at) => numbersOf(inputs, at).values);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count: rows }, out) => {
        fillBits(key, rowIndexes, rows, 0, bits);
        for (let i = 0; i < rows; i++) {
          out[i] = start[i] + Math.floor(((ordinal[i] + unitOf(bits[i])) / all[i]) * (end[i] - start[i]));
        }
      };
    },
  );
}
