import { powerOf10 } from "../core/sql-type.js";
import { parseType } from "../model/file/types.js";
import type { CatalogColumn } from "./catalog.js";

/** How a column's values are made: what its type is to the vocabulary. */
export type Family =
  | "whole"
  | "decimal"
  | "double"
  | "bool"
  | "text"
  | "fixed"
  | "bytes"
  | "enum"
  | "uuid"
  | "jsonb"
  | "json"
  | "date"
  | "moment"
  | "texts"
  | "written";

/** What a column's type is to the vocabulary, and how a model file writes it. */
export interface ColumnType {
  readonly family: Family;
  /** As a model file writes it beside a kind that could make several. */
  readonly type: string;
  /** Of whole numbers and decimals, the largest value. */
  readonly largest: number;
  /** Of texts, in characters; Infinity where nothing bounds it. */
  readonly length: number;
  /** Digits behind the point. */
  readonly scale: number;
}

const SHORT: readonly (readonly [RegExp, string])[] = [
  [/^timestamp(\(\d\))? with time zone/, "timestamptz$1"],
  [/^timestamp(\(\d\))? without time zone/, "timestamp$1"],
  [/^time(\(\d\))? with time zone/, "timetz$1"],
  [/^time(\(\d\))? without time zone/, "time$1"],
  [/^character varying/, "varchar"],
  [/^character/, "bpchar"],
  [/^double precision/, "float8"],
  [/^bit varying/, "varbit"],
  [/^interval .*/, "interval"],
  [/^"char"/, 'pg_catalog."char"'],
];

/** A type as a model file writes it, of what `format_type` gives. */
export function shortType(type: string): string {
  for (const [pattern, short] of SHORT) if (pattern.test(type)) return type.replace(pattern, short);
  return type;
}

const WHOLE: Readonly<Record<string, readonly [string, number]>> = {
  smallint: ["int2", 32_767],
  integer: ["int4", 2_147_483_647],
  bigint: ["int8", Number.MAX_SAFE_INTEGER],
  oid: ["int4", 2_147_483_647],
};

const DIGITS_MAX = 15;

/** What a column's type is to the vocabulary. Types that are sent as another one's bytes are made as that one. */
export function typeOf({ base, category, length, precision, scale }: CatalogColumn): ColumnType {
  const plain = { largest: Number.MAX_SAFE_INTEGER, length: Infinity, scale: 0 };
  const short = shortType(base);
  if (category === "enum") return { ...plain, family: "enum", type: "text" };
  if (Object.hasOwn(WHOLE, base)) {
    const [type, largest] = WHOLE[base];
    return { ...plain, family: "whole", type, largest };
  }
  if (base === "text[]") return { ...plain, family: "texts", type: "text[]" };
  if (category === "array") return { ...plain, family: "written", type: short };
  if (/^numeric/.test(base)) {
    const places = Math.max(0, scale ?? 2);
    // Postgres gives a value as many digits as its type has: with so many, there is no room for others.
    if (places > DIGITS_MAX - 2) return { ...plain, family: "written", type: short };
    const whole = Math.min(DIGITS_MAX - places, Math.max(1, (precision ?? DIGITS_MAX) - places));
    const isFraction = precision !== null && scale !== null && scale >= precision;
    return {
      ...plain,
      family: "decimal",
      type: `numeric(${isFraction ? places : whole + places},${places})`,
      largest: isFraction ? 0.9 : powerOf10(whole) - 1,
      scale: places,
    };
  }
  if (/^character varying/.test(base)) {
    return {
      ...plain,
      family: "text",
      type: length === null ? "text" : `varchar(${length})`,
      length: length ?? Infinity,
    };
  }
  if (/^character/.test(base))
    return { ...plain, family: "fixed", type: `varchar(${length ?? 1})`, length: length ?? 1 };
  if (base === "name") return { ...plain, family: "text", type: "varchar(63)", length: 63 };
  if (base === "text" || /(^|\.)citext$/.test(base)) return { ...plain, family: "text", type: "text" };
  if (/^timestamp/.test(base)) return { ...plain, family: "moment", type: short.replace(/ .*/, "") };
  const named: Readonly<Record<string, readonly [Family, string]>> = {
    boolean: ["bool", "bool"],
    uuid: ["uuid", "uuid"],
    jsonb: ["jsonb", "jsonb"],
    json: ["json", "text"],
    date: ["date", "date"],
    bytea: ["bytes", "text"],
    "double precision": ["double", "float8"],
  };
  if (Object.hasOwn(named, base)) return { ...plain, family: named[base][0], type: named[base][1] };
  // A type that has an encoder here, or is not known at all, is named with its schema.
  const isOther = parseType(short)?.name === "other";
  return { ...plain, family: "written", type: isOther || short.includes(".") ? short : `pg_catalog.${short}` };
}

/** Values as Postgres reads them, by types that are written out. */
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  real: Array.from({ length: 60 }, (_, i) =>
    String(i < 20 ? i / 4 : i < 40 ? 5 + (i - 20) * 2.5 : 60 + (i - 40) * 12.5),
  ),
  xid: ["3", "4", "1000"],
  xid8: ["3", "4", "1000"],
  cid: ["0", "1"],
  tid: ["(0,1)", "(0,2)", "(7,3)"],
  pg_snapshot: ["10:20:10,14,15", "3:3:"],
  money: ["0.99", "4.50", "9.90", "19.99", "25.00", "49.95", "120.00", "1500.00"],
  interval: ["15 minutes", "1 hour", "8 hours", "1 day", "7 days", "14 days", "1 mon", "3 mons", "1 year"],
  time: ["06:30:00", "08:00:00", "09:15:00", "11:45:00", "13:00:00", "15:30:00", "17:00:00", "19:45:00", "22:10:00"],
  timetz: ["06:30:00+00", "08:00:00+01", "12:00:00+00", "17:30:00-05", "22:10:00+02"],
  "pg_catalog.inet": Array.from({ length: 50 }, (_, i) => `${["192.0.2", "198.51.100", "203.0.113"][i % 3]}.${i + 1}`),
  cidr: ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"],
  macaddr: Array.from({ length: 16 }, (_, i) => `00:00:5e:00:53:${i.toString(16).padStart(2, "0")}`),
  macaddr8: ["00:00:5e:ff:fe:00:53:01", "00:00:5e:ff:fe:00:53:02", "00:00:5e:ff:fe:00:53:03"],
  bit: ["0", "1"],
  varbit: ["0", "1", "10", "101", "1100"],
  tsvector: ["'blue':1 'chair':2", "'red':1 'table':2", "'lamp':1 'small':2"],
  tsquery: ["'blue' & 'chair'", "'lamp' | 'table'"],
  xml: ["<item>1</item>", "<item>2</item>", "<list><item>3</item></list>"],
  jsonpath: ["$.a", "$.items[*].id"],
  point: ["(0,0)", "(1,2)", "(3.5,-1)", "(52.5,13.4)"],
  line: ["{1,-1,0}", "{0,1,2}"],
  lseg: ["[(0,0),(1,1)]", "[(1,2),(3,4)]"],
  box: ["(1,1),(0,0)", "(3,4),(1,2)"],
  path: ["[(0,0),(1,1),(2,0)]", "((0,0),(1,1),(2,0))"],
  polygon: ["((0,0),(1,1),(2,0))", "((0,0),(0,2),(2,2),(2,0))"],
  circle: ["<(0,0),1>", "<(2,3),4>"],
  pg_lsn: ["0/0", "16/B374D848"],
  'pg_catalog."char"': ["a", "b", "c"],
  int4range: ["[1,10)", "[10,20)", "[5,100)"],
  int8range: ["[1,10)", "[10,20)", "[5,100)"],
  numrange: ["[0.5,1.5)", "[1,10)"],
  daterange: ["[2024-01-01,2024-02-01)", "[2024-06-01,2024-07-01)", "[2025-01-01,2025-12-31)"],
  tsrange: ["[2024-01-01 00:00:00,2024-02-01 00:00:00)", "[2025-01-01 00:00:00,2025-02-01 00:00:00)"],
  tstzrange: ["[2024-01-01 00:00:00+00,2024-02-01 00:00:00+00)", "[2025-01-01 00:00:00+00,2025-02-01 00:00:00+00)"],
  int4: ["1", "2", "3", "5", "8", "13"],
  integer: ["1", "2", "3", "5", "8", "13"],
  bigint: ["1", "2", "3", "5", "8", "13"],
  smallint: ["1", "2", "3", "5"],
  numeric: ["0.5", "1.25", "10", "99.99"],
  boolean: ["true", "false"],
  uuid: ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"],
  json: ['{"a": 1}', '{"b": [1, 2]}', "{}"],
  jsonb: ['{"a": 1}', '{"b": [1, 2]}', "{}"],
  date: ["2024-01-01", "2024-06-15", "2025-03-31"],
  timestamptz: ["2024-01-01 00:00:00+00", "2025-06-01 12:00:00+00"],
  timestamp: ["2024-01-01 00:00:00", "2025-06-01 12:00:00"],
  float8: ["0.5", "1.25", "10"],
  text: ["red", "green", "blue", "white", "black"],
  varchar: ["red", "green", "blue"],
  bpchar: ["r", "g", "b"],
  bytea: ["\\x00ff", "\\xdeadbeef"],
  hstore: ['"color"=>"red"', '"color"=>"blue", "size"=>"10"'],
  ltree: ["top", "top.science", "top.science.physics", "top.arts"],
  cube: ["(1,2,3)", "(0,0,0)"],
};

/** Texts that types nobody knows may read; which of them do, the server says. */
const GUESSES: readonly string[] = [
  "1",
  "2",
  "3",
  "a",
  "b",
  "(1)",
  "(1,1)",
  "(a,b)",
  "(1,a)",
  "{}",
  "()",
  "",
  "0",
  "(,)",
];

/** Literals that a type may take, as Postgres reads them: known ones, or guesses that the server has to judge. */
export function samplesOf(type: string): { readonly literals: readonly string[]; readonly isKnown: boolean } {
  const element = type.replace(/(\[\])+$/, "");
  if (element !== type) {
    const { literals, isKnown } = samplesOf(element);
    const quoted = literals.map((text) => `"${text.replace(/[\\"]/g, "\\$&")}"`);
    return {
      literals: ["{}", ...quoted.map((one, i) => `{${quoted.slice(i, i + 1 + (i % 3)).join(",") || one}}`)],
      isKnown,
    };
  }
  const name = type.replace(/\(.*\)$/, "");
  const plain = name.split(".").at(-1)!;
  const known = SAMPLES[name] ?? SAMPLES[plain];
  if (plain === "bit") {
    const length = Number(/\((\d+)\)/.exec(type)?.[1] ?? 1);
    return { literals: ["0", "1"].map((bit) => bit.repeat(length)), isKnown: true };
  }
  return known === undefined ? { literals: GUESSES, isKnown: false } : { literals: known, isKnown: true };
}
