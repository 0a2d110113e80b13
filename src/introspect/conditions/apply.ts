import { asMapping, ruleContext, withNulls } from "../columns.js";
import { type DraftColumn, type DraftTable, freeName, hiddenColumn, listName } from "../draft.js";
import { NOTHING } from "../links.js";
import { branchesOf, type Condition, columnsOf } from "./condition.js";
import { allowed, type Facts, NO_FACTS } from "./facts.js";
import { type Solution, solutionsOf, widest, withoutIdle } from "./solve.js";
import { choiceOf, meetFacts, withoutNulls } from "./values.js";

/** Reads a condition. */
export type Read = (expression: string) => Condition;

/**
 * Has a table's columns meet its CHECKs and its domains' conditions, as far as they can be read. Where they leave several
 * ways, each row takes one of them.
 */
export function meetConditions(table: DraftTable, read: Read): void {
  const conditions = [...conditionsOf(table, read), ...table.inherited];
  conditions.push(...unlinkPinned(table, conditions, read));
  // What no row can meet is told by the trial, with the server's own words.
  const rare = withoutPartialKeys(table, read);
  const withRare =
    rare.length > 0 ? solutionsOf(table, [...conditions, ...rare.map(({ condition }) => condition)]) : [];
  if (withRare.length > 0) for (const { key } of rare) table.idleKeys.add(key);
  const solutions = withRare.length > 0 ? withRare : mostSolutions(table, conditions);
  if (solutions.length === 0) return;
  const [first] = solutions;
  const kept = solutions.filter((solution) => agrees(table, first, solution));
  settleColumns(table, kept);
  table.order.push(...first.order);
}

/** The ways to meet all conditions, or where there is none as many of them as go together. */
function mostSolutions(table: DraftTable, conditions: readonly Condition[]): Solution[] {
  const all = solutionsOf(table, conditions);
  if (all.length > 0) return all;
  const kept: Condition[] = [];
  for (const condition of conditions) if (solutionsOf(table, [...kept, condition]).length > 0) kept.push(condition);
  return solutionsOf(table, kept);
}

/** Rows of a look-up table that are few enough to be known one by one. */
const KNOWN_MAX = 200;

/**
 * Has columns that conditions pin to values hold values themselves, where they refer to a look-up table all of whose keys
 * are known: a link leads anywhere.
 * @returns what its keys ask of them
 */
function unlinkPinned(table: DraftTable, conditions: readonly Condition[], read: Read): Condition[] {
  const pinned = new Set(
    conditions.flatMap((condition) =>
      branchesOf(condition).flatMap((branch) => branch.flatMap((part) => (part.kind === "in" ? [part.column] : []))),
    ),
  );
  return [...pinned].flatMap((name): Condition[] => {
    const covered = table.covered.get(name);
    if (covered === undefined || covered.link.foreignKey.columns.length !== 1) return [];
    const values = knownValues(covered.link.target, covered.column, read);
    if (values === undefined) return [];
    const column = table.columns.get(name)!;
    table.covered.delete(name);
    table.links.delete(covered.link.name);
    column.isSettled = false;
    column.declared = withNulls(choiceOf(column, values), column);
    return [{ kind: "in", column: name, values, isIn: true }];
  });
}

/** All values that a look-up table's key has; undefined where they are not known. */
function knownValues(target: DraftTable, name: string, read: Read): readonly string[] | undefined {
  const at = target.kept?.columns.indexOf(name) ?? -1;
  if (target.kept !== undefined) {
    const { rows } = target.kept;
    return at < 0 || rows.length > KNOWN_MAX ? undefined : rows.flatMap((row) => row[at] ?? []);
  }
  if (target.covered.has(name)) return undefined;
  for (const condition of conditionsOf(target, read)) {
    const branches = branchesOf(condition);
    const [part] = branches[0] ?? [];
    const isList = branches.length === 1 && branches[0].length === 1 && part.kind === "in" && part.isIn;
    if (!isList || part.column !== name || part.values.length > KNOWN_MAX) continue;
    target.size = Math.max(target.size, part.values.length);
    return part.values;
  }
  return undefined;
}

/** Has columns that conditions compare follow one another; once keys have settled what must differ. */
export function meetOrder(table: DraftTable): void {
  for (const { left, op, right } of table.order) {
    const isTurned = op === ">" || op === ">=";
    const [low, high] = isTurned ? [right, left] : [left, right];
    if (op === "=") copyOf(table, left, right);
    else inOrder(table, low, high, op.length === 1);
  }
}

/** That keys which hold for some rows only, and whose columns have few values, hold for none. */
function withoutPartialKeys(
  { catalog, columns, covered }: DraftTable,
  read: Read,
): { readonly key: string; readonly condition: Condition }[] {
  const few: ReadonlySet<string> = new Set(["bool", "enum", "written"]);
  return catalog.keys.flatMap(({ name: key, predicate, columns: names }) => {
    const isFew = names.every((name) => covered.has(name) || few.has(columns.get(name)?.type.family ?? ""));
    const condition = predicate === null || !isFew ? undefined : read(`NOT (${predicate})`);
    return condition === undefined || condition.kind === "unread" ? [] : [{ key, condition }];
  });
}

/**
 * Has what conditions ask of a column that is read through a link be asked of the column that it is read from, however
 * many links that takes. Values that are pinned are not asked for there: other tables refer to the same rows.
 */
export function passConditionsOn(tables: readonly DraftTable[], read: Read): void {
  for (const table of tables) {
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

function passOn(table: DraftTable, part: OfColumn): void {
  let at = table.covered.get(part.column);
  for (let i = 0; at !== undefined && i < LINKS_MAX; i++) {
    const { link, column } = at;
    const next = link.target.covered.get(column);
    if (next === undefined) link.target.inherited.push({ ...part, column });
    at = next;
  }
}

function conditionsOf({ catalog, columns }: DraftTable, read: Read): Condition[] {
  const own = catalog.checks.map(({ expression }) => read(expression));
  const ofDomains = [...columns.values()].flatMap((column) =>
    column.catalog.domainChecks.map((expression) => read(withColumn(expression, column.catalog.name))),
  );
  return [...own, ...ofDomains];
}

/** A domain's condition, said of a column. */
export function withColumn(expression: string, column: string): string {
  const name = `"${column.replaceAll('"', '""')}"`;
  return expression.replace(/'(?:[^']|'')*'|\bVALUE\b/g, (part) => (part === "VALUE" ? name : part));
}

/** Whether two ways ask for values of a column that both can have: other ones are left. */
function agrees({ columns }: DraftTable, first: Solution, other: Solution): boolean {
  return [...other.facts].every(([name, facts]) => {
    const theirs = first.facts.get(name);
    if (theirs === undefined || !columns.has(name) || facts.in !== undefined || theirs.in !== undefined) return true;
    return Math.max(facts.low, theirs.low) <= Math.min(facts.high, theirs.high);
  });
}

function settleColumns(table: DraftTable, solutions: readonly Solution[]): void {
  const names = new Set(solutions.flatMap(({ facts }) => [...facts.keys()]));
  const varying: string[] = [];
  for (const name of names) {
    const each = solutions.map(({ facts }) => facts.get(name) ?? NO_FACTS);
    const column = table.columns.get(name);
    if (column === undefined || (column.isSettled && !table.covered.has(name))) continue;
    if (isAlike(each)) {
      column.facts = each[0];
      if (each[0].isNull) without(table, name);
      else meetFacts(table, column);
      if (each[0].isNull === false) always(table, name);
    } else varying.push(name);
  }
  if (varying.length > 0) inCases(table, solutions, varying);
}

function isAlike([first, ...others]: readonly Facts[]): boolean {
  const key = (facts: Facts): string => JSON.stringify([facts.isNull ?? null, facts.in ?? null]);
  return others.every((other) => key(other) === key(first));
}

/** A column, or the link through which it is read, without any value. */
function without(table: DraftTable, name: string): void {
  const column = table.columns.get(name)!;
  if (table.covered.has(name)) column.isSettled = true;
  column.declared = NOTHING;
  column.isSettled = true;
}

/** A column, or the link through which it is read, with a value in each row. */
function always(table: DraftTable, name: string): void {
  const link = table.covered.get(name)?.link;
  if (link !== undefined) {
    const { nulls: _nulls, ...rest } = link.declared;
    link.declared = rest;
    return;
  }
  const column = table.columns.get(name)!;
  column.declared = withoutNulls(column.declared);
}

/** Columns whose values hang together: a row takes one of the ways, which stand in a list. */
function inCases(table: DraftTable, solutions: readonly Solution[], varying: readonly string[]): void {
  const list = hiddenColumn(table, "_case", { pick: listName(table, "cases") });
  const rows: CaseRow[][] = solutions.map(() => [{}]);
  for (const name of varying) {
    const column = table.columns.get(name)!;
    const each = solutions.map(({ facts }) => facts.get(name) ?? NO_FACTS);
    const key = /^[A-Za-z]\w*$/.test(name) ? name : freeName(table, `c_${name}`);
    const isPinned = each.some((facts) => facts.in !== undefined);
    column.facts = each.reduce((all, facts) => ({ ...mergedValues(all, facts) }), NO_FACTS);
    if (isPinned && !table.covered.has(name)) {
      const { family, type } = column.type;
      const isNumber = family === "whole" || family === "decimal" || family === "double";
      for (const [at, facts] of each.entries()) {
        const values = facts.isNull ? [null] : valuesFor(table, name, facts);
        rows[at] = withEach(
          rows[at],
          key,
          values.map((value) => cellOf(value, family, isNumber)),
        );
      }
      const path = `${list}.${key}`;
      column.declared = isNumber ? { expr: path, type } : path;
      column.why = "as its conditions ask";
      column.isSettled = true;
      continue;
    }
    meetFacts(table, column);
    if (!each.some(({ isNull }) => isNull)) {
      if (each.some(({ isNull }) => isNull === false)) always(table, name);
      continue;
    }
    const flag = `has_${key}`;
    for (const [at, { isNull }] of each.entries()) rows[at] = withEach(rows[at], flag, [isNull !== true]);
    const isAsked = each.some(({ isNull }) => isNull === false);
    present(table, name, { when: `${list}.${flag}`, isAsked });
  }
  const distinct = new Map(rows.flat().map((row) => [JSON.stringify(row), row]));
  table.cases.push(...distinct.values());
}

type CaseRow = Record<string, string | number | boolean | null>;

/** Rows of a list of cases are no more than these for each way. */
const CASE_ROWS_MAX = 24;

/** Each row with each of some values, as long as that is not too many. */
function withEach(rows: readonly CaseRow[], key: string, values: readonly CaseRow[string][]): CaseRow[] {
  const all = rows.length * values.length <= CASE_ROWS_MAX ? values : values.slice(0, 1);
  return rows.flatMap((row) => all.map((value) => ({ ...row, [key]: value })));
}

function cellOf(value: string | null, family: string, isNumber: boolean): CaseRow[string] {
  if (value === null) return null;
  if (isNumber) return Number(value);
  return family === "bool" ? value === "true" : value;
}

/** Both columns' bounds; what is or is not there stands in the list. */
function mergedValues(a: Facts, b: Facts): Facts {
  const { isNull: _isNull, in: _in, ...rest } = a;
  return {
    ...rest,
    low: Math.max(a.low, b.low),
    high: Math.min(a.high, b.high),
    shortest: Math.max(a.shortest, b.shortest),
    longest: Math.min(a.longest, b.longest),
    regexes: [...a.regexes, ...b.regexes],
    ...(b.letters && { letters: b.letters }),
  };
}

function present(
  table: DraftTable,
  name: string,
  { when, isAsked }: { readonly when: string; readonly isAsked: boolean },
): void {
  const link = table.covered.get(name)?.link;
  if (link !== undefined) {
    const { nulls, ...rest } = link.declared;
    link.declared = { ...rest, ...(nulls !== undefined && !isAsked && { nulls }), when };
    return;
  }
  const column = table.columns.get(name)!;
  const declared = isAsked ? withoutNulls(column.declared) : column.declared;
  column.declared = { ...asMapping(declared), when };
}

/** Values that a column may have where a way to meet the conditions leaves several; one of them at the least. */
function valuesFor(table: DraftTable, name: string, facts: Facts): readonly (string | null)[] {
  const column = table.columns.get(name)!;
  if (facts.in !== undefined) return allowed(facts);
  const { declared, catalog, type } = column;
  const { choice } = declared as { readonly choice?: readonly string[] };
  const known = Array.isArray(choice) ? choice : (catalog.labels ?? (type.family === "bool" ? ["true", "false"] : []));
  const fitting = allowed({ ...facts, in: known });
  if (fitting.length > 0) return fitting;
  if (type.family === "whole" || type.family === "decimal" || type.family === "double") {
    const low = Math.max(facts.low, 1);
    return [String(low <= facts.high ? low : facts.high)];
  }
  if (!catalog.notNull && facts.isNull !== false) return [null];
  return [["other", "x", "none"].find((word) => allowed({ ...facts, in: [word] }).length > 0) ?? "other"];
}

function copyOf(table: DraftTable, left: string, right: string): void {
  const [a, b] = [table.columns.get(left), table.columns.get(right)];
  if (a === undefined || b === undefined) return;
  const [from, to] = b.isSettled ? [b, a] : [a, b];
  if (to.isSettled) return;
  to.declared = { copy: from.catalog.name };
  to.isSettled = true;
}

/** Has one column be at least another, or more. */
function inOrder(table: DraftTable, low: string, high: string, isStrict: boolean): void {
  const [a, b] = [table.columns.get(low), table.columns.get(high)];
  if (a === undefined || b === undefined || a === b) return;
  // Nothing is below nothing.
  if (a.declared === NOTHING || b.declared === NOTHING) return;
  if (b.isSettled && !a.isSettled) before(table, a, b);
  else if (b.isSettled) shift(a, b);
  if (b.isSettled || dependsOn(table, low, high)) return;
  const context = ruleContext(table, b);
  const thinned = absencesOf(b);
  if (b.catalog.notNull) a.declared = withoutNulls(a.declared);
  const from = calledIn(table, low);
  const { family, type } = b.type;
  switch (family) {
    case "moment": {
      const hours = context.hidden("_hours", { integer: [1, 720] });
      if (a.type.family !== "moment") return;
      b.declared = { expr: `${from} + interval '1 hour' * ${hours}`, type, ...thinned };
      break;
    }
    case "date": {
      const days = context.hidden("_days", { integer: [1, 60] });
      if (a.type.family !== "date" && a.type.family !== "moment") return;
      b.declared = { expr: `${a.type.family === "date" ? from : `date(${from})`} + ${days}`, type, ...thinned };
      break;
    }
    case "whole":
    case "decimal":
    case "double": {
      if (b.isUnique || !NUMBERS.has(a.type.family) || (a.isUnique && b.type.largest < a.type.largest)) return;
      const gaps = gapsBetween(a, b, isStrict);
      if (gaps === undefined) return;
      const gap = context.hidden(isStrict ? "_gap" : "_more", { integer: gaps });
      b.declared = { expr: `${from} + ${gap}`, type, ...thinned };
      break;
    }
    default:
      return;
  }
  b.why = `follows ${low}`;
  b.follows = low;
  b.isSettled = true;
}

/** How usual a number's distance from a smaller one is. */
const GAP_USUAL = 100;

/** How far a number may be above another, so that it is within its own bounds; undefined where no distance does that. */
function gapsBetween(a: DraftColumn, b: DraftColumn, isStrict: boolean): readonly [number, number] | undefined {
  const { integer, decimal, low, high } = a.declared as {
    readonly integer?: readonly [number, number];
    readonly decimal?: readonly [number, number];
    readonly low?: number;
    readonly high?: number;
  };
  const [least, most] = integer ?? decimal ?? [low ?? 0, high ?? GAP_USUAL];
  const { low: lowest = -Infinity, high: highest = Infinity } = b.facts ?? {};
  const from = Math.max(isStrict ? 1 : 0, lowest === -Infinity ? 0 : Math.ceil(lowest - least));
  const to = Math.min(from + GAP_USUAL, Math.floor(Math.min(highest, b.type.largest) - most));
  return to >= from ? [from, to] : undefined;
}

const NUMBERS: ReadonlySet<string> = new Set(["whole", "decimal", "double"]);

/** Words that mean something else in an expression. */
const RESERVED =
  /^(case|when|then|else|end|and|or|not|is|null|in|between|interval|true|false|window|date|year|month|day|hour|minute|dow|length)$/i;

/** What a column is called in an expression: of one with another name than a plain one, that of a hidden copy. */
function calledIn(table: DraftTable, name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !RESERVED.test(name) ? name : hiddenColumn(table, "_copied", { copy: name });
}

/** Where a column has no value, as it is declared. */
function absencesOf({ declared, catalog }: DraftColumn): Readonly<Record<string, unknown>> {
  if (typeof declared === "string") return {};
  const { nulls, when } = declared;
  return { ...(nulls !== undefined && !catalog.notNull && { nulls }), ...(when !== undefined && { when }) };
}

/** Whether a column's values follow another's, directly or by way of others. */
function dependsOn({ columns }: DraftTable, name: string, other: string): boolean {
  for (let at: string | undefined = name; at !== undefined; at = columns.get(at)?.follows)
    if (at === other) return true;
  return false;
}

/** Has a column be below another one that is settled. */
function before(table: DraftTable, a: DraftColumn, b: DraftColumn): void {
  if (dependsOn(table, b.catalog.name, a.catalog.name) || (a.facts?.low ?? -Infinity) > -Infinity) return;
  const { family, type } = a.type;
  if (family !== b.type.family && !(NUMBERS.has(family) && NUMBERS.has(b.type.family))) return;
  const { hidden } = ruleContext(table, a);
  const gap =
    family === "moment"
      ? `interval '1 hour' * ${hidden("_hours", { integer: [1, 720] })}`
      : family === "date"
        ? hidden("_days", { integer: [1, 60] })
        : NUMBERS.has(family) && a.type.largest >= b.type.largest
          ? hidden("_gap", { integer: [1, 100] })
          : undefined;
  if (gap === undefined) return;
  a.declared = { expr: `${calledIn(table, b.catalog.name)} - ${gap}`, type, ...absencesOf(a) };
  a.follows = b.catalog.name;
  a.isSettled = true;
}

/** Of two moments that both differ in all rows, the later one an hour after the other. */
function shift(a: DraftColumn, b: DraftColumn): void {
  if (!a.isUnique || !b.isUnique || a.type.family !== "moment" || b.type.family !== "moment") return;
  if (a.follows !== undefined || !/^[A-Za-z_]\w*$/.test(a.catalog.name)) return;
  b.declared = { expr: `${a.catalog.name} + interval '1 hour'`, type: b.type.type, unique: true };
  b.follows = a.catalog.name;
}
