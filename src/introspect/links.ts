import type { CatalogForeignKey } from "./catalog.js";
import { withoutNulls } from "./columns.js";
import { type DraftColumn, type DraftLink, type DraftTable, freeName, refuse } from "./draft.js";
import type { Declared } from "./rules.js";
import { comesFrom, isInTurn, keysInTurn, type Turns } from "./turns.js";

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

/** Has a link lead somewhere in each row. */
export function withoutNullsOf(link: DraftLink): void {
  const { nulls: _nulls, ...rest } = link.declared;
  link.declared = rest;
}

/** A foreign key, and where it leads. */
interface Leading {
  readonly key: CatalogForeignKey;
  readonly target: DraftTable;
  readonly turns: Turns;
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

const STEPS_MAX = 10;

/** Whether any row of a table, by its own foreign keys, has in some columns a key's target: then so has who copies them. */
function isMetBy(table: DraftTable, columns: readonly string[], key: CatalogForeignKey, steps = STEPS_MAX): boolean {
  if (table.catalog.oid === key.target && columns.every((column, at) => column === key.targetColumns[at])) return true;
  if (steps === 0) return false;
  return table.catalog.foreignKeys.some((own) => {
    const at = columns.map((column) => own.columns.indexOf(column));
    if (at.includes(-1)) return false;
    if (own.target === key.target && at.every((place, i) => own.targetColumns[place] === key.targetColumns[i]))
      return true;
    const next = [...table.links.values()].find(({ foreignKey }) => foreignKey === own);
    return (
      next !== undefined &&
      isMetBy(
        next.target,
        at.map((place) => own.targetColumns[place]),
        key,
        steps - 1,
      )
    );
  });
}

/** Whether some of a key's columns may be without a value, and some may not. */
function isMixed({ columns }: DraftTable, key: CatalogForeignKey): boolean {
  const optional = key.columns.filter((column) => columns.get(column)?.catalog.notNull === false);
  return optional.length > 0 && optional.length < key.columns.length;
}

/** Whether what a key leads to has one of the key's columns from the table itself, which is told by it, not to. */
function leadsBack(table: DraftTable, key: CatalogForeignKey, target: DraftTable): boolean {
  return key.columns.some((column, at) => {
    const own = { ...key, target: table.catalog.oid, targetColumns: [column] };
    return isMetBy(target, [key.targetColumns[at]], own);
  });
}

/** Whether a key's columns are among those of the table's own primary key. */
function coversKey({ catalog }: DraftTable, key: CatalogForeignKey): boolean {
  const primary = catalog.keys.find(({ isPrimary }) => isPrimary);
  return primary?.columns.some((column) => key.columns.includes(column)) === true;
}

/** Whether a key's columns hold a whole key of the table's. */
function holdsKey({ catalog }: DraftTable, key: CatalogForeignKey): boolean {
  return catalog.keys.some(
    ({ columns, predicate }) =>
      predicate === null && columns.length > 0 && columns.every((column) => key.columns.includes(column)),
  );
}

function isToItself({ catalog }: DraftTable, { target, columns, targetColumns }: CatalogForeignKey): boolean {
  return target === catalog.oid && columns.every((column, at) => column === targetColumns[at]);
}

function linkTo(
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
function cover(table: DraftTable, key: CatalogForeignKey, link: DraftLink): void {
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

/** A key to a table that is not filled: without a value where that may be, and else nothing fills the table. */
function withoutTarget(table: DraftTable, key: CatalogForeignKey): void {
  if (!leaveOut(table, key)) refuse(table, `${key.name} refers to a table that is not filled`);
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

/** A key that shares columns with keys before it; returns those that have to be met in turn. */
function settleShared(table: DraftTable, leading: Leading): CatalogForeignKey[] {
  const { key, target, turns } = leading;
  if (turns.has(key)) {
    cover(table, key, linkTo(table, key, leading));
    return [];
  }
  if (treeWithinOwner(table, leading)) return [];
  if (isMixed(table, key) && leadsBack(table, key, target) && leaveOut(table, key)) return [];
  const shared = key.columns.map((column) => table.covered.get(column));
  const [first] = shared.filter((one) => one !== undefined);
  const isAll = first !== undefined && shared.every((one) => one?.link === first.link);
  const columns = shared.map((one) => one?.column ?? "");
  if (isAll && isMetBy(first.link.target, columns, key)) return [];
  if (isAll && isMetByAll(first.link.target, columns, leading)) return [];
  if (withinOwner(table, leading) || leaveOut(table, key)) return [];
  const needed = keysInTurn(table, key, target);
  if (needed.length === 0) refuse(table, `${key.name} shares columns with another key, and no row may meet both`);
  return needed;
}

/**
 * Whether a key leads to a table with one row for each of another one's rows at the most, and that other one's row is
 * known: then it is met where there is one for each of them, as is seen to.
 */
function isMetByAll(table: DraftTable, columns: readonly string[], { key, target, turns }: Leading): boolean {
  const covered = key.targetColumns.map((column) => target.covered.get(column));
  const link = covered[0]?.link;
  if (link === undefined || covered.some((one) => one?.link !== link) || !isOneToOne(target, link)) return false;
  if (link.target === target || target.kept !== undefined) return false;
  // How many rows it has is settled by its turns.
  if (isInTurn(target, turns)) return false;
  const above = { ...key, target: link.target.catalog.oid, targetColumns: covered.map((one) => one!.column) };
  if (!isMetBy(table, columns, above)) return false;
  target.wholeOf = link.target;
  return true;
}

/**
 * Picks the row of a second key among those of the owner that both keys' shared columns name: the tenant whose customer
 * and whose product an order has.
 */
function withinOwner(table: DraftTable, leading: Leading): boolean {
  const { key, target, turns } = leading;
  if (isInTurn(target, turns)) return false;
  const places = key.columns.map((column) => table.covered.get(column));
  const shared = places.flatMap((one, at) => (one === undefined ? [] : [{ ...one, theirs: key.targetColumns[at] }]));
  if (shared.length === 0) return false;
  const [{ link }] = shared;
  if (shared.some((one) => one.link !== link) || target === table || target.kept !== undefined) return false;
  const owner = [...target.links.values()].find(
    (own) =>
      !isOneToOne(target, own) &&
      shared.every(({ theirs }) => target.covered.get(theirs)?.link === own) &&
      own.target !== target,
  );
  if (owner === undefined || (target.owner !== undefined && target.owner !== owner)) return false;
  const path = pathTo(
    link,
    shared.map(({ column }) => column),
    { owner: owner.target, columns: shared.map(({ theirs }) => target.covered.get(theirs)!.column) },
  );
  if (path === undefined || owns(target, owner.target)) return false;
  target.owner = owner;
  owner.declared = { owner: owner.target.name };
  const own = linkTo(table, key, leading);
  const { nulls } = own.declared as { readonly nulls?: number };
  // A column that must have a value has one where the other key leads somewhere.
  const isAsked = key.columns.some(
    (column) => !table.covered.has(column) && table.columns.get(column)?.catalog.notNull,
  );
  if (isAsked) alongPath(table, path, withoutNullsOf);
  const isRequired = isAsked || key.columns.every((column) => table.columns.get(column)?.catalog.notNull);
  own.declared = {
    any: target.name,
    within: path,
    ...(isRequired && { required: true }),
    ...(nulls !== undefined && { nulls }),
  };
  cover(table, key, own);
  return true;
}

function alongPath(table: DraftTable, path: string, work: (link: DraftLink) => void): void {
  let at = table;
  for (const step of path.split(".")) {
    const link = at.links.get(step)!;
    work(link);
    at = link.target;
  }
}

/** A tree in each tenant: a row's parent is one of the rows before it that have the same owner. */
function treeWithinOwner(table: DraftTable, { key, target, turns }: Leading): boolean {
  if (target !== table || isInTurn(table, turns)) return false;
  const shared = key.columns.flatMap((column, at) => {
    const covered = table.covered.get(column);
    return covered === undefined ? [] : [{ link: covered.link, isSame: column === key.targetColumns[at] }];
  });
  const [first] = shared;
  if (first === undefined || shared.some(({ link, isSame }) => link !== first.link || !isSame)) return false;
  const { link: owner } = first;
  const isFree = "any" in owner.declared && !("within" in owner.declared) && owner.target.kept === undefined;
  const isOwnable = owner.target !== table && !isOneToOne(table, owner) && !owns(table, owner.target);
  if (!isFree || !isOwnable || (table.owner !== undefined && table.owner !== owner)) return false;
  // The first row of an owner has none before it.
  const isOptional = key.columns.every(
    (column) => table.covered.has(column) || table.columns.get(column)?.catalog.notNull === false,
  );
  // What a condition asks of a parent's value, no choice among the rows before would see to.
  const own = key.columns.filter((column) => !table.covered.has(column));
  const isAsked = table.catalog.checks.some(({ columns }) => columns.some((column) => own.includes(column)));
  if (!isOptional || isAsked) return false;
  table.owner = owner;
  owner.declared = { owner: owner.target.name };
  const link = linkTo(table, key, { target, turns });
  // A chain where no two rows may follow the same one.
  const isChain = holdsKey(table, key);
  link.declared = isChain ? { earlier: table.name } : { earlier: table.name, any: true, nulls: 0.2 };
  if (isChain) table.distinct.push([...key.columns]);
  cover(table, key, link);
  return true;
}

/** Whether a row of what a link leads to has one row of the table at the most. */
function isOneToOne(table: DraftTable, { foreignKey }: DraftLink): boolean {
  return holdsKey(table, foreignKey);
}

/** Whether a table owns another, directly or by way of others. */
function owns(table: DraftTable, other: DraftTable): boolean {
  for (let at: DraftTable | undefined = other; at !== undefined; at = at.owner?.target) if (at === table) return true;
  return false;
}

/** The links that lead from a row to the owner whose columns are copied there. */
function pathTo(
  link: DraftLink,
  columns: readonly string[],
  to: { readonly owner: DraftTable; readonly columns: readonly string[] },
  steps = STEPS_MAX,
): string | undefined {
  const { target } = link;
  if (target === to.owner && columns.every((column, at) => column === to.columns[at])) return link.name;
  if (steps === 0) return undefined;
  const covered = columns.map((column) => target.covered.get(column));
  const next = covered[0]?.link;
  if (next === undefined || next.target === target || covered.some((one) => one?.link !== next)) return undefined;
  const rest = pathTo(
    next,
    covered.map((one) => one!.column),
    to,
    steps - 1,
  );
  return rest === undefined ? undefined : `${link.name}.${rest}`;
}
