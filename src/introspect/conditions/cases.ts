import { asMapping, withoutNulls } from "../columns.js";
import { NOTHING, withoutNullsOf } from "../cover.js";
import { type DraftTable, freeName, hiddenColumn, listName } from "../draft.js";
import { allowed, type Facts, NO_FACTS } from "./facts.js";
import type { Solution } from "./solve.js";
import { meetFacts } from "./values.js";

/** A column, or the link through which it is read, with a value in each row. */
export function always(table: DraftTable, name: string): void {
  const link = table.covered.get(name)?.link;
  if (link !== undefined) {
    withoutNullsOf(link);
    return;
  }
  const column = table.columns.get(name)!;
  column.declared = withoutNulls(column.declared);
}

/** Columns whose values hang together: a row takes one of the ways, which stand in a list. */
export function inCases(table: DraftTable, solutions: readonly Solution[], varying: readonly string[]): void {
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
      if (rows.flat().every((row) => row[key] === null)) {
        for (const row of rows.flat()) delete row[key];
        column.declared = NOTHING;
        column.isSettled = true;
        continue;
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
