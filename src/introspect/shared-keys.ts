import type { CatalogForeignKey } from "./catalog.js";
import { cover, type Leading, leaveOut, linkTo, withoutNullsOf } from "./cover.js";
import { type DraftLink, type DraftTable, refuse } from "./draft.js";
import { holdsKey, isMetBy, isMixed, leadsBack, STEPS_MAX } from "./foreign-keys.js";
import { isInTurn, keysInTurn } from "./turns.js";

/** A key that shares columns with keys before it; returns those that have to be met in turn. */
export function settleShared(table: DraftTable, leading: Leading): CatalogForeignKey[] {
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
