import { quoteIdentifier } from "./identifiers.js";

/** A domain's condition, said of a column. */
export function withColumn(expression: string, column: string): string {
  const name = quoteIdentifier(column);
  return expression.replace(/'(?:[^']|'')*'|\bVALUE\b/g, (part) => (part === "VALUE" ? name : part));
}
