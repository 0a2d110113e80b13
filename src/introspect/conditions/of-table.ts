import type { DraftTable } from "../draft.js";
import type { Condition } from "./condition.js";

/** Reads a condition. */
export type Read = (expression: string) => Condition;

/** A table's CHECKs and the conditions of its columns' domains. */
export function conditionsOf({ catalog, columns }: DraftTable, read: Read): Condition[] {
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
