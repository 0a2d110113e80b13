import type { Column } from "../../columns/column.js";
import type { SqlType } from "../../core/sql-type.js";

/** A column as plans and previews show it. */
export function columnAnswer([name, column]: readonly [string, Column]) {
  const { type, references, about } = column;
  return { name, type: typeText(type), references: references?.entity ?? null, about: about ?? null };
}

/** A type as Postgres writes it. */
function typeText(type: SqlType): string {
  if (type.name === "numeric") return `numeric(${type.precision},${type.scale})`;
  if (type.name === "varchar") return `varchar(${type.length})`;
  return type.name === "enum" ? type.type : type.name;
}
