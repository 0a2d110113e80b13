import type { Column } from "../../columns/column.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, type NumberVector, setNull } from "../../core/vectors.js";

/**
 * A moment of the last of a user's logins that is marked in a way; NULL where none is. The logins' own program runs, from the
 * last one backwards, so that the two cannot disagree.
 * @param options.user the path of the user's row index; this row's own without one
 * @param options.mark the login's column that is compared
 * @param options.is the path of what it must be; 1 without one
 * @param options.value the login's moment that is wanted
 */
export function lastLoginWhere(options: { user?: string; mark: string; is?: string; value: string }): Column {
  const { user, mark, is, value } = options;
  const reads = [user, is].flatMap((path) => (path === undefined ? [] : [path]));
  const about = `${value} of the last login with ${mark}${is === undefined ? "" : ` of ${is}`}`;
  return numbers({ type: TIMESTAMPTZ, reads, about, nullable: true }, (context, inputs) => {
    const users = user === undefined ? undefined : numbersOf(inputs, 0).values;
    const wanted = is === undefined ? undefined : numbersOf(inputs, user === undefined ? 0 : 1).values;
    const { start } = context.fanOut("login_history");
    const marks = context.program("login_history", [mark]);
    const moments = context.program("login_history", [value]);
    const waiting = new Int32Array(BATCH_ROWS_MAX);
    const at = new Float64Array(BATCH_ROWS_MAX);
    const first = new Float64Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out, nulls) => {
      let left = 0;
      for (let i = 0; i < count; i++) {
        const owner = users === undefined ? rowIndexes[i] : users[i];
        first[i] = start(owner);
        at[i] = start(owner + 1) - 1;
        waiting[left] = i;
        if (at[i] >= first[i]) left++;
      }
      // Each round looks at one login of each row that waits, so there are at most as many as a user has logins.
      while (left > 0) {
        for (let k = 0; k < left; k++) marks.rows.ownIndexes[k] = at[waiting[k]];
        marks.runRows(left);
        const { values } = marks.vector(mark) as NumberVector;
        let kept = 0;
        for (let k = 0; k < left; k++) {
          const i = waiting[k];
          waiting[kept] = i;
          if (values[k] !== (wanted === undefined ? 1 : wanted[i]) && --at[i] >= first[i]) kept++;
        }
        left = kept;
      }
      let found = 0;
      for (let i = 0; i < count; i++) {
        if (at[i] < first[i]) setNull(nulls, i);
        else moments.rows.ownIndexes[found++] = at[i];
      }
      moments.runRows(found);
      const { values } = moments.vector(value) as NumberVector;
      for (let i = 0, next = 0; i < count; i++) if (at[i] >= first[i]) out[i] = values[next++];
    };
  });
}
