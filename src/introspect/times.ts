import type { DraftColumn, DraftTable } from "./draft.js";

/**
 * Has a row be no older than what it refers to (law 4): the moment at which it was made is between that of a parent and
 * the window's end. The first parent that has such a moment is taken, unless that would go around in a circle.
 */
export function followParents(tables: readonly DraftTable[]): void {
  const parents = new Map<DraftTable, DraftTable>();
  for (const table of tables) {
    const own = beginning(table);
    if (own === undefined || !isPlain(own)) continue;
    for (const { name, target, declared, foreignKey, isIdle } of table.links.values()) {
      if (isIdle) continue;
      const theirs = target === table || target.kept !== undefined ? undefined : beginning(target);
      const isThere = foreignKey.columns.every((column) => table.columns.get(column)?.catalog.notNull);
      if (theirs === undefined || !isThere || !isPath(theirs.catalog.name) || "nulls" in declared || "when" in declared)
        continue;
      if (theirs.type.type !== "timestamptz" || leadsTo(parents, target, table)) continue;
      own.declared = { between: [`${name}.${theirs.catalog.name}`, "window.to"] };
      own.why = `${own.why ?? "a moment"}, after that of ${target.name}`;
      parents.set(table, target);
      break;
    }
  }
}

/** The moment at which a row was made, as far as the table tells: the first one that is always there. */
function beginning({ columns }: DraftTable): DraftColumn | undefined {
  const moments = [...columns.values()].filter(({ type, catalog }) => type.family === "moment" && catalog.notNull);
  return moments.find(({ rule }) => rule?.name === "created") ?? moments[0];
}

/** Whether a column is any moment of the window yet. */
function isPlain({ declared, isSettled, type }: DraftColumn): boolean {
  return !isSettled && type.type === "timestamptz" && typeof declared === "object" && "moment" in declared;
}

function isPath(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}

function leadsTo(parents: ReadonlyMap<DraftTable, DraftTable>, from: DraftTable, to: DraftTable): boolean {
  for (let at: DraftTable | undefined = from; at !== undefined; at = parents.get(at)) if (at === to) return true;
  return false;
}
