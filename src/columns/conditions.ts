import { TIMESTAMPTZ } from "../core/sql-type.js";
import { type NumberVector, setNull } from "../core/vectors.js";
import { assert } from "../errors.js";
import type { Column } from "./column.js";
import { numbers, numbersOf } from "./values.js";

/**
 * Another column's value, NULL where a flag of the row is 0: an agent's name where the call was answered.
 * @param flagPath the path of a column of 0 and 1
 */
export function onlyWhere(flagPath: string, column: Column): Column {
  const own = column.reads.length;
  return {
    ...column,
    reads: [...column.reads, flagPath],
    nullable: true,
    about: `${column.about}; present where ${flagPath}`,
    bind(context, inputs) {
      const bound = column.bind(context, inputs.slice(0, own));
      const flag = inputs[own] as NumberVector;
      assert(
        inputs.every(({ nulls }) => nulls !== bound.out.nulls),
        "a column that is NULL by a flag has a vector of its own",
      );
      return {
        out: bound.out,
        fill(rows) {
          bound.out.nulls.any = false;
          bound.fill(rows);
          for (let i = 0; i < rows.count; i++) if (flag.values[i] === 0) setNull(bound.out.nulls, i);
        },
      };
    },
  };
}

/** The latest of some moments of the row; NULLs among them do not count. The first is never NULL. */
export function latest(...paths: readonly string[]): Column {
  return numbers(
    { type: TIMESTAMPTZ, reads: paths, about: `the latest of ${paths.join(", ")}` },
    (_context, inputs) => {
      const moments = paths.map((_, at) => numbersOf(inputs, at));
      return ({ count }, out) => {
        out.set(moments[0].values.subarray(0, count));
        for (const { values, nulls } of moments.slice(1)) {
          for (let i = 0; i < count; i++) {
            if (values[i] > out[i] && !(nulls.any && nulls.flags[i] === 1)) out[i] = values[i];
          }
        }
      };
    },
  );
}
