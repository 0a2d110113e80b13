import type { CatalogKey } from "./catalog.js";
import { asMapping } from "./columns.js";
import { leaveOut, NOTHING, withoutNullsOf } from "./cover.js";
import { type Differing, differing } from "./differing.js";
import { type DraftColumn, type DraftTable, refuse } from "./draft.js";
import type { Declared } from "./rules.js";

/** Whole numbers that a column takes within what a link leads to: as many rows of a parent at the most. */
const WITHIN_PARENT = 100;

/** Sees to it that no two rows are alike in any of the table's keys. */
export function meetKeys(table: DraftTable): void {
  // Narrow keys first: a column that differs by itself meets the wider ones.
  const keys = [...table.catalog.keys].sort((a, b) => a.columns.length - b.columns.length);
  for (const key of keys) if (!isMet(table, key)) meet(table, key);
}

/** Whether some of the key's columns are different in all rows as they are. */
function isMet(table: DraftTable, key: CatalogKey): boolean {
  if (table.idleKeys.has(key.name)) return true;
  // Nothing is like nothing.
  if (!key.nullsNotDistinct && key.columns.some((name) => isNothing(table.columns.get(name)))) return true;
  if (key.columns.some((name) => table.columns.get(name)?.isUnique)) return true;
  for (const [name, { target }] of table.links) {
    if (isOneEach(table, target, name) && tellsApart(table, name, key.columns)) return true;
  }
  if (table.distinct.some((columns) => columns.every((name) => key.columns.includes(name)))) return true;
  return table.combinations.some((members) => members.every((member) => isWithin(table, member, key.columns)));
}

/** Whether a column has the same value in all rows. */
function isConstant({ declared }: DraftColumn): boolean {
  return typeof declared === "object" && "always" in declared && !("nulls" in declared);
}

/** Whether a column has no value in any row. */
function isNothing(column: DraftColumn | undefined): boolean {
  return typeof column?.declared === "object" && column.declared["nulls"] === 1;
}

/** Whether a link in turn leads each row to another one. */
function isOneEach({ links, turn }: DraftTable, target: DraftTable, name: string): boolean {
  const isInTurn = "nth" in links.get(name)!.declared && turn !== undefined && target.turn?.root === turn.root;
  return isInTurn && target.turn!.times === turn.times;
}

/** Whether a member of a combination is told apart by some columns. */
function isWithin(table: DraftTable, member: string, columns: readonly string[]): boolean {
  const link = table.links.get(member);
  if (link === undefined) return columns.includes(member);
  return tellsApart(table, member, columns);
}

/** Whether columns that are read through a link hold a whole key of what it leads to. */
export function tellsApart(table: DraftTable, name: string, columns: readonly string[]): boolean {
  const { target } = table.links.get(name)!;
  const theirs = columns.flatMap((column) => {
    const covered = table.covered.get(column);
    return covered?.link.name === name ? [covered.column] : [];
  });
  return target.catalog.keys.some(
    (key) =>
      key.predicate === null &&
      !key.hasExpressions &&
      key.columns.length > 0 &&
      key.columns.every((column) => theirs.includes(column)),
  );
}

function meet(table: DraftTable, key: CatalogKey): void {
  const columns = key.columns.flatMap((name) => table.columns.get(name) ?? []);
  const free = columns.filter(({ isSettled, catalog }) => !isSettled && !isMember(table, catalog.name));
  const links = [...new Set(key.columns.flatMap((name) => table.covered.get(name)?.link.name ?? []))];
  const isAlone = key.columns.length === 1;
  const wide = free.map((column) => ({ column, made: differing(table, column, key) }));
  // A column that alone is wide enough; where there are links, whole numbers count within them instead.
  const chosen = wide
    .filter(({ made }) => made !== undefined && (isAlone || made.rank > 0))
    .sort((a, b) => b.made!.rank - a.made!.rank || Number(isOwnId(table, b.column)) - Number(isOwnId(table, a.column)))
    .at(0);
  if (numberWithinOwner(table, { links, free, key })) return;
  const isWithoutLinks = links.every((name) => !isPlain(table, name) || !tellsApart(table, name, key.columns));
  if (chosen?.made !== undefined && (isWithoutLinks || chosen.made.rank > 1)) {
    makeUnique(table, chosen.column, chosen.made);
    return;
  }
  if (combine(table, { links, free, key })) return;
  const own = links.find((name) => isToItself(table, name) && tellsApart(table, name, key.columns));
  if (own !== undefined && !key.columns.some((name) => !table.covered.has(name))) {
    // Each row refers to itself, and so to another one than all others do.
    table.links.get(own)!.declared = { earlier: table.name, levels: [1], roots_own: true };
    return;
  }
  const last =
    chosen ??
    wide
      .filter(({ made }) => made !== undefined)
      .sort((a, b) => b.made!.most - a.made!.most)
      .at(0);
  if (last?.made !== undefined) {
    makeUnique(table, last.column, last.made);
    return;
  }
  // Where they may have one value only, there is one row.
  if (columns.length > 0 && columns.every(isConstant)) {
    table.most = 1;
    return;
  }
  const optional = columns.find(
    ({ catalog, isUnique }) => !catalog.notNull && !isUnique && !table.covered.has(catalog.name),
  );
  if (!key.nullsNotDistinct && optional !== undefined) {
    optional.declared = NOTHING;
    optional.isSettled = true;
    return;
  }
  const nullable = table.catalog.foreignKeys.find(
    (own) => own.columns.every((column) => key.columns.includes(column)) && table.links.size > 0,
  );
  if (!key.nullsNotDistinct && nullable !== undefined && leaveOut(table, nullable)) return;
  refuse(
    table,
    `no way is known to make ${key.columns.join(", ") || "its expressions"} of ${key.name} differ in all rows`,
  );
}

/** Whether a column is called as what tells a table's own rows apart: `id`, `order_id` of orders. */
function isOwnId({ catalog: { name: table } }: DraftTable, { catalog: { name } }: DraftColumn): boolean {
  return /^(id|uuid|guid)$/i.test(name) || name.replace(/_?id$/i, "") === table.replace(/s$/, "");
}

/** Whether a column or a link is of one of the combinations. */
export function isMember({ combinations }: DraftTable, name: string): boolean {
  return combinations.some((members) => members.includes(name));
}

function makeUnique(table: DraftTable, column: DraftColumn, { declared, most }: Differing): void {
  column.declared = asBefore(column, declared);
  column.isUnique = true;
  column.isSettled = true;
  table.most = Math.min(table.most, Math.max(0, most - table.after));
}

/** A column's new values in the rows in which it has one: which these are stays as conditions have settled it. */
function asBefore({ declared: before }: DraftColumn, declared: Declared): Declared {
  const when = typeof before === "string" ? undefined : before["when"];
  if (when === undefined) return declared;
  const { nulls: _nulls, ...rest } = asMapping(declared) as { readonly nulls?: number };
  return { ...rest, when };
}

/** What a key has to be met by. */
interface Members {
  readonly links: readonly string[];
  /** Columns that nothing has settled. */
  readonly free: readonly DraftColumn[];
  readonly key: CatalogKey;
}

/** Numbers the rows of each owner: the lines of an order. */
function numberWithinOwner(table: DraftTable, { links, free, key }: Members): boolean {
  const { owner } = table;
  if (owner === undefined || !links.includes(owner.name) || !tellsApart(table, owner.name, key.columns)) return false;
  const number = free.find(({ type, facts }) => type.family === "whole" && isAnyFrom1(facts));
  if (number === undefined) return false;
  number.declared = { ordinal: null, type: number.type.type };
  number.isSettled = true;
  table.distinct.push([...key.columns]);
  return true;
}

function isAnyFrom1(facts: DraftColumn["facts"]): boolean {
  return facts === undefined || (facts.in === undefined && facts.low <= 1 && facts.high > 1e6);
}

/** Makes the rows another combination each of the key's links and of those of its columns that have few values. */
function combine(table: DraftTable, { links, free, key }: Members): boolean {
  const ofLinks = links.filter(
    (name) => isPlain(table, name) && tellsApart(table, name, key.columns) && !isMember(table, name),
  );
  const few = free.flatMap((column) => {
    const declared = fewValues(column);
    return declared === undefined ? [] : [{ column, declared }];
  });
  const members = [...ofLinks, ...few.map(({ column }) => column.catalog.name)];
  if (members.length === 0) return false;
  for (const { column, declared } of few) {
    column.declared = asBefore(column, declared);
    column.isSettled = true;
  }
  if (key.nullsNotDistinct) for (const name of ofLinks) withoutNullsOf(table.links.get(name)!);
  table.combinations.push(members);
  if (members.length === 1 && few.length === 1) few[0].column.isUnique = true;
  return true;
}

/** Whether a link may lead anywhere, so that where it leads can be settled by a combination. */
export function isPlain({ links }: DraftTable, name: string): boolean {
  const { declared } = links.get(name)!;
  return "any" in declared && !("within" in declared) && !("earlier" in declared);
}

/** Whether a link leads to rows of the table itself. */
function isToItself(table: DraftTable, name: string): boolean {
  return table.links.get(name)!.target === table;
}

/** The values of a column that has few, without any NULL among them. */
export function fewValues({ type, declared, catalog }: DraftColumn): Declared | undefined {
  const typed = type.type === "text" ? {} : { type: type.type };
  const { choice: asked, type: written } = declared as { readonly choice?: readonly string[]; readonly type?: string };
  if (typeof declared === "object" && "always" in declared) return undefined;
  if (Array.isArray(asked)) return { choice: asked, ...(written !== undefined && { type: written }) };
  switch (type.family) {
    case "bool":
      return { chance: 0.5 };
    case "enum":
      return { choice: catalog.labels ?? [] };
    case "whole": {
      const { integer } = declared as { readonly integer?: readonly [number, number] };
      return { integer: integer ?? [1, Math.min(WITHIN_PARENT, type.largest)], ...typed };
    }
    case "text":
    case "fixed":
    case "written": {
      const { choice } = declared as { readonly choice?: readonly string[] | Readonly<Record<string, number>> };
      return choice === undefined ? undefined : { choice, ...typed };
    }
    default:
      return undefined;
  }
}
