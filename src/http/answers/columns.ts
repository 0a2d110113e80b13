import type { SqlType } from "../../core/sql-type.js";
import { type Entity, storedColumns } from "../../model/entity.js";

/** An entity's columns as plans and previews show them. */
export function columnAnswers(entity: Entity) {
  return storedColumns(entity).map(([name, { type, about }]) => {
    const key = entity.foreignKeys.find(({ columns }) => columns.includes(name));
    return { name, type: typeText(type), references: key?.target ?? null, about: about ?? null };
  });
}

/** A type as Postgres writes it. */
function typeText(type: SqlType): string {
  if (type.name === "numeric") return `numeric(${type.precision},${type.scale})`;
  if (type.name === "varchar") return `varchar(${type.length})`;
  return type.name === "enum" ? type.type : type.name;
}
