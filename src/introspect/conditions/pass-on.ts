import type { DraftLink, DraftTable } from "../draft.js";
import { branchesOf, type Condition, columnsOf } from "./condition.js";
import { conditionsOf, type Read } from "./of-table.js";
import { widest, withoutIdle } from "./solve.js";

/**
 * Has what conditions ask of a column that is read through a link be asked of the column that it is read from, however
 * many links that takes. Values that are pinned are not asked for there: other tables refer to the same rows.
 */
export function passConditionsOn(tables: readonly DraftTable[], read: Read): void {
  for (const table of tables) {
    for (const [column, { link, column: theirs }] of table.covered) {
      // A column may have room for fewer letters than the key that it refers to.
      const [own, there] = [table.columns.get(column), link.target.columns.get(theirs)].map((one) => one?.type.length);
      if (own !== undefined && there !== undefined && own < there) {
        passOn(table, { kind: "range", of: "length", column, op: "<=", bound: own });
      }
    }
    for (const condition of conditionsOf(table, read)) {
      for (const part of partsAbout(condition)) passOn(table, part);
    }
  }
}

/** What a condition that is about one column alone asks of its texts and numbers. */
function partsAbout(condition: Condition): OfColumn[] {
  const [branch] = widest(withoutIdle(branchesOf(condition)));
  const parts = branch ?? [];
  if (new Set(parts.flatMap(columnsOf)).size !== 1) return [];
  return parts.filter((part): part is OfColumn => ["range", "regex", "case"].includes(part.kind));
}

type OfColumn = Extract<Condition, { readonly kind: "range" | "regex" | "case" }>;

const LINKS_MAX = 20;

/** Whether a value is known to meet a condition. */
function takes(part: OfColumn, value: string): boolean {
  if (part.kind === "case") return value === (part.to === "lower" ? value.toLowerCase() : value.toUpperCase());
  if (part.kind === "regex") return false;
  const measured = part.of === "length" ? value.length : Number(value);
  return part.op.startsWith(">")
    ? measured > part.bound || (measured === part.bound && part.op === ">=")
    : measured < part.bound || (measured === part.bound && part.op === "<=");
}

/** Has a link leave out the first rows of the table that it leads to. */
function skipFirsts(link: DraftLink, count: number): void {
  if ("any" in link.declared && !("within" in link.declared)) link.declared = { ...link.declared, skip: count };
}

function passOn(table: DraftTable, part: OfColumn): void {
  let at = table.covered.get(part.column);
  for (let i = 0; at !== undefined && i < LINKS_MAX; i++) {
    const { link, column } = at;
    const next = link.target.covered.get(column);
    if (next === undefined) {
      const firsts = link.target.firsts.get(column) ?? [];
      // Which of its rows have them is known: others are taken.
      if (firsts.some((value) => !takes(part, value))) skipFirsts(link, firsts.length);
      link.target.inherited.push({ ...part, column });
    }
    at = next;
  }
}
