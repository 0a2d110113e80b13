import { powerOf10 } from "../core/sql-type.js";
import type { CatalogKey } from "./catalog.js";
import { asMapping, fixed, letters, ruleContext, WINDOW } from "./columns.js";
import { differingBy } from "./conditions/values.js";
import { type DraftColumn, type DraftTable, refuse } from "./draft.js";
import { leaveOut, NOTHING, withoutNullsOf } from "./links.js";
import { type Declared, rowNumber } from "./rules.js";

/** Whole numbers that a column takes within what a link leads to: as many rows of a parent at the most. */
const WITHIN_PARENT = 100;

/** Numbers that a double tells apart within any bounds of usual size. */
const DOUBLES_MOST = 1e9;

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

/** A column's values when all of them differ. */
interface Differing {
  readonly declared: Declared;
  /** How many there are. */
  readonly most: number;
  /** Which column of a key is best to differ: 0 for one that had better not. */
  readonly rank: number;
}

function differing(table: DraftTable, column: DraftColumn, key: CatalogKey): Differing | undefined {
  const isAlone = key.columns.length === 1;
  const { type, rule, catalog } = column;
  const context = ruleContext(table, column);
  // Where no value is a value like others, one row alone could be without.
  const isThere = catalog.notNull || key.nullsNotDistinct || isInPrimaryKey(table, catalog.name);
  const nulls = isThere ? {} : { nulls: 0.1 };
  const typed = type.type === "text" ? {} : { type: type.type };
  const most = Number.MAX_SAFE_INTEGER;
  const asked = differingBy(column);
  if (asked !== undefined)
    return { declared: { ...(asked.declared as object), ...nulls }, most: asked.most, rank: asked.most > 1e9 ? 4 : 0 };
  if (column.facts?.in !== undefined) return undefined;
  const { low = -Infinity, high: top = Infinity } = column.facts ?? {};
  switch (type.family) {
    case "uuid":
      return { declared: Object.keys(nulls).length === 0 ? "uuid" : { uuid: null, ...nulls }, most, rank: 4 };
    case "whole": {
      if (isAlone && low <= 1 && top > 1e6 && Object.keys(nulls).length === 0)
        return { declared: { id: null, type: type.type }, most: type.largest, rank: 3 };
      const least = Math.max(1, Math.ceil(low));
      const high = Math.min(type.largest, top, least + 2_000_000_000);
      if (high < least) return undefined;
      return {
        declared: { integer: [least, high], ...typed, unique: true, ...nulls },
        most: high - least + 1,
        rank: high > 1e6 ? 1 : 0,
      };
    }
    case "text": {
      if (rule?.isUnique)
        return { declared: { ...(rule.make(context) as object), unique: true, ...nulls }, most, rank: 5 };
      if (type.length >= 32) {
        const noun = context.hidden("_noun", { word: "noun" });
        return {
          declared: { text: `{${noun}} {${rowNumber(context)}}`, ...typed, unique: true, ...nulls },
          most,
          rank: 5,
        };
      }
      const pattern = rule?.name === "code" && type.length >= 11 ? "??-########" : letters(type.length);
      return {
        declared: { pattern, ...typed, unique: true, ...nulls },
        most: 26 ** Math.min(8, type.length),
        rank: type.length >= 5 ? 4 : 0,
      };
    }
    case "fixed":
      return {
        declared: { pattern: fixed(type.length), ...typed, unique: true, ...nulls },
        most: 26 ** Math.min(8, type.length),
        rank: type.length >= 5 ? 4 : 0,
      };
    case "bytes":
      return { declared: { matching: "^[0-9a-f]{16}$", unique: true, ...nulls }, most, rank: 3 };
    case "moment":
    case "date": {
      const { expr, most, rank } = momentsApart(column, rowNumber(context));
      return most < 1 ? undefined : { declared: { expr, ...typed, unique: true, ...nulls }, most, rank };
    }
    case "decimal": {
      const [least, most] = [Math.max(0, low), Math.min(type.largest, top)];
      const size = Math.floor((most - least) * powerOf10(type.scale));
      if (size < 1) return undefined;
      return {
        declared: { decimal: [least, most], ...typed, unique: true, ...nulls },
        most: size,
        rank: size > 1e6 ? 1 : 0,
      };
    }
    case "double": {
      const number = rowNumber(context);
      if (low <= 1 && top >= most)
        return { declared: { expr: number, type: type.type, unique: true, ...nulls }, most, rank: 1 };
      const [least, highest] = [Number.isFinite(low) ? low : Math.min(0, top - 1e6), Math.min(top, low + 1e6)];
      if (type.type !== "float8" || highest <= least) return undefined;
      const step = ((highest - least) / DOUBLES_MOST).toFixed(9).replace(/0+$/, "");
      return {
        declared: { expr: `${least} + ${number} * ${step}`, type: type.type, unique: true, ...nulls },
        most: DOUBLES_MOST - 1,
        rank: 1,
      };
    }
    case "jsonb":
      return { declared: { json: { number: rowNumber(context) }, ...nulls }, most, rank: 1 };
    default:
      return undefined;
  }
}

const DAY_MS = 86_400_000;

/** Moments a second apart, or days, from the window's beginning on or within what conditions ask. */
function momentsApart(
  { type, facts }: DraftColumn,
  number: string,
): { readonly expr: string; readonly most: number; readonly rank: number } {
  const isDate = type.family === "date";
  const step = isDate ? DAY_MS : 1000;
  const start = Date.parse(WINDOW.from);
  const { low = -Infinity, high = Infinity } = facts ?? {};
  const isBounded = low > start || high < Infinity;
  // The first of those that may be.
  const from = low > -Infinity ? low : Math.min(start, high - 365 * DAY_MS);
  const offset = Math.ceil((from - start) / step);
  const places = isBounded ? Math.floor((high - start) / step) - offset : isDate ? 1_000_000 : 1e12;
  const counted = offset === 0 ? number : `(${number} + ${offset - 1})`;
  const expr = `window.from + interval '${isDate ? "1 day" : "1 second"}' * ${counted}`;
  return { expr: isDate ? `date(${expr})` : expr, most: places, rank: isDate || isBounded ? 0 : 2 };
}

function isInPrimaryKey({ catalog }: DraftTable, column: string): boolean {
  return catalog.keys.some(({ isPrimary, columns }) => isPrimary && columns.includes(column));
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
