import type { CatalogForeignKey } from "./catalog.js";
import { type DraftColumn, type DraftLink, type DraftTable, freeName, refuse } from "./draft.js";
import type { Declared } from "./rules.js";
import { comesFrom, type Turns } from "./turns.js";

/** Has a link lead somewhere in each row. */
export function withoutNullsOf(link: DraftLink): void {
  const { nulls: _nulls, ...rest } = link.declared;
  link.declared = rest;
}

/** A foreign key, and where it leads. */
export interface Leading {
  readonly key: CatalogForeignKey;
  readonly target: DraftTable;
  readonly turns: Turns;
}

/** The link that a foreign key becomes. */
export function linkTo(
  table: DraftTable,
  key: CatalogForeignKey,
  { target, turns }: Pick<Leading, "target" | "turns">,
): DraftLink {
  const [first] = key.columns;
  const short = first.replace(/_?(id|uuid|guid|fk|key|code|no|number)$/i, "");
  // Of several columns none is the other table's name.
  const wanted = short === "" || key.columns.length > 1 ? target.name : short;
  const name = freeName(table, table.columns.has(wanted) ? `${wanted}_row` : wanted);
  const isOptional = isNullable(table, key);
  const nulls = isOptional ? { nulls: 0.2 } : {};
  const declared = turns.has(key)
    ? { nth: target.name }
    : target === table
      ? { earlier: table.name, levels: [10, 30, 60], ...(!isOptional && { roots_own: true }) }
      : { any: target.name, ...nulls };
  return { name, target, foreignKey: key, declared };
}

function isNullable({ columns }: DraftTable, key: CatalogForeignKey): boolean {
  return key.columns.every((column) => columns.get(column)?.catalog.notNull === false);
}

/** Has a key's columns be read through a link, as far as no other one has them. */
export function cover(table: DraftTable, key: CatalogForeignKey, link: DraftLink): void {
  table.links.set(link.name, link);
  for (const [at, column] of key.columns.entries()) {
    const there = key.targetColumns[at];
    if (table.covered.has(column) || comesFrom(link.target, there, { table, column })) continue;
    table.covered.set(column, { link, column: there });
    const draft = table.columns.get(column);
    if (draft === undefined) {
      refuse(table, `${column}, of its key to ${link.target.name}, is made by Postgres`);
      continue;
    }
    draft.declared = readThrough(`${link.name}.${there}`, draft, link.target.columns.get(there));
    if (draft.type.family === "whole") link.target.most = Math.min(link.target.most, draft.type.largest);
    draft.why = undefined;
    draft.isSettled = true;
  }
}

const NUMBERS: ReadonlySet<string> = new Set(["whole", "decimal", "double"]);

/** A column of the table at the end of a link; as a number of the column's own type where that is another one. */
function readThrough(path: string, { type }: DraftColumn, theirs: DraftColumn | undefined): Declared {
  const isOther = theirs !== undefined && theirs.type.type !== type.type && NUMBERS.has(type.family);
  return isOther && NUMBERS.has(theirs.type.family) && /^[\w.]+$/.test(path) ? { expr: path, type: type.type } : path;
}

/** Has a key say nothing, which it does where one of its columns has no value. */
export function leaveOut(table: DraftTable, key: CatalogForeignKey): boolean {
  const column = key.columns.find((name) => table.columns.get(name)?.catalog.notNull === false);
  if (column === undefined) return false;
  const draft = table.columns.get(column)!;
  draft.declared = NOTHING;
  draft.why = `${key.name} cannot be met`;
  draft.isSettled = true;
  return true;
}

/** A column without any value. */
export const NOTHING = { always: "", nulls: 1 };
