import type { SqlType } from "../core/sql-type.js";
import { BATCH_ROWS_MAX, gather, type NumberVector, setNull, textVector, wordVector } from "../core/vectors.js";
import { assert } from "../errors.js";
import type { BindContext, Column, RowProgram } from "./column.js";
import { numbers } from "./values.js";

/**
 * The sum of a column over the rows that this row owns: an order's subtotal is the sum of its lines. The children's
 * own program runs, so that the two cannot disagree; the child's column must not depend on the sum. NULLs count 0.
 * @param child an entity whose rows are `childrenOf` this one
 * @param column of numbers, in the unit of `type`
 */
export function sumOf(child: string, column: string, type: SqlType): Column {
  const law = { kind: "children", child, column } as const;
  return numbers({ type, about: `the sum of ${column} of its ${child}`, law }, (context) => {
    const visit = childVisitor(context, child, column);
    return ({ rowIndexes, count }, out) => {
      out.fill(0, 0, count);
      visit(rowIndexes, count, (owner, value) => {
        out[owner] += value;
      });
    };
  });
}

/**
 * The least or the greatest of a column over the rows that this row owns; NULL where it owns none with a value.
 * @param column of numbers, dates or moments
 */
export function extremeOf(which: "least" | "greatest", child: string, column: string, type: SqlType): Column {
  const about = `the ${which} ${column} of its ${child}`;
  return numbers({ type, about, nullable: true }, (context) => {
    const visit = childVisitor(context, child, column);
    const worst = which === "least" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    const pick = which === "least" ? Math.min : Math.max;
    return ({ rowIndexes, count }, out, nulls) => {
      out.fill(worst, 0, count);
      visit(rowIndexes, count, (owner, value) => {
        out[owner] = pick(out[owner], value);
      });
      for (let i = 0; i < count; i++) if (out[i] === worst) setNull(nulls, i);
    };
  });
}

/** A column of the first or the last of the rows that this row owns; NULL where it owns none. */
export function valueOfChild(which: "first" | "last", child: string, column: string, type: SqlType): Column {
  return {
    type,
    reads: [],
    about: `${column} of its ${which} row of ${child}`,
    nullable: true,
    bind(context) {
      const { start } = context.fanOut(child);
      const program = context.program(child, [column]);
      const from = program.vector(column);
      const positions = new Int32Array(BATCH_ROWS_MAX);
      const childless = new Uint8Array(BATCH_ROWS_MAX);
      const out =
        from.kind === "number"
          ? {
              ...from,
              values: new Float64Array(BATCH_ROWS_MAX),
              nulls: { any: false, flags: new Uint8Array(BATCH_ROWS_MAX) },
            }
          : from.kind === "word"
            ? wordVector(from.dictionary)
            : textVector();
      return {
        out,
        fill({ rowIndexes, count }) {
          let found = 0;
          for (let i = 0; i < count; i++) {
            const [first, end] = [start(rowIndexes[i]), start(rowIndexes[i] + 1)];
            childless[i] = first === end ? 1 : 0;
            positions[i] = first === end ? 0 : found;
            if (first < end) program.rows.ownIndexes[found++] = which === "first" ? first : end - 1;
          }
          program.runRows(found);
          gather(from, positions, count, out);
          if (found < count) for (let i = 0; i < count; i++) if (childless[i] === 1) setNull(out.nulls, i);
        },
      };
    },
  };
}

type Visit = (rowIndexes: Float64Array, count: number, see: (owner: number, value: number) => void) => void;

/** Goes through the values that are there of the rows which each row of a batch owns. */
function childVisitor(context: BindContext, child: string, column: string): Visit {
  const { start } = context.fanOut(child);
  const program = context.program(child, [column]);
  assert(program.vector(column).kind === "number", `${child}.${column} is a column of numbers`);
  const { ownIndexes } = program.rows;
  const owners = new Int32Array(BATCH_ROWS_MAX);
  return (rowIndexes, count, see) => {
    let waiting = 0;
    for (let i = 0; i < count; i++) {
      const end = start(rowIndexes[i] + 1);
      for (let row = start(rowIndexes[i]); row < end; row++) {
        ownIndexes[waiting] = row;
        owners[waiting++] = i;
        if (waiting === BATCH_ROWS_MAX) waiting = seeAll(program, column, owners, waiting, see);
      }
    }
    if (waiting > 0) seeAll(program, column, owners, waiting, see);
  };
}

/** Computes the rows that wait and shows their values; none waits any longer. */
function seeAll(
  program: RowProgram,
  column: string,
  owners: Int32Array,
  count: number,
  see: (owner: number, value: number) => void,
): 0 {
  program.runRows(count);
  const { values, nulls } = program.vector(column) as NumberVector;
  for (let i = 0; i < count; i++) if (!(nulls.any && nulls.flags[i] === 1)) see(owners[i], values[i]);
  return 0;
}
