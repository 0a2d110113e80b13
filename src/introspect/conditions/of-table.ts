import { withColumn } from "../../postgres/domain-condition.js";
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
