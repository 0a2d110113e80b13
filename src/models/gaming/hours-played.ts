import type { Column } from "../../columns/column.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { HOUR_US } from "../../core/calendar.js";
import { FLOAT8 } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, type NumberVector } from "../../core/vectors.js";

/**
 * Hours that a character was played: its player's sessions are made anew, so that levels and sessions cannot disagree. A
 * user's logins stand together, and so do their sessions.
 */
export function hoursPlayed(): Column {
  const about = "hours of all sessions of the character";
  return numbers({ type: FLOAT8, reads: ["$parent"], about }, (context, inputs) => {
    const users = numbersOf(inputs, 0).values;
    const logins = context.fanOut("login_history");
    const sessions = context.fanOut("player_sessions");
    const program = context.program("player_sessions", ["character_id", "login_time", "ended_at"]);
    const { firstId } = context;
    const sessionsBefore = (user: number): number => sessions.start(logins.start(user));
    const place = new Map<number, number>();
    return ({ rowIndexes, count }, out) => {
      out.fill(0, 0, count);
      place.clear();
      for (let i = 0; i < count; i++) place.set(firstId + rowIndexes[i], i);
      for (let i = 0; i < count; ) {
        // Users that stand together have sessions that do.
        let end = i + 1;
        while (end < count && (users[end] === users[end - 1] || users[end] === users[end - 1] + 1)) end++;
        const last = sessionsBefore(users[end - 1] + 1);
        for (let start = sessionsBefore(users[i]); start < last; start += BATCH_ROWS_MAX) {
          const rows = Math.min(BATCH_ROWS_MAX, last - start);
          program.run(start, rows);
          const [who, from, to] = ["character_id", "login_time", "ended_at"].map(
            (name) => (program.vector(name) as NumberVector).values,
          );
          for (let k = 0; k < rows; k++) {
            const at = place.get(who[k]);
            if (at !== undefined) out[at] += (to[k] - from[k]) / HOUR_US;
          }
        }
        i = end;
      }
    };
  });
}
