import type { DraftLink, DraftTable } from "../draft.js";
import { type Branch, branchesOf, type Comparison, type Condition, columnsOf } from "./condition.js";
import { type Facts, NO_FACTS, withPart } from "./facts.js";

/** What holds of columns when some conditions do. */
export interface Solution {
  readonly facts: ReadonlyMap<string, Facts>;
  /** Which columns' values follow others'. */
  readonly order: readonly Comparison[];
}

/** Ways to meet all of a table's conditions that are kept apart. */
const CASES_MAX = 8;
/** Combinations of branches that are looked at. */
const TRIES_MAX = 2000;

/** Ways to meet all conditions of a table, as different as they come; none where nothing meets them. */
export function solutionsOf(table: DraftTable, conditions: readonly Condition[]): Solution[] {
  const ways = conditions.map((condition) => withoutIdle(branchesOf(condition)));
  const listed = listedColumns(ways);
  const checks = ways
    .map((branches) =>
      branches
        .flat()
        .flatMap(columnsOf)
        .some((name) => listed.has(name))
        ? branches
        : widest(branches),
    )
    .sort((a, b) => a.length - b.length);
  const solutions: Solution[] = [];
  const known = new Set<string>();
  let tries = 0;
  const go = (at: number, solution: Solution, turn: number): boolean => {
    if (++tries > TRIES_MAX) return false;
    if (at === checks.length) {
      const key = JSON.stringify([...solution.facts].sort(([a], [b]) => (a < b ? -1 : 1)));
      if (!known.has(key)) {
        known.add(key);
        solutions.push(solution);
      }
      return true;
    }
    const branches = checks[at];
    for (let i = 0; i < branches.length; i++) {
      // Each turn begins with another branch, so that cases differ.
      const next = withBranch(table, solution, branches[(i + turn) % branches.length]);
      if (next !== undefined && go(at + 1, next, turn)) return true;
    }
    return false;
  };
  const turns = Math.max(1, ...checks.map((branches) => branches.length));
  for (let turn = 0; turn < turns && solutions.length < CASES_MAX; turn++) {
    tries = 0;
    go(0, { facts: new Map(), order: [] }, turn);
  }
  return solutions;
}

/** Columns of which a condition leaves no values but those of a list: other conditions leave it those that they name. */
function listedColumns(ways: readonly (readonly Branch[])[]): ReadonlySet<string> {
  return new Set(
    ways.flatMap(([first, ...others]) =>
      others.length > 0 ? [] : (first ?? []).flatMap((part) => (part.kind === "in" && part.isIn ? [part.column] : [])),
    ),
  );
}

/**
 * Without branches that ask for no value in a column of which the others only ask something when there is one: a
 * condition is met where it is unknown.
 */
export function withoutIdle(branches: readonly Branch[]): readonly Branch[] {
  const idle = branches.filter((branch) => {
    const [part] = branch;
    if (branch.length !== 1 || part.kind !== "null" || !part.isNull) return false;
    const others = branches.filter((other) => other !== branch);
    return (
      others.length > 0 && others.every((other) => other.length > 0 && other.every((one) => isStrict(one, part.column)))
    );
  });
  return idle.length === 0 ? branches : branches.filter((branch) => !idle.includes(branch));
}

/** Ways that list a column's values, or bounds that meet, as one way. */
function union(branches: readonly Branch[], column: string): Branch | undefined {
  const others = branches.map((branch) => branch.filter(({ kind }) => kind !== "null"));
  const lists = others.flatMap((branch) => branch.filter((part) => part.kind === "in" && part.isIn));
  if (branches.length > 1 && others.every(({ length }) => length === 1) && lists.length === branches.length) {
    const values = lists.flatMap((part) => (part.kind === "in" ? part.values : []));
    return [{ kind: "in", column, values: [...new Set(values)], isIn: true }];
  }
  const spans = others.map(spanOf);
  if (branches.length < 2 || spans.includes(undefined)) return undefined;
  const [first, ...rest] = (spans as Span[]).sort((a, b) => a.low - b.low);
  let [widest, current] = [first, first];
  for (const span of rest) {
    current = span.low <= current.high ? { low: current.low, high: Math.max(current.high, span.high) } : span;
    if (current.high - current.low > widest.high - widest.low) widest = current;
  }
  const bounds: Branch = [
    { kind: "range", of: "value", column, op: ">=", bound: widest.low },
    { kind: "range", of: "value", column, op: "<", bound: widest.high },
  ];
  return bounds.filter((part) => part.kind === "range" && Number.isFinite(part.bound));
}

interface Span {
  readonly low: number;
  readonly high: number;
}

/** What a way's bounds leave of a column's values, the upper end not included. */
function spanOf(branch: Branch): Span | undefined {
  let [low, high] = [-Infinity, Infinity];
  for (const part of branch) {
    if (part.kind !== "range" || part.of !== "value" || (part.op !== ">=" && part.op !== "<")) return undefined;
    if (part.op === ">=") low = Math.max(low, part.bound);
    else high = Math.min(high, part.bound);
  }
  return branch.length === 0 ? undefined : { low, high };
}

/** Of several ways that are about one column alone, one that leaves it the most values: no pinned ones. */
export function widest(branches: readonly Branch[]): readonly Branch[] {
  const columns = new Set(branches.flat().flatMap(columnsOf));
  if (columns.size !== 1) return branches;
  const isPinned = (branch: Branch): boolean => branch.some((part) => part.kind === "in" && part.isIn);
  const [column] = columns;
  const together = union(branches, column);
  if (together !== undefined) return [together];
  const free = branches.filter((branch) => !isPinned(branch) && branch.every(({ kind }) => kind !== "null"));
  return free.length > 0 ? [free[0]] : branches;
}

function isStrict(part: Branch[number], column: string): boolean {
  return part.kind !== "null" && part.kind !== "unread" && columnsOf(part).includes(column);
}

/** Rows at the beginning of a table that a link may leave out, so that it leads to none of some numbers. */
const SKIPPED_MAX = 1000;

/** Whether a link can be kept from rows that have some of the values; only numbers that are counted are known. */
function maySkip({ covered }: DraftTable, { column, values }: Extract<Condition, { readonly kind: "in" }>): boolean {
  const { link, column: theirs } = covered.get(column)!;
  if (!("any" in link.declared) || "within" in link.declared || link.target.covered.has(theirs)) return false;
  if (link.target.kept !== undefined) return false;
  const isCounted = link.target.columns.get(theirs)?.type.family === "whole";
  return !isCounted || values.every((value) => Number(value) < SKIPPED_MAX);
}

/** Two links that lead to the same column of a table, by a key of one column each. */
export function apartLinks(
  { covered }: DraftTable,
  { left, right }: Comparison,
): readonly [left: DraftLink, right: DraftLink] | undefined {
  const [a, b] = [covered.get(left), covered.get(right)];
  if (a === undefined || b === undefined || a.link === b.link) return undefined;
  const isSame = a.link.target === b.link.target && a.column === b.column;
  const areAny = [a, b].every(({ link }) => "any" in link.declared && !("within" in link.declared));
  return isSame && areAny ? [a.link, b.link] : undefined;
}

function withBranch(table: DraftTable, solution: Solution, branch: Branch): Solution | undefined {
  const facts = new Map(solution.facts);
  const order = [...solution.order];
  for (const part of branch) {
    if (part.kind === "unread") continue;
    if (part.kind === "columns") {
      // What links lead to is as it is, but for two that lead to rows of one table.
      const isLinked = table.covered.has(part.left) && table.covered.has(part.right);
      if (isLinked && apartLinks(table, part) === undefined) return undefined;
      order.push(part);
      continue;
    }
    const column = table.columns.get(part.column);
    if (column === undefined) continue;
    // What a link leads to has the value that it has; but it may lead elsewhere.
    if (table.covered.has(part.column) && part.kind === "in" && (part.isIn || !maySkip(table, part))) return undefined;
    const next = withPart(facts.get(part.column) ?? NO_FACTS, part, column);
    if (next === undefined) return undefined;
    facts.set(part.column, next);
  }
  return { facts, order };
}
