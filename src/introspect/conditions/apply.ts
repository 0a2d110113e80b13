import { NOTHING } from "../cover.js";
import type { DraftTable } from "../draft.js";
import { always, inCases } from "./cases.js";
import type { Condition } from "./condition.js";
import { type Facts, NO_FACTS } from "./facts.js";
import { conditionsOf, type Read } from "./of-table.js";
import { unlinkPinned } from "./pinned.js";
import { type Solution, solutionsOf } from "./solve.js";
import { meetFacts } from "./values.js";

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
  if (withRare.length > 0) {
    const none = new Set(rare.map(({ predicate }) => predicate));
    for (const { name, predicate } of table.catalog.keys) if (none.has(predicate)) table.idleKeys.add(name);
  }
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

/** That keys which hold for some rows only, and whose columns have few values, hold for none. */
function withoutPartialKeys(
  { catalog, columns, covered }: DraftTable,
  read: Read,
): { readonly predicate: string | null; readonly condition: Condition }[] {
  const few: ReadonlySet<string> = new Set(["bool", "enum", "written"]);
  return catalog.keys.flatMap(({ predicate, columns: names }) => {
    const isFew = names.every((name) => covered.has(name) || few.has(columns.get(name)?.type.family ?? ""));
    const condition = predicate === null || !isFew ? undefined : read(`NOT (${predicate})`);
    return condition === undefined || condition.kind === "unread" ? [] : [{ predicate, condition }];
  });
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
    skipValues(table, name, each);
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

/** Has a link lead to no row whose number may not be, where those are counted. */
function skipValues({ covered, columns }: DraftTable, name: string, each: readonly Facts[]): void {
  const last = Math.max(0, ...each.flatMap(({ notIn }) => notIn.map(Number)).filter(Number.isInteger));
  const link = covered.get(name)?.link;
  if (link === undefined || last < 1 || columns.get(name)?.type.family !== "whole") return;
  link.declared = { ...link.declared, skip: Math.max(last, Number(link.declared["skip"] ?? 0)) };
  link.target.size = Math.max(link.target.size, last + 1);
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
