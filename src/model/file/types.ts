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

/** The type of a text such as `numeric(10,2)`; undefined for one that columns cannot have. */
export function parseType(text: string): SqlType | undefined {
  const name = text.trim().toLowerCase().replace(/\s+/g, " ");
  if (Object.hasOwn(NAMED, name)) return NAMED[name];
  const length = /^varchar ?\( ?(\d{1,8}) ?\)$/.exec(name);
  if (length !== null && Number(length[1]) > 0) return varchar(Number(length[1]));
  const digits = /^(?:numeric|decimal) ?\( ?(\d{1,2}) ?(?:, ?(\d{1,2}) ?)?\)$/.exec(name);
  if (digits === null) return undefined;
  const [precision, scale] = [Number(digits[1]), Number(digits[2] ?? 0)];
  return precision >= 1 && precision <= DIGITS_MAX && scale <= precision ? numeric(precision, scale) : undefined;
}

/** What a message says a type may be. */
export const TYPES_TEXT = `${Object.keys(NAMED).join(", ")}, varchar(n), "numeric(p,s)" in quotes and of up to ${DIGITS_MAX} digits, enum`;
