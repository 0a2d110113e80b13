import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { from as copyFrom } from "pg-copy-streams";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dictionaryOf } from "../../src/core/dictionary.js";
import * as sql from "../../src/core/sql-type.js";
import { clearNulls, numberVector, setNull, textVector, type Vector, wordVector } from "../../src/core/vectors.js";
import { encodeTextArray } from "../../src/encode/copy-binary.js";
import { COPY_TEXT } from "../../src/encode/copy-text.js";
import { CSV, csvHeader } from "../../src/encode/csv.js";
import type { Dialect } from "../../src/encode/dialect.js";
import { JSONL } from "../../src/encode/jsonl.js";
import { ParquetEncoder } from "../../src/encode/parquet/parquet-encoder.js";
import { textRowsEncoder } from "../../src/encode/text-rows.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

type Payload = Uint8Array | string | null;

function numbers(values: readonly (number | null)[]): Vector {
  const vector = numberVector();
  clearNulls(vector);
  values.forEach((value, i) => {
    if (value === null) setNull(vector.nulls, i);
    else vector.values[i] = value;
  });
  return vector;
}

function texts(values: readonly Payload[]): Vector {
  const vector = textVector();
  let end = 0;
  values.forEach((value, i) => {
    vector.offsets[i] = end;
    if (value === null) setNull(vector.nulls, i);
    const bytes = typeof value === "string" ? Buffer.from(value) : (value ?? new Uint8Array());
    vector.bytes.set(bytes, end);
    end += bytes.length;
    vector.offsets[i + 1] = end;
  });
  return vector;
}

function words(values: readonly Payload[]): Vector {
  const vector = wordVector(dictionaryOf(values.map((value) => value ?? "")));
  values.forEach((value, i) => {
    if (value === null) setNull(vector.nulls, i);
    vector.codes[i] = i;
  });
  return vector;
}

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000;
const micros = (text: string, extra = 0): number => Date.parse(text) * 1000 + extra;
const int8 = (text: string): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(text));
  return bytes;
};
const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(/[-:]/g, ""), "hex");

/** Texts that every format has to escape somewhere. */
const TEXTS = [
  "plain",
  "",
  "a,b",
  'say "hi"',
  "\\",
  "\\N",
  "\\.",
  "two\nlines",
  "cr\r\nlf",
  "tab\there",
  " spaces ",
  "日本 🎉",
  "\u0001\b\f",
  "it's",
  "NULL",
  "null",
  null,
];
const LISTS: readonly (readonly string[] | null)[] = [
  [],
  ["a"],
  ["", "NULL", 'q"q', "back\\slash", "a,b", "{x}", "new\nline", "日本"],
  null,
];
const UUIDS = ["00000000-0000-0000-0000-000000000000", "123e4567-e89b-42d3-a456-426614174000", null];
const JSONS = [
  "{}",
  '{"a": "x,\\"y\\"", "b": [1, 2.50, null]}',
  '"\\\\ \\n"',
  "123456789012345678901234567890",
  "null",
  null,
];
const ADDRESSES = ["0.0.0.0", "192.168.10.255", "255.255.255.255", null];
const ipv4 = (text: string): number => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

/** A type, its values as vectors hold them, and as literals of Postgres. */
interface Case {
  readonly type: sql.SqlType;
  readonly typeSql: string;
  readonly vector: Vector;
  readonly literals: readonly (string | null)[];
}

const literal = (value: number | null): string | null =>
  value === null ? null : Object.is(value, -0) ? "-0" : String(value);
const arrayText = (list: readonly string[] | null): string | null =>
  list === null ? null : `{${list.map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
const bytesOrNull = <T>(values: readonly (T | null)[], encode: (value: T) => Uint8Array): (Uint8Array | null)[] =>
  values.map((value) => (value === null ? null : encode(value)));

const INTS: Record<"int2" | "int4" | "int8", readonly (number | null)[]> = {
  int2: [-32768, -1, 0, 9, 10, 32767, null],
  int4: [-2147483648, -1, 0, 99, 100, 2147483647, null],
  int8: [-(2 ** 53) + 1, -(2 ** 31), -1, 0, 2 ** 31, 2 ** 32, 9_999_999_999, 2 ** 53 - 1, null],
};
const FLOATS = [0, -0, 0.1, 1e21, Number.MAX_VALUE, Number.MIN_VALUE, -1.5, Infinity, -Infinity, NaN, null];
const DAYS = ["1970-01-01", "1969-12-31", "2024-02-29", "2000-02-29", "1900-03-01", "0001-01-01", "9999-12-31"];
const MOMENTS: readonly (readonly [number, string])[] = [
  [0, "1970-01-01 00:00:00"],
  [-1, "1969-12-31 23:59:59.999999"],
  [micros("2024-02-29T23:59:59Z", 999_999), "2024-02-29 23:59:59.999999"],
  [micros("2024-12-31T09:05:07Z", 10), "2024-12-31 09:05:07.00001"],
  [2 ** 53 - 1, "2255-06-05 23:47:34.740991"],
  [-(2 ** 53) + 1, "1684-07-28 00:12:25.259009"],
  [Infinity, "infinity"],
  [-Infinity, "-infinity"],
];

const CASES: Case[] = [
  ...(["int2", "int4", "int8"] as const).map((name) => ({
    type: { name },
    typeSql: name,
    vector: numbers(INTS[name]),
    literals: INTS[name].map(literal),
  })),
  ...[texts, words].map((vectorOf) => {
    const literals = ["-9223372036854775808", "9223372036854775807", "9007199254740993", "5", null];
    return { type: sql.INT8, typeSql: "int8", vector: vectorOf(bytesOrNull(literals, int8)), literals };
  }),
  { type: sql.FLOAT8, typeSql: "float8", vector: numbers(FLOATS), literals: FLOATS.map(literal) },
  { type: sql.BOOL, typeSql: "bool", vector: numbers([0, 1, null]), literals: ["f", "t", null] },
  ...(
    [
      [15, 0],
      [15, 1],
      [12, 2],
      [15, 15],
      [30, 4],
    ] as const
  ).map(([precision, scale]) => {
    const units = [0, 1, -1, 9, -10, 123_456_789, 999_999_999_999 * (scale === 15 ? 1 : 1), null];
    const shown = units.map((value) => (value === null ? null : `${value}e-${scale}`));
    return {
      type: sql.numeric(precision, scale),
      typeSql: `numeric(${precision},${scale})`,
      vector: numbers(units),
      literals: shown,
    };
  }),
  {
    type: sql.DATE,
    typeSql: "date",
    vector: numbers([...DAYS.map(day), day("0001-01-01") - 1, 2_932_897, Infinity, -Infinity, null]),
    literals: [...DAYS, "0001-12-31 BC", "10000-01-01", "infinity", "-infinity", null],
  },
  ...([sql.TIMESTAMP, sql.TIMESTAMPTZ] as const).map((type) => ({
    type,
    typeSql: type.name,
    vector: numbers([...MOMENTS.map(([us]) => us), null]),
    literals: [
      ...MOMENTS.map(([us, text]) => (type.name === "timestamptz" && Number.isFinite(us) ? `${text}+00` : text)),
      null,
    ],
  })),
  {
    type: sql.INET,
    typeSql: "inet",
    vector: numbers(ADDRESSES.map((text) => (text === null ? null : ipv4(text)))),
    literals: ADDRESSES,
  },
  ...[texts, words].flatMap((vectorOf) => [
    { type: sql.TEXT, typeSql: "text", vector: vectorOf(TEXTS), literals: TEXTS },
    { type: sql.varchar(40), typeSql: "varchar(40)", vector: vectorOf(TEXTS), literals: TEXTS },
    {
      type: sql.TEXT_ARRAY,
      typeSql: "text[]",
      vector: vectorOf(bytesOrNull(LISTS, encodeTextArray)),
      literals: LISTS.map(arrayText),
    },
    { type: sql.UUID, typeSql: "uuid", vector: vectorOf(bytesOrNull(UUIDS, hex)), literals: UUIDS },
    { type: sql.JSONB, typeSql: "jsonb", vector: vectorOf(JSONS), literals: JSONS },
    {
      type: sql.INET,
      typeSql: "inet",
      vector: vectorOf([Uint8Array.of(10, 0, 0, 1), hex("20010db8000000000000000000000001"), null]),
      literals: ["10.0.0.1", "2001:db8::1", null],
    },
  ]),
];

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** The rows of a case as text, each with its number, and nothing written past the measured size. */
function encode({ type, vector, literals }: Case, dialect: Dialect): Buffer {
  const count = literals.length;
  const ordinals = numbers(literals.map((_, i) => i));
  const encoder = textRowsEncoder(
    [
      { name: "n", type: sql.INT4, vector: ordinals },
      { name: "c", type, vector },
    ],
    dialect,
  );
  const size = encoder.measure(count);
  const bytes = Buffer.alloc(size + 64, 0xee);
  encoder.write(count, { bytes, view: new DataView(bytes.buffer, bytes.byteOffset) }, 0);
  expect(bytes.subarray(size).every((byte) => byte === 0xee)).toBe(true);
  expect(bytes.subarray(0, size).includes(0)).toBe(false);
  return bytes.subarray(0, size);
}

it("Postgres reads every type from CSV and from COPY text as it reads the literals", async () => {
  const client = await database.client();
  for (const found of CASES) {
    const { typeSql, literals } = found;
    const expected = await client.query(
      `SELECT v::${typeSql}::text AS c FROM unnest($1::text[]) WITH ORDINALITY AS t(v, n) ORDER BY n`,
      [literals],
    );
    for (const [dialect, options] of [
      [CSV, "WITH (FORMAT csv, HEADER match)"],
      [COPY_TEXT, ""],
    ] as const) {
      await client.query("DROP TABLE IF EXISTS t");
      await client.query(`CREATE TABLE t (n int4 NOT NULL, c ${typeSql})`);
      const stream = client.query(copyFrom(`COPY t (n, c) FROM STDIN ${options}`));
      await new Promise<void>((resolve, reject) => {
        stream.on("finish", resolve).on("error", reject);
        if (dialect === CSV) stream.write(csvHeader(["n", "c"]));
        stream.end(encode(found, dialect));
      });
      const rows = await client.query("SELECT c::text AS c FROM t ORDER BY n");
      expect(rows.rows, `${typeSql} as ${dialect.name}`).toEqual(expected.rows);
    }
  }
});

it("JSON Lines hold every type as the documents say", () => {
  const values = (match: (found: Case) => boolean): unknown[] =>
    encode(CASES.find(match)!, JSONL)
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).c);
  const named = (name: string) => values(({ type }) => type.name === name);
  expect(named("int8")).toEqual(INTS.int8);
  expect(values(({ type, vector }) => type.name === "int8" && vector.kind === "text")).toEqual([
    "-9223372036854775808",
    "9223372036854775807",
    "9007199254740993",
    5,
    null,
  ]);
  expect(named("float8")).toEqual([
    0,
    -0,
    0.1,
    1e21,
    Number.MAX_VALUE,
    Number.MIN_VALUE,
    -1.5,
    "Infinity",
    "-Infinity",
    "NaN",
    null,
  ]);
  expect(named("bool")).toEqual([false, true, null]);
  expect(values(({ typeSql }) => typeSql === "numeric(12,2)").slice(0, 4)).toEqual(["0.00", "0.01", "-0.01", "0.09"]);
  expect(named("text")).toEqual(TEXTS);
  expect(named("text[]")).toEqual(LISTS);
  expect(named("uuid")).toEqual(UUIDS);
  expect(named("inet")).toEqual(ADDRESSES);
  expect(named("jsonb")).toEqual(JSONS.map((text) => (text === null ? null : JSON.parse(text))));
  expect(named("timestamptz").slice(0, 3)).toEqual([
    "1970-01-01T00:00:00.000000Z",
    "1969-12-31T23:59:59.999999Z",
    "2024-02-29T23:59:59.999999Z",
  ]);
  expect(named("timestamp")[0]).toBe("1970-01-01T00:00:00.000000");
  expect(named("date").slice(0, 2)).toEqual(["1970-01-01", "1969-12-31"]);
});

it("a document with line breaks between its tokens stays one line", () => {
  const vector = texts(['{\n  "a": 1\r\n}']);
  const [line, rest] = encode({ type: sql.JSONB, typeSql: "jsonb", vector, literals: ["x"] }, JSONL)
    .toString()
    .split("\n");
  expect(rest).toBe("");
  expect(JSON.parse(line)).toEqual({ n: 0, c: { a: 1 } });
});

it("DuckDB reads every type from Parquet as Postgres shows it", async () => {
  const dir = mkdtempSync(join(tmpdir(), "seed-bulk-parquet-"));
  const duck = await (await DuckDBInstance.create()).connect();
  const client = await database.client();
  await client.query("SET TimeZone = 'UTC'");
  await duck.run("SET TimeZone = 'UTC'");
  try {
    for (const [place, { type, typeSql, vector, literals }] of CASES.entries()) {
      const ordinals = numbers(literals.map((_, i) => i));
      const encoder = new ParquetEncoder(
        [
          { name: "n", type: sql.INT4, vector: ordinals, nullable: false },
          { name: "c", type, vector, nullable: true },
        ],
        { name: "SNAPPY" },
      );
      encoder.add(literals.length);
      encoder.finish();
      const file = join(dir, `${place}.parquet`);
      writeFileSync(file, encoder.take());
      const shown =
        typeSql === "inet"
          ? "host(v::inet)"
          : typeSql === "text[]"
            ? "to_json(v::text[])::text"
            : `v::${typeSql}::text`;
      const expected = await client.query(
        `SELECT ${shown} AS c FROM unnest($1::text[]) WITH ORDINALITY AS t(v, n) ORDER BY n`,
        [literals],
      );
      const column = typeSql === "text[]" ? "to_json(c)::VARCHAR" : "c::VARCHAR";
      const rows = (await duck.runAndReadAll(`SELECT ${column} AS c FROM '${file}' ORDER BY n`)).getRowObjectsJson();
      const same = (value: unknown): unknown => sameText(value as string | null, type);
      expect(
        rows.map((row) => same(row["c"])),
        `${typeSql} ${vector.kind}`,
      ).toEqual(expected.rows.map(({ c }) => same(c)));
    }
  } finally {
    duck.closeSync();
    rmSync(dir, { recursive: true });
  }
});

/** What two databases write differently, written alike. */
function sameText(text: string | null, type: sql.SqlType): unknown {
  if (text === null) return null;
  switch (type.name) {
    case "float8":
      return Number(text.replace(/^(-?)inf$/, "$1Infinity"));
    case "jsonb":
    case "text[]":
      return JSON.parse(text);
    case "date":
    case "timestamp":
    case "timestamptz":
      return text.replace(" (BC)", " BC");
    case "numeric":
      return text.replace(/^(-?)\./, "$10.");
    case "inet":
      return text === "2001:db8:0:0:0:0:0:1" ? "2001:db8::1" : text;
    default:
      return text;
  }
}
