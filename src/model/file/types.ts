import {
  BOOL,
  DATE,
  FLOAT8,
  INET,
  INT2,
  INT4,
  INT8,
  JSONB,
  numeric,
  type SqlType,
  TEXT,
  TEXT_ARRAY,
  TIMESTAMP,
  TIMESTAMPTZ,
  UUID,
  varchar,
} from "../../core/sql-type.js";

/** Types by the names that Postgres knows them by. */
const NAMED: Readonly<Record<string, SqlType>> = {
  int2: INT2,
  smallint: INT2,
  int4: INT4,
  int: INT4,
  integer: INT4,
  int8: INT8,
  bigint: INT8,
  float8: FLOAT8,
  "double precision": FLOAT8,
  bool: BOOL,
  boolean: BOOL,
  text: TEXT,
  "text[]": TEXT_ARRAY,
  jsonb: JSONB,
  uuid: UUID,
  inet: INET,
  date: DATE,
  timestamp: TIMESTAMP,
  timestamptz: TIMESTAMPTZ,
};

const DIGITS_MAX = 15;

/**
 * Postgres's own types that have no encoder here, by their names in SQL: their values are written out, as words that a
 * column picks from, and the server gives their binary forms.
 */
const WRITTEN_OUT = new Set(
  [
    "oid float4 real money bpchar name bytea time timetz interval json jsonpath xml cidr macaddr macaddr8 varbit tsvector",
    "tsquery point line lseg box path polygon circle pg_lsn int4range int8range numrange tsrange tstzrange daterange",
    "int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange regclass bit char character",
    "varchar numeric",
  ]
    .join(" ")
    .split(" "),
);

/** A type of an extension or of one's own, with its schema: `public.citext`. */
const QUALIFIED = /^([a-z_][a-z0-9_$]*|"[^"]+")\.([a-z_][a-z0-9_$]*|"[^"]+")( ?\(\d{1,8}(, ?\d{1,8})?\))?$/;

/** The type of a text such as `numeric(10,2)`; undefined for one that columns cannot have. */
export function parseType(text: string): SqlType | undefined {
  // What stands in quotes is called so.
  const name = text.includes('"') ? text.trim() : text.trim().toLowerCase().replace(/\s+/g, " ");
  if (Object.hasOwn(NAMED, name)) return NAMED[name];
  const length = /^varchar ?\( ?(\d{1,8}) ?\)$/.exec(name);
  if (length !== null && Number(length[1]) > 0) return varchar(Number(length[1]));
  const moment = /^(timestamp|timestamptz) ?\( ?([0-6]) ?\)$/.exec(name);
  if (moment !== null) return { name: moment[1] as "timestamp" | "timestamptz", precision: Number(moment[2]) };
  const digits = /^(?:numeric|decimal) ?\( ?(\d{1,2}) ?(?:, ?(\d{1,2}) ?)?\)$/.exec(name);
  if (digits === null) return writtenOut(name);
  const [precision, scale] = [Number(digits[1]), Number(digits[2] ?? 0)];
  if (precision < 1 || scale > precision) return undefined;
  return precision <= DIGITS_MAX ? numeric(precision, scale) : { name: "other", sql: name };
}

function writtenOut(name: string): SqlType | undefined {
  const element = name.replace(/(\[\])+$/, "");
  const [base] = element.split("(");
  const isModified = /^[a-z0-9_]+ ?\( ?\d{1,8} ?(, ?\d{1,4} ?)?\)$/.test(element);
  const isKnown = WRITTEN_OUT.has(element) || (isModified && WRITTEN_OUT.has(base.trim()));
  const isArrayOfOurs = element !== name && parseType(element) !== undefined;
  return isKnown || isArrayOfOurs || QUALIFIED.test(element) ? { name: "other", sql: name } : undefined;
}

/** What a message says a type may be. */
export const TYPES_TEXT = `${Object.keys(NAMED).join(", ")}, varchar(n), "numeric(p,s)" in quotes, enum; with values that are written out any other of Postgres's own, arrays, and types with their schema such as public.citext`;
