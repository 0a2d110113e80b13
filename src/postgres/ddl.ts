import { type SqlType, typeText } from "../core/sql-type.js";
import { assert } from "../errors.js";
import { type Entity, placeOf, storedColumns, tableColumns } from "../model/entity.js";
import { qualified, quoteIdentifier, quoteLiteral } from "./identifiers.js";

/** Statements that make the schema, its enum types and its tables, without keys or indexes. */
export function createStatements(
  schema: string,
  entities: readonly Entity[],
  {
    unlogged = false,
    typesThere = [],
    isSchemaThere = false,
  }: { readonly unlogged?: boolean; readonly typesThere?: readonly string[]; readonly isSchemaThere?: boolean } = {},
): string[] {
  return [
    // IF NOT EXISTS asks for the right to CREATE on the database although there is nothing to make.
    ...(isSchemaThere ? [] : [`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`]),
    ...enumTypes(entities)
      .filter(([type]) => !typesThere.includes(type))
      .map(
        ([type, labels]) => `CREATE TYPE ${qualified(schema, type)} AS ENUM (${labels.map(quoteLiteral).join(", ")})`,
      ),
    ...entities.flatMap((entity) => [createTable(schema, entity, unlogged), ...comments(schema, entity)]),
  ];
}

/** The entities' enum types with their labels; several columns may share one. */
function enumTypes(entities: readonly Entity[]): [string, readonly string[]][] {
  const types = new Map<string, readonly string[]>();
  for (const entity of entities) {
    for (const [, { type }] of storedColumns(entity)) {
      if (type.name !== "enum") continue;
      const known = types.get(type.type);
      assert(known === undefined || known.join() === type.labels.join(), `enum ${type.type} has one list of labels`);
      types.set(type.type, type.labels);
    }
  }
  return [...types];
}

function createTable(schema: string, entity: Entity, unlogged: boolean): string {
  const columns = tableColumns(entity).map(([name, column]) => {
    const notNull = column.nullable ? "" : " NOT NULL";
    return `  ${quoteIdentifier(name)} ${typeName(schema, column.type)}${sourceOf(column)}${notNull}`;
  });
  return `CREATE ${unlogged ? "UNLOGGED " : ""}TABLE ${tableName(schema, entity)} (\n${columns.join(",\n")}\n)`;
}

/** Where a column's values come from, where rows do not bring them or may not. */
function sourceOf({ identity, database }: Entity["columns"][string]): string {
  if (identity) return ` GENERATED ${identity === "always" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`;
  if (database === undefined) return "";
  if (database.kind === "default") return ` DEFAULT ${database.sql}`;
  return ` GENERATED ALWAYS AS (${database.sql}) ${database.isVirtual ? "VIRTUAL" : "STORED"}`;
}

function comments(schema: string, entity: Entity): string[] {
  const table = tableName(schema, entity);
  const columns = tableColumns(entity).flatMap(([name, { comment }]) =>
    comment === undefined ? [] : [`COMMENT ON COLUMN ${table}.${quoteIdentifier(name)} IS ${quoteLiteral(comment)}`],
  );
  return [`COMMENT ON TABLE ${table} IS ${quoteLiteral(entity.comment)}`, ...columns];
}

/** An entity's table, quoted. */
export function tableName(schema: string, entity: Entity): string {
  const place = placeOf(entity, schema);
  return qualified(place.schema, place.name);
}

/** An entity's own rows, for FROM. */
export function ownRows(schema: string, entity: Entity): string {
  return `${entity.relation?.only ? "ONLY " : ""}${tableName(schema, entity)}`;
}

/** A type as DDL writes it. */
export function typeName(schema: string, type: SqlType): string {
  return type.name === "enum" ? qualified(schema, type.type) : typeText(type);
}
