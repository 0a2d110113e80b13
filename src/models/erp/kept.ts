import type { Column } from "../../columns/column.js";
import { numbers } from "../../columns/values.js";
import type { FanOut } from "../../core/fan-out.js";
import { STRATUM_ROWS } from "../../core/quota.js";
import { INT2, type SqlType } from "../../core/sql-type.js";
import type { NumberVector } from "../../core/vectors.js";

/** Stretches of 1,000 rows that a thread keeps of each column: two million orders, 4 MB of small numbers. */
const STRETCHES_KEPT = 2048;

type Table = Int16Array | Float64Array;

interface Stretches {
  readonly tables: Table[];
  readonly kept: Float64Array;
}

/** By universe, which the fan-out of the lines stands for, then by column. */
const known = new WeakMap<FanOut, Map<string, Stretches>>();

/**
 * Another column, worked out once a thread while it is kept. Ten tables read the same orders one after another, and
 * fan-outs weigh blocks of them wherever a row stands by itself: a copy, a label.
 * @param entity whose column this is
 * @param path of a column of whole numbers that is never NULL; below 2^15 where the type is int2
 */
export function kept(entity: string, path: string, type: SqlType = INT2): Column {
  return numbers({ type, about: `the value of ${path}, kept by the thread` }, (context) => {
    const lines = context.fanOut("order_items");
    const columns = known.get(lines) ?? new Map<string, Stretches>();
    known.set(lines, columns);
    const name = `${entity}.${path}`;
    const stretches = columns.get(name) ?? { tables: [], kept: new Float64Array(STRETCHES_KEPT).fill(-1) };
    columns.set(name, stretches);
    const { rowCount } = context;
    const program = context.program(entity, [path]);
    const tableOf = (stretch: number): Table => {
      const slot = stretch % STRETCHES_KEPT;
      if (stretches.kept[slot] !== stretch) {
        stretches.tables[slot] ??= type === INT2 ? new Int16Array(STRATUM_ROWS) : new Float64Array(STRATUM_ROWS);
        const start = stretch * STRATUM_ROWS;
        const size = Math.min(STRATUM_ROWS, rowCount - start);
        program.run(start, size);
        stretches.tables[slot].set((program.vector(path) as NumberVector).values.subarray(0, size));
        stretches.kept[slot] = stretch;
      }
      return stretches.tables[slot];
    };
    return ({ rowIndexes, count }, out) => {
      let stretch = -1;
      let table: Table = EMPTY;
      for (let i = 0; i < count; i++) {
        const own = Math.floor(rowIndexes[i] / STRATUM_ROWS);
        if (own !== stretch) {
          stretch = own;
          table = tableOf(own);
        }
        out[i] = table[rowIndexes[i] - own * STRATUM_ROWS];
      }
    };
  });
}

const EMPTY = new Float64Array(0);
