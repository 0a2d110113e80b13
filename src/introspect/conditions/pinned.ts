import { quoteLiteral } from "../../postgres/identifiers.js";
import { asMapping, ruleContext, withNulls, withoutNulls } from "../columns.js";
import type { DraftTable } from "../draft.js";
import { rowNumber } from "../rules.js";
import { type Branch, branchesOf, type Condition } from "./condition.js";
import { conditionsOf, type Read } from "./of-table.js";
import { choiceOf } from "./values.js";

/** Rows of a look-up table that are few enough to be known one by one. */
const KNOWN_MAX = 200;

/**
 * Has columns that conditions pin to values hold values themselves, where they refer to a look-up table all of whose keys
 * are known: a link leads anywhere.
 * @returns what its keys ask of them
 */
export function unlinkPinned(table: DraftTable, conditions: readonly Condition[], read: Read): Condition[] {
  const pinned = new Set(pinsOf(conditions).map(({ column }) => column));
  return [...pinned].flatMap((name): Condition[] => {
    const covered = table.covered.get(name);
    if (covered === undefined || covered.link.foreignKey.columns.length !== 1) return [];
    const { target } = covered.link;
    const isFree = target.firsts.has(covered.column) && !isBound(table, name, conditions);
    const values = isFree ? undefined : knownValues(target, covered.column, read);
    if (values === undefined) return [];
    const column = table.columns.get(name)!;
    table.covered.delete(name);
    if (target === table) table.links.delete(covered.link.name);
    else covered.link.isIdle = true;
    column.isSettled = false;
    column.declared = withNulls(choiceOf(column, values), column);
    return [{ kind: "in", column: name, values, isIn: true }];
  });
}

/** The parts of conditions that name values of a column. */
function pinsOf(conditions: readonly Condition[]): Extract<Condition, { readonly kind: "in" }>[] {
  return conditions.flatMap((condition) =>
    branchesOf(condition).flatMap((branch) => branch.filter((part) => part.kind === "in")),
  );
}

/**
 * Whether conditions leave a column that is read through a link no values but those that they name. Of a tree, whose roots
 * lead nowhere as they must, it is enough that they name one.
 */
function isBound({ covered, catalog }: DraftTable, name: string, conditions: readonly Condition[]): boolean {
  const isNamed = (branch: Branch): boolean =>
    branch.some((part) => part.kind === "in" && part.column === name && part.isIn);
  const isNothing = (branch: Branch): boolean =>
    branch.some((part) => part.kind === "null" && part.column === name && part.isNull);
  const isTree = covered.get(name)?.link.foreignKey.target === catalog.oid;
  return conditions.some((condition) => {
    const branches = branchesOf(condition);
    return branches.some(isNamed) && (isTree || branches.every((branch) => isNamed(branch) || isNothing(branch)));
  });
}

/**
 * Has a table that others refer to by values which they name have these in its first rows: the root of all scopes, the
 * tenant of a partition.
 */
export function askForFirsts(table: DraftTable, read: Read): void {
  const conditions = conditionsOf(table, read);
  for (const { column, values, isIn } of pinsOf(conditions)) {
    const covered = table.covered.get(column);
    if (
      !isIn ||
      !isBound(table, column, conditions) ||
      covered === undefined ||
      covered.link.foreignKey.columns.length !== 1
    )
      continue;
    const { target } = covered.link;
    const theirs = target.columns.get(covered.column);
    const isMade = theirs !== undefined && !target.covered.has(covered.column) && FAMILIES.has(theirs.type.family);
    if (!isMade || knownValues(target, covered.column, read) !== undefined) continue;
    const all = new Set([...(target.firsts.get(covered.column) ?? []), ...values]);
    if (all.size <= KNOWN_MAX) target.firsts.set(covered.column, [...all]);
  }
}

/** Values that an expression of a model file can name. */
const FAMILIES: ReadonlySet<string> = new Set(["text", "whole"]);

/** Has the first rows of a table have the values by which others refer to them; once all of them differ. */
export function meetFirsts(table: DraftTable): void {
  for (const [name, values] of table.firsts) {
    const column = table.columns.get(name)!;
    const context = ruleContext(table, column);
    const isText = column.type.family === "text";
    const { type: _type, ...usual } = asMapping(withoutNulls(column.declared)) as { readonly type?: string };
    // Numbers behind all that are named are none of them.
    const others = isText
      ? context.hidden("_usual", usual)
      : `${rowNumber(context)} + ${Math.max(0, ...values.map(Number))}`;
    const cases = values.map((value, at) => `when ${at + 1} then ${isText ? quoteLiteral(value) : value}`);
    column.declared = {
      expr: `case ${rowNumber(context)} ${cases.join(" ")} else ${others} end`,
      ...(column.type.type !== "text" && { type: column.type.type }),
    };
    column.why = "values that other tables refer to come first";
    table.size = Math.max(table.size, values.length);
  }
}

/** All values that a look-up table's key has; undefined where they are not known. */
function knownValues(target: DraftTable, name: string, read: Read): readonly string[] | undefined {
  const at = target.kept?.columns.indexOf(name) ?? -1;
  if (target.kept !== undefined) {
    const { rows } = target.kept;
    return at < 0 || rows.length > KNOWN_MAX ? undefined : rows.flatMap((row) => row[at] ?? []);
  }
  if (target.covered.has(name)) return undefined;
  const firsts = target.firsts.get(name);
  if (firsts !== undefined) return firsts;
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
