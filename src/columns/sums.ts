import type { SqlType } from "../core/sql-type.js";
import { BATCH_ROWS_MAX, type NumberVector } from "../core/vectors.js";
import { assert } from "../errors.js";
import type { Column, RowProgram } from "./column.js";
import { numbers } from "./values.js";

/**
 * The sum of a column over the rows that this row owns: an order's subtotal is the sum of its lines. The children's
 * own program runs, so that the two cannot disagree; the child's column must not depend on the sum. NULLs count 0.
 * @param child an entity whose rows are `childrenOf` this one
 * @param column of numbers, in the unit of `type`
 */
export function sumOf(child: string, column: string, type: SqlType): Column {
  return numbers({ type, about: `the sum of ${column} of its ${child}` }, (context) => {
    const { start } = context.fanOut(child);
    const program = context.program(child, [column]);
    assert(program.vector(column).kind === "number", `${child}.${column} is a column of numbers`);
    const { ownIndexes } = program.rows;
    const owners = new Int32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      out.fill(0, 0, count);
      let waiting = 0;
      for (let i = 0; i < count; i++) {
        const end = start(rowIndexes[i] + 1);
        for (let row = start(rowIndexes[i]); row < end; row++) {
          ownIndexes[waiting] = row;
          owners[waiting++] = i;
          if (waiting === BATCH_ROWS_MAX) waiting = addUp(program, column, owners, waiting, out);
        }
      }
      if (waiting > 0) addUp(program, column, owners, waiting, out);
    };
  });
}

/** Adds the values of the rows that wait to their owners' sums; none waits any longer. */
function addUp(program: RowProgram, column: string, owners: Int32Array, count: number, out: Float64Array): 0 {
  program.runRows(count);
  const { values, nulls } = program.vector(column) as NumberVector;
  for (let i = 0; i < count; i++) if (!(nulls.any && nulls.flags[i] === 1)) out[owners[i]] += values[i];
  return 0;
}
