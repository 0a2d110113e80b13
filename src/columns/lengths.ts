import { powerOf10, type SqlType } from "../core/sql-type.js";
import { isNull, type TextVector } from "../core/vectors.js";
import { SeedBulkError } from "../errors.js";
import type { BindContext, Column, Rows } from "./column.js";

/**
 * A column of texts that are put together, whose lengths a varchar bounds: which row is too long, Postgres would say of
 * a line of COPY.
 * @throws SeedBulkError SB_VALUE_INVALID, in the load or the plan, of a text that is too long
 */
export function heldTo(type: SqlType, column: Column): Column {
  if (type.name === "timestamp" || type.name === "timestamptz") return inSteps(type.precision, column);
  if (type.name !== "varchar") return column;
  const { length } = type;
  return {
    ...column,
    bind(context, inputs) {
      const { out, fill } = column.bind(context, inputs);
      if (out.kind !== "text") return { out, fill };
      return {
        out,
        fill(rows) {
          fill(rows);
          requireLength(out, rows, { length, context });
        },
      };
    },
  };
}

const DIGITS_OF_SECOND = 6;

/** Moments cut to as many digits of the second as their type has: Postgres would round them. */
function inSteps(digits: number | undefined, column: Column): Column {
  if (digits === undefined || digits >= DIGITS_OF_SECOND) return column;
  const step = powerOf10(DIGITS_OF_SECOND - digits);
  return {
    ...column,
    bind(context, inputs) {
      const { out, fill } = column.bind(context, inputs);
      if (out.kind !== "number") return { out, fill };
      const cut = { ...out, values: new Float64Array(out.values.length) };
      return {
        out: cut,
        fill(rows) {
          fill(rows);
          for (let i = 0; i < rows.count; i++) cut.values[i] = Math.floor(out.values[i] / step) * step;
        },
      };
    },
  };
}

function requireLength(
  vector: TextVector,
  { ownIndexes, count }: Rows,
  { length, context }: { readonly length: number; readonly context: BindContext },
): void {
  const { bytes, offsets } = vector;
  for (let i = 0; i < count; i++) {
    // No more characters than bytes.
    if (offsets[i + 1] - offsets[i] <= length || isNull(vector, i)) continue;
    const text = Buffer.from(bytes.subarray(offsets[i], offsets[i + 1])).toString();
    const characters = [...text].length;
    if (characters <= length) continue;
    const row = context.firstId + ownIndexes[i];
    throw new SeedBulkError(
      "SB_VALUE_INVALID",
      `${context.name}, row ${row}: ${characters} characters are too many for varchar(${length}): ${JSON.stringify(text.slice(0, 60))}`,
      { hint: "Give the column a longer type, or make the text shorter." },
    );
  }
}
