import { BOOL, INT2, INT8 } from "../core/sql-type.js";
import type { Column } from "./column.js";
import { numbers, numbersOf } from "./values.js";

/**
 * Which anomaly strikes the row, as a code; 0 for none. At most one does.
 * @param among a column of 0 and 1: the rows that may be struck; all without it
 */
export function anomalyOf(among?: string): Column {
  const of = among === undefined ? "any row" : `rows with ${among}`;
  const about = `which anomaly strikes the row: ${of}, by a shuffle, exactly as many as the rate says`;
  return numbers({ type: INT2, about }, (context) => {
    const strikes = context.strikes(among);
    return ({ rowIndexes, count }, out) => {
      if (!strikes.any) out.fill(0, 0, count);
      else for (let i = 0; i < count; i++) out[i] = strikes.codeOf(rowIndexes[i]);
    };
  });
}

/**
 * Whether an anomaly strikes the row: 0 or 1.
 * @param path of a column made by `anomalyOf`
 */
export function struck(name: string, path: string): Column {
  return numbers({ type: BOOL, reads: [path], about: `whether ${name} strikes the row` }, (context, inputs) => {
    const { code } = context.anomaly(name);
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = values[i] === code ? 1 : 0;
    };
  });
}

/** Whether an anomaly added the row to the table's own ones: 0 or 1. */
export function appended(): Column {
  return numbers({ type: BOOL, about: "whether an anomaly added the row" }, ({ rowCount }) => {
    return ({ ownIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = ownIndexes[i] < rowCount ? 0 : 1;
    };
  });
}

/** Which of the rows that an anomaly added, from 0; -1 for the table's own ones. */
export function appendedIndex(): Column {
  return numbers({ type: INT8, about: "which of the rows that an anomaly added" }, ({ rowCount }) => {
    return ({ ownIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = Math.max(-1, ownIndexes[i] - rowCount);
    };
  });
}
