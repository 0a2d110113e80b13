import { withNulls } from "../columns.js";
import type { DraftTable } from "../draft.js";
import { branchesOf, type Condition } from "./condition.js";
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
