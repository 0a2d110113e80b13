import type { CatalogForeignKey } from "./catalog.js";
import type { DraftLink, DraftTable } from "./draft.js";

/**
 * Keys that are met in turn: row i leads to row i modulo the rows of the table referred to. Tables along such keys have
 * multiples of one another's rows, so that whichever way a row is reached it is the same: keys that share columns are met
 * where no row could be chosen for both.
 */
export type Turns = Set<CatalogForeignKey>;

/** Steps along keys that are followed. */
const STEPS_MAX = 20;

/** Whether a table is one of those that keys in turn connect. */
export function isInTurn({ catalog }: DraftTable, turns: Turns): boolean {
  return catalog.foreignKeys.some((key) => turns.has(key)) || [...turns].some(({ target }) => target === catalog.oid);
}

/** Where a column that is read through links is made, and the links. */
interface Way {
  readonly table: DraftTable;
  readonly column: string;
  readonly keys: readonly CatalogForeignKey[];
}

/** Undefined where a column is read through itself. */
function wayOf(table: DraftTable, column: string): Way | undefined {
  const keys: CatalogForeignKey[] = [];
  let at = { table, column };
  for (let next = table.covered.get(column); next !== undefined; next = at.table.covered.get(at.column)) {
    if (keys.length > STEPS_MAX) return undefined;
    keys.push(next.link.foreignKey);
    at = { table: next.link.target, column: next.column };
  }
  return { ...at, keys };
}

/** Whether a column of a table is read from another one's, which is not read from anything yet. */
export function comesFrom(
  table: DraftTable,
  column: string,
  from: { readonly table: DraftTable; readonly column: string },
): boolean {
  const way = wayOf(table, column);
  return way?.table === from.table && way.column === from.column;
}

/**
 * The keys that have to be met in turn so that one that shares columns with others is met too: all those by which its
 * columns are read, here and in the table that it refers to. None where the columns are made in different places.
 */
export function keysInTurn(table: DraftTable, key: CatalogForeignKey, target: DraftTable): CatalogForeignKey[] {
  const needed = new Set<CatalogForeignKey>([key]);
  for (const [at, column] of key.columns.entries()) {
    const [own, theirs] = [wayOf(table, column), wayOf(target, key.targetColumns[at])];
    const isOwn = theirs?.table === table && theirs.column === column;
    if (!table.covered.has(column) && !isOwn) continue;
    if (own === undefined || theirs === undefined) return [];
    if (own.table !== theirs.table || own.column !== theirs.column || own.table.kept !== undefined) return [];
    for (const step of [...own.keys, ...theirs.keys]) needed.add(step);
  }
  return [...needed];
}

/** Sets how many rows the tables along keys in turn have: multiples of one of them, more the farther from the roots. */
export function sizeTurns(tables: readonly DraftTable[], turns: Turns): void {
  for (const group of groupsOf(tables, turns)) {
    const levels = levelsOf(group, turns);
    const least = Math.min(...levels.values());
    const [root] = group.filter((table) => levels.get(table) === least);
    for (const table of group) table.turn = { root, times: GROWTH ** (levels.get(table)! - least) };
  }
}

/** How many times as many rows a table has as one that it refers to, and how often. */
const GROWTH = 3;
const LEVEL_MAX = 3;

function linksInTurn({ links }: DraftTable, turns: Turns): DraftLink[] {
  return [...links.values()].filter(({ foreignKey }) => turns.has(foreignKey));
}

function groupsOf(tables: readonly DraftTable[], turns: Turns): DraftTable[][] {
  const groups = new Map<DraftTable, Set<DraftTable>>();
  for (const table of tables) {
    for (const { target } of linksInTurn(table, turns)) {
      const joined = new Set([table, target, ...(groups.get(table) ?? []), ...(groups.get(target) ?? [])]);
      for (const member of joined) groups.set(member, joined);
    }
  }
  return [...new Set(groups.values())].map((group) => tables.filter((table) => group.has(table)));
}

/** No table has fewer rows than what it refers to, and as many where a row of that has one of its rows at the most. */
function levelsOf(group: readonly DraftTable[], turns: Turns): ReadonlyMap<DraftTable, number> {
  const levels = new Map(group.map((table) => [table, 0]));
  const raise = (table: DraftTable, to: number): boolean => {
    if (levels.get(table)! >= to) return false;
    levels.set(table, to);
    return true;
  };
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const table of group) {
      const links = linksInTurn(table, turns);
      const grows = links.length > 0 && canGrow(table) ? 1 : 0;
      const highest = Math.max(0, ...links.map(({ target }) => levels.get(target)! + grows));
      isChanged = raise(table, highest) || isChanged;
      for (const link of links) {
        if (hasOneEach(table, link)) isChanged = raise(link.target, levels.get(table)!) || isChanged;
      }
    }
    // Around in a circle there is no more and less.
    if ([...levels.values()].some((level) => level > LEVEL_MAX)) return new Map(group.map((table) => [table, 0]));
  }
  return levels;
}

/** Whether a table has a column of its own in all its keys. */
function canGrow({ catalog, covered }: DraftTable): boolean {
  return catalog.keys.every(
    ({ columns, hasExpressions }) => hasExpressions || columns.some((name) => !covered.has(name)),
  );
}

function hasOneEach({ catalog, covered }: DraftTable, link: DraftLink): boolean {
  return catalog.keys.some(
    ({ columns }) => columns.length > 0 && columns.every((column) => covered.get(column)?.link === link),
  );
}

/** Has all tables of a group have as many rows as their turns say. */
export function evenTurns(tables: readonly DraftTable[]): void {
  const bases = new Map<DraftTable, number>();
  for (const { turn, size } of tables) {
    if (turn !== undefined) bases.set(turn.root, Math.max(bases.get(turn.root) ?? 1, Math.ceil(size / turn.times)));
  }
  for (const table of tables) {
    if (table.turn !== undefined) table.size = bases.get(table.turn.root)! * table.turn.times;
  }
}
