import type { DraftTable } from "./draft.js";
import { evenTurns } from "./turns.js";

/** How many times as many rows as what it refers to a table has, and how often that counts. */
const ROWS_PER_PARENT = 3;
const DEPTH_MAX = 4;
/** Rows that a multiple of a rounded number may be above what is rounded by itself. */
const ROUNDING = 30;

/**
 * Shares rows among tables by what they refer to: few roots, many leaves. Rows that another table's rows own are at least
 * as many as that has.
 */
export function shareRows(tables: readonly DraftTable[], total: number): void {
  const weights = new Map(tables.map((table) => [table, ROWS_PER_PARENT ** Math.min(DEPTH_MAX, depthOf(table, []))]));
  const sum = [...weights.values()].reduce((all, weight) => all + weight, 0);
  for (const [table, weight] of weights) table.size = Math.max(1, Math.round((total * weight) / sum));
  // As often as tables may hang together.
  for (let i = 0; i < DEPTH_MAX; i++) {
    evenTurns(tables);
    for (const table of tables) if (table.wholeOf) table.size = Math.max(table.size, table.wholeOf.size + ROUNDING);
  }
  for (const table of tables) {
    for (let at = table; at.owner !== undefined; at = at.owner.target)
      at.size = Math.max(at.size, at.owner.target.size);
  }
}

function depthOf(table: DraftTable, above: readonly DraftTable[]): number {
  if (above.includes(table) || above.length > DEPTH_MAX) return 0;
  const parents = [...table.links.values()].flatMap(({ target }) => (target === table ? [] : [target]));
  return Math.max(0, ...parents.map((parent) => 1 + depthOf(parent, [...above, table])));
}
