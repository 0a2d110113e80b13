import type { CatalogForeignKey } from "./catalog.js";
import type { DraftTable } from "./draft.js";

/** Keys that are followed from table to table. */
export const STEPS_MAX = 10;

/** Whether any row of a table, by its own foreign keys, has in some columns a key's target: then so has who copies them. */
export function isMetBy(
  table: DraftTable,
  columns: readonly string[],
  key: CatalogForeignKey,
  steps = STEPS_MAX,
): boolean {
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
export function isMixed({ columns }: DraftTable, key: CatalogForeignKey): boolean {
  const optional = key.columns.filter((column) => columns.get(column)?.catalog.notNull === false);
  return optional.length > 0 && optional.length < key.columns.length;
}

/** Whether what a key leads to has one of the key's columns from the table itself, which is told by it, not to. */
export function leadsBack(table: DraftTable, key: CatalogForeignKey, target: DraftTable): boolean {
  return key.columns.some((column, at) => {
    const own = { ...key, target: table.catalog.oid, targetColumns: [column] };
    return isMetBy(target, [key.targetColumns[at]], own);
  });
}

/** Whether a key's columns are among those of the table's own primary key. */
export function coversKey({ catalog }: DraftTable, key: CatalogForeignKey): boolean {
  const primary = catalog.keys.find(({ isPrimary }) => isPrimary);
  return primary?.columns.some((column) => key.columns.includes(column)) === true;
}

/** Whether a key's columns hold a whole key of the table's. */
export function holdsKey({ catalog }: DraftTable, key: CatalogForeignKey): boolean {
  return catalog.keys.some(
    ({ columns, predicate }) =>
      predicate === null && columns.length > 0 && columns.every((column) => key.columns.includes(column)),
  );
}

/** Whether a key leads from a row to the row itself, which it then always does. */
export function isToItself({ catalog }: DraftTable, { target, columns, targetColumns }: CatalogForeignKey): boolean {
  return target === catalog.oid && columns.every((column, at) => column === targetColumns[at]);
}
