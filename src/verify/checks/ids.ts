import type { CheckContext } from "../context.js";

/** The column of an entity that holds the plan's IDs; undefined where it has none, such as a table of pairs. */
export function idColumn({ universe }: CheckContext, entity: string): string | undefined {
  return Object.entries(universe.entity(entity).columns).find(([, { identity, hidden }]) => identity && !hidden)?.[0];
}

/** Whether that column is the primary key: then one scan counts the rows and looks for IDs that are there twice. */
export function isKeyOfIds(context: CheckContext, entity: string): boolean {
  const { primaryKey } = context.universe.entity(entity);
  return primaryKey.length === 1 && primaryKey[0] === idColumn(context, entity);
}
