import type { CatalogForeignKey } from "./catalog.js";
import { withoutNulls } from "./columns.js";
import { cover, leaveOut, linkTo, withoutNullsOf } from "./cover.js";
import { type DraftTable, refuse } from "./draft.js";
import { coversKey, holdsKey, isMetBy, isMixed, isToItself, leadsBack, STEPS_MAX } from "./foreign-keys.js";
import { settleShared } from "./shared-keys.js";
import type { Turns } from "./turns.js";

/**
 * Makes links of foreign keys. The widest keys come first: a narrower one that shares their columns is met by them
 * where the table they lead to has it too. Two that share some columns only are chosen one within the other, or else met
 * in turn: then the drafts must be made anew, with the keys that are told.
 * @returns keys that have to be met in turn
 */
export function linkTables(tables: readonly DraftTable[], turns: Turns): CatalogForeignKey[] {
  const byOid = new Map(tables.map((table) => [table.catalog.oid, table]));
  const left: [DraftTable, CatalogForeignKey][] = [];
  for (const table of tables.filter(({ kept }) => kept === undefined)) {
    for (const key of inOrder(table, byOid)) {
      const target = byOid.get(key.target);
      if (target === undefined) withoutTarget(table, key);
      else if (isToItself(table, key)) continue;
      else if (key.columns.some((column) => table.covered.has(column))) left.push([table, key]);
      else if (leadsBack(table, key, target)) left.push([table, key]);
      else cover(table, key, linkTo(table, key, { target, turns }));
    }
  }
  const needed = left.flatMap(([table, key]) => settleShared(table, { key, target: byOid.get(key.target)!, turns }));
  for (const table of tables) for (const name of table.covered.keys()) fillReferred(table, name);
  return needed;
}

/** Has what a column that must have a value is read from have one in each row, however many links away. */
function fillReferred(table: DraftTable, name: string): void {
  if (!table.columns.get(name)?.catalog.notNull) return;
  let at = table.covered.get(name);
  for (let i = 0; at !== undefined && i < STEPS_MAX; i++) {
    const { target } = at.link;
    const there = target.columns.get(at.column);
    if (there === undefined || there.catalog.notNull || target.kept !== undefined) return;
    const catalog = { ...there.catalog, notNull: true };
    target.columns.set(at.column, { ...there, catalog, declared: withoutNulls(there.declared) });
    at = target.covered.get(at.column);
    if (at !== undefined) withoutNullsOf(at.link);
  }
}

/** The widest first, and of two on the same columns the one whose target has the other. */
function inOrder(table: DraftTable, byOid: ReadonlyMap<number, DraftTable>): CatalogForeignKey[] {
  const seen = new Set<string>();
  const all = table.catalog.foreignKeys.filter(({ columns, target, targetColumns }) => {
    const what = JSON.stringify([columns, target, targetColumns]);
    return !seen.has(what) && seen.add(what);
  });
  return all.sort((a, b) => {
    // Those that must be met choose the columns that others share.
    const isLast = (key: CatalogForeignKey): number => {
      const target = byOid.get(key.target);
      const isOwn = coversKey(table, key) && (target === undefined || !leadsBack(table, key, target));
      return Number(isMixed(table, key) && !isOwn);
    };
    const mixed = isLast(a) - isLast(b);
    if (mixed !== 0) return mixed;
    if (a.columns.length !== b.columns.length) return b.columns.length - a.columns.length;
    // Of which each row has another one, before those that are chosen beside it.
    const oneEach = Number(holdsKey(table, b)) - Number(holdsKey(table, a));
    if (oneEach !== 0) return oneEach;
    const [ofA, ofB] = [byOid.get(a.target), byOid.get(b.target)];
    if (ofA && ofB && isMetBy(ofA, a.targetColumns, b)) return -1;
    if (ofA && ofB && isMetBy(ofB, b.targetColumns, a)) return 1;
    return 0;
  });
}

/** A key to a table that is not filled: without a value where that may be, and else nothing fills the table. */
function withoutTarget(table: DraftTable, key: CatalogForeignKey): void {
  if (!leaveOut(table, key)) refuse(table, `${key.name} refers to a table that is not filled`);
}
