import type { Column } from "../../../columns/column.js";
import { type SqlType, typeText } from "../../../core/sql-type.js";
import { SeedBulkError } from "../../../errors.js";
import { type Entity, storedColumns, tableColumns } from "../../../model/entity.js";
import { quoteIdentifier, quoteLiteral } from "../../../postgres/identifiers.js";
import type { CheckContext } from "../../context.js";
import type { CatalogColumn } from "./catalog.js";

/** How the columns differ from those that the entity declares, their order and what is beside them included. */
export function columnProblems(context: CheckContext, entity: Entity, found: readonly CatalogColumn[]): string[] {
  const wanted = tableColumns(entity);
  const names = wanted.map(([name]) => name);
  const order = found.map(({ name }) => name);
  const isSameSet = names.length === order.length && names.every((name) => order.includes(name));
  return [
    ...wanted.flatMap(([name, declared]) => {
      const { type, nullable } = declared;
      const column = found.find((candidate) => candidate.name === name);
      if (column === undefined) return [`no column ${name}`];
      return [
        ...typeProblems(context, type, column),
        ...nullProblems(nullable, column),
        ...sourceProblems(declared, column),
      ];
    }),
    ...order.filter((name) => !names.includes(name)).map((name) => `expected no column ${name}, found one`),
    ...(isSameSet && order.join() !== names.join()
      ? [`expected the columns in the order ${names.join(", ")}, found ${order.join(", ")}`]
      : []),
  ];
}

function typeProblems({ schema }: CheckContext, type: SqlType, column: CatalogColumn): string[] {
  const { name, found } = { name: column.name, found: column.type };
  if (type.name === "other") return otherTypeProblems(type.sql, column);
  const expected = catalogType(type);
  const typeSchema = type.name === "enum" ? schema : "pg_catalog";
  if (found !== expected.name) return [`the type of ${name}: expected ${expected.name}, found ${found}`];
  if (column.typeSchema !== typeSchema) {
    return [`the type of ${name}: expected ${expected.name} of ${typeSchema}, found that of ${column.typeSchema}`];
  }
  if (column.modifier !== expected.modifier) {
    return [`the type of ${name}: expected ${typeText(type)}, found ${column.typeText}`];
  }
  return column.isPlainlyCollated ? [] : [`${name}: expected the type's own collation, found another`];
}

/** Names of types that Postgres shows otherwise. */
const SHOWN_AS: Readonly<Record<string, string>> = {
  float4: "real",
  varchar: "character varying",
  char: "character",
  bit: "bit",
  varbit: "bit varying",
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  bool: "boolean",
  float8: "double precision",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
  timetz: "time with time zone",
  time: "time without time zone",
};

/** A type by its name in SQL, and its modifiers; of one with a schema, by what stands behind the point. */
function otherTypeProblems(sql: string, { name, typeText: found }: CatalogColumn): string[] {
  const bare = (text: string): string => text.replace(/\s*([(),])\s*/g, "$1").replace(/^.*\./, "");
  const [, base, rest] = /^([a-z0-9_.$]+)(.*)$/.exec(bare(sql)) ?? [undefined, sql, ""];
  const dimensionless = rest.replace(/(\[\])+$/, "[]");
  // A character without a length has one.
  const length =
    base === "char" && !rest.startsWith("(") ? "(1)" : base === "bit" && !rest.startsWith("(") ? "(1)" : "";
  const expected = `${SHOWN_AS[base] ?? base}${length}${dimensionless}`;
  return expected === bare(found) ? [] : [`the type of ${name}: expected ${expected}, found ${found}`];
}

/** A type as pg_type and pg_attribute have it: a precision, a scale and a length are packed into the modifier. */
function catalogType(type: SqlType): { readonly name: string; readonly modifier: number } {
  if (type.name === "numeric") return { name: "numeric", modifier: ((type.precision << 16) | type.scale) + 4 };
  if (type.name === "varchar") return { name: "varchar", modifier: type.length + 4 };
  if (type.name === "enum") return { name: type.type, modifier: -1 };
  return { name: type.name === "text[]" ? "_text" : type.name, modifier: -1 };
}

/** A primary key makes its columns NOT NULL, whatever they were declared. */
function nullProblems(nullable: boolean | undefined, { name, isNotNull }: CatalogColumn): string[] {
  if (isNotNull === !nullable) return [];
  return [nullable ? `${name}: expected to allow NULL, found NOT NULL` : `${name}: expected NOT NULL, found nullable`];
}

/** What a default or a generated column's expression is, Postgres writes in its own way: its values are looked at. */
function sourceProblems(wanted: Column, column: CatalogColumn): string[] {
  const { name, identity, generated, defaultText } = column;
  const made = wanted.database;
  const letters = {
    identity: wanted.identity === "always" ? "a" : wanted.identity ? "d" : "",
    generated: made?.kind === "generated" ? (made.isVirtual ? "v" : "s") : "",
  };
  const isWanted =
    identity === letters.identity && generated === letters.generated && (defaultText !== null) === (made !== undefined);
  if (isWanted) return [];
  const expected = wanted.identity
    ? `GENERATED ${wanted.identity === "always" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`
    : made === undefined
      ? "no default"
      : made.kind === "default"
        ? `DEFAULT ${made.sql}`
        : `GENERATED ALWAYS AS (${made.sql})`;
  return [`${name}: expected ${expected}, found ${sourceOf({ identity, generated, defaultText })}`];
}

function sourceOf(column: Pick<CatalogColumn, "identity" | "generated" | "defaultText">): string {
  const { identity, generated, defaultText } = column;
  if (identity !== "") return `GENERATED ${identity === "a" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`;
  if (generated !== "") return `GENERATED ALWAYS AS (${defaultText})`;
  return defaultText === null ? "neither identity nor default" : `DEFAULT ${defaultText}`;
}

/** How the labels of the entity's enum types differ: which there are, and in which order. */
export function enumProblems(entity: Entity, found: ReadonlyMap<string, readonly string[]>): string[] {
  const types = new Map(
    storedColumns(entity).flatMap(([, { type }]) => (type.name === "enum" ? [[type.type, type.labels] as const] : [])),
  );
  const list = (labels: readonly string[]): string => `(${labels.map(quoteLiteral).join(", ")})`;
  return [...types].flatMap(([name, labels]) => {
    const there = found.get(name);
    if (there === undefined) return [`no enum type ${name}`];
    const [expected, is] = [list(labels), list(there)];
    return expected === is ? [] : [`the labels of ${name}: expected ${expected}, found ${is}`];
  });
}

/**
 * How the identities' sequences differ: what they are, and the value that a load leaves them at.
 * @throws SeedBulkError SB_DATABASE_AUTH where the role may not read one
 */
export function sequenceProblems(context: CheckContext, entity: Entity, found: readonly CatalogColumn[]): string[] {
  const planned = context.planned.get(entity.name);
  if (planned === undefined) return [];
  const last = planned.rows === 0 ? null : String(planned.idEnd - 1);
  const text = (value: string | null): string => (value === null ? "unused" : `at ${value}`);
  return storedColumns(entity).flatMap(([name, { identity }]) => {
    const column = found.find((candidate) => candidate.name === name);
    // That there is no identity is said of the column.
    if (!identity || column === undefined || column.identity === "") return [];
    const { lastValue, isSequenceReadable, sequenceOddity } = column;
    if (!isSequenceReadable) throw unreadable(context.schema, `${entity.name}.${name}`);
    return [
      ...(sequenceOddity === null ? [] : [`the sequence of ${name}: expected from 1 by 1, found ${sequenceOddity}`]),
      ...(lastValue === last ? [] : [`the sequence of ${name}: expected ${text(last)}, found ${text(lastValue)}`]),
    ];
  });
}

/** A right that is lacking says nothing of the data. */
function unreadable(schema: string, column: string): SeedBulkError {
  return new SeedBulkError("SB_DATABASE_AUTH", `the role may not read the sequence of ${column}`, {
    hint: `An owner or a superuser can GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${quoteIdentifier(schema)} to it.`,
  });
}
