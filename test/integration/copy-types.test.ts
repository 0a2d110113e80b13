import { from as copyFrom } from "pg-copy-streams";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dictionaryOf } from "../../src/core/dictionary.js";
import * as sql from "../../src/core/sql-type.js";
import { clearNulls, numberVector, setNull, textVector, type Vector, wordVector } from "../../src/core/vectors.js";
import { COPY_HEADER, COPY_TRAILER, copyBinaryEncoder, encodeTextArray } from "../../src/encode/copy-binary.js";
import { quoteIdentifier, quoteLiteral } from "../../src/postgres/identifiers.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

function numbers(values: readonly (number | null)[]): Vector {
  const vector = numberVector();
  clearNulls(vector);
  values.forEach((value, i) => {
    if (value === null) setNull(vector.nulls, i);
    else vector.values[i] = value;
  });
  return vector;
}

function texts(values: readonly (Uint8Array | string | null)[]): Vector {
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

function words(values: readonly (Uint8Array | string | null)[]): Vector {
  const vector = wordVector(dictionaryOf(values.map((value) => value ?? "")));
  values.forEach((value, i) => {
    if (value === null) setNull(vector.nulls, i);
    vector.codes[i] = i;
  });
  return vector;
}

/** Copies a vector into a column of the type and reads it back as text, beside what literals of the type give. */
async function roundTrip(type: sql.SqlType, typeSql: string, vector: Vector, literals: readonly (string | null)[]) {
  const client = await database.client();
  const table = quoteIdentifier('tricky "name" of a TABLE');
  await client.query(`DROP TABLE IF EXISTS ${table}`);
  await client.query(`CREATE TABLE ${table} (n int4 NOT NULL, c ${typeSql})`);
  const ordinals = numbers(literals.map((_, i) => i));
  const encoder = copyBinaryEncoder([
    { type: sql.INT4, vector: ordinals },
    { type, vector },
  ]);
  const size = encoder.measure(literals.length);
  const bytes = Buffer.alloc(size + 64, 0xee);
  encoder.write(literals.length, { bytes, view: new DataView(bytes.buffer, bytes.byteOffset) }, 0);
  expect(
    bytes.subarray(size).every((byte) => byte === 0xee),
    "nothing is written past the measured size",
  ).toBe(true);
  const stream = client.query(copyFrom(`COPY ${table} FROM STDIN WITH (FORMAT binary)`));
  await new Promise<void>((resolve, reject) => {
    stream.on("finish", resolve).on("error", reject);
    stream.write(COPY_HEADER);
    stream.write(bytes.subarray(0, size));
    stream.end(COPY_TRAILER);
  });
  const found = await client.query<{ c: string | null }>(`SELECT c::text AS c FROM ${table} ORDER BY n`);
  const expected = await client.query<{ c: string | null }>(
    `SELECT v::${typeSql}::text AS c FROM unnest($1::text[]) WITH ORDINALITY AS t(v, n) ORDER BY n`,
    [literals],
  );
  expect(found.rows).toEqual(expected.rows);
}

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000;
const micros = (text: string, extra = 0): number => Date.parse(text) * 1000 + extra;

describe("binary COPY round trips", () => {
  it("int2", () =>
    roundTrip(sql.INT2, "int2", numbers([-32768, -1, 0, 32767, null]), ["-32768", "-1", "0", "32767", null]));

  it("int4", () => {
    const values = [-2147483648, -1, 0, 2147483647, null];
    return roundTrip(
      sql.INT4,
      "int4",
      numbers(values),
      values.map((v) => v?.toString() ?? null),
    );
  });

  it("int8 as numbers, exact to 2^53", () => {
    const values = [-(2 ** 53) + 1, -(2 ** 32), -(2 ** 32) - 1, -1, 0, 1, 2 ** 32, 2 ** 32 - 1, 2 ** 53 - 1, null];
    return roundTrip(
      sql.INT8,
      "int8",
      numbers(values),
      values.map((v) => v?.toString() ?? null),
    );
  });

  it("int8 beyond, as payloads", () => {
    const literals = ["-9223372036854775808", "9223372036854775807", "9007199254740993", null];
    const payloads = literals.map((text) => {
      if (text === null) return null;
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(BigInt(text));
      return bytes;
    });
    return roundTrip(sql.INT8, "int8", texts(payloads), literals);
  });

  it("float8", () => {
    const values = [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 0, -0, 0.1, Infinity, -Infinity, NaN, null];
    const literals = values.map((v) => (v === null ? null : Object.is(v, -0) ? "-0" : String(v)));
    return roundTrip(sql.FLOAT8, "float8", numbers(values), literals);
  });

  for (const [precision, scale] of [
    [15, 0],
    [15, 1],
    [12, 2],
    [15, 3],
    [15, 4],
    [15, 5],
    [15, 15],
  ] as const) {
    it(`numeric(${precision},${scale})`, () => {
      const top = 10 ** precision - 1;
      const units = [
        0,
        1,
        -1,
        9,
        10,
        99,
        100,
        9999,
        10_000,
        10_001,
        12_345,
        100_000_000,
        120_000_000,
        7,
        top,
        -top,
        NaN,
        null,
      ].filter((v) => v === null || Number.isNaN(v) || Math.abs(v) <= top);
      const literals = units.map((v) => {
        if (v === null || Number.isNaN(v)) return v === null ? null : "NaN";
        const digits = String(Math.abs(v)).padStart(scale + 1, "0");
        const point = digits.length - scale;
        return `${v < 0 ? "-" : ""}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ""}`;
      });
      return roundTrip(sql.numeric(precision, scale), `numeric(${precision},${scale})`, numbers(units), literals);
    });
  }

  it("numeric's infinities", () =>
    roundTrip(sql.numeric(12, 2), "numeric", numbers([Infinity, -Infinity]), ["Infinity", "-Infinity"]));

  it("bool", () => roundTrip(sql.BOOL, "bool", numbers([1, 0, null]), ["true", "false", null]));

  it("date", () =>
    roundTrip(
      sql.DATE,
      "date",
      numbers([day("2024-02-29"), day("1999-12-31"), day("1970-01-01"), day("0001-01-01"), Infinity, -Infinity, null]),
      ["2024-02-29", "1999-12-31", "1970-01-01", "0001-01-01", "infinity", "-infinity", null],
    ));

  for (const [type, zone] of [
    [sql.TIMESTAMP, ""],
    [sql.TIMESTAMPTZ, "+00"],
  ] as const) {
    it(type.name, () =>
      roundTrip(
        type,
        type.name,
        numbers([
          micros("2024-02-29T12:34:56.789Z", 123),
          micros("1999-12-31T23:59:59.999Z", 999),
          micros("2000-01-01T00:00:00Z"),
          micros("1900-01-01T00:00:00Z", 1),
          micros("2200-01-01T00:00:00Z"),
          Infinity,
          -Infinity,
          null,
        ]),
        [
          `2024-02-29 12:34:56.789123${zone}`,
          `1999-12-31 23:59:59.999999${zone}`,
          `2000-01-01 00:00:00${zone}`,
          `1900-01-01 00:00:00.000001${zone}`,
          `2200-01-01 00:00:00${zone}`,
          "infinity",
          "-infinity",
          null,
        ],
      ),
    );
  }

  const trickyTexts = [
    "",
    "a",
    "abc",
    "abcd",
    "abcde",
    "Ünïcödé",
    "日本語",
    "🦄🦄",
    'O\'Brien "quoted"',
    "back\\slash",
    "line\nbreak\r\ttab",
    "x".repeat(5000),
    null,
  ];
  for (const [kind, vector] of [
    ["as text", texts(trickyTexts)],
    ["as words", words(trickyTexts)],
  ] as const) {
    it(`text ${kind}`, () => roundTrip(sql.TEXT, "text", vector, trickyTexts));
    it(`varchar ${kind}`, () => roundTrip(sql.varchar(6000), "varchar(6000)", vector, trickyTexts));
  }

  const trickyJson = [
    '{"a": 1}',
    "[]",
    '"quote \\" back\\\\slash \\n"',
    '{"ü": [null, true, 1.5e3, "🦄"]}',
    "null",
    null,
  ];
  it("jsonb as text", () => roundTrip(sql.JSONB, "jsonb", texts(trickyJson), trickyJson));
  it("jsonb as words", () => roundTrip(sql.JSONB, "jsonb", words(trickyJson), trickyJson));

  it("uuid", () => {
    const literals = [
      "00000000-0000-0000-0000-000000000000",
      "ffffffff-ffff-ffff-ffff-ffffffffffff",
      "0190163d-8694-739b-aea5-966c26f8ad91",
      null,
    ];
    const payloads = literals.map((text) => (text === null ? null : Buffer.from(text.replaceAll("-", ""), "hex")));
    return roundTrip(sql.UUID, "uuid", texts(payloads), literals);
  });

  it("inet as numbers", () =>
    roundTrip(sql.INET, "inet", numbers([0, 0xffffffff, 0xc0000201, null]), [
      "0.0.0.0",
      "255.255.255.255",
      "192.0.2.1",
      null,
    ]));

  it("inet as bytes of both families", () =>
    roundTrip(
      sql.INET,
      "inet",
      texts([
        Buffer.from("c0000201", "hex"),
        Buffer.from("20010db8000000000000000000000001", "hex"),
        Buffer.alloc(16),
        null,
      ]),
      ["192.0.2.1", "2001:db8::1", "::", null],
    ));

  it("text[]", () => {
    const arrays = [
      [],
      [""],
      ["a", "b"],
      ['quote"', "back\\slash", "comma,", "{brace}", "NULL", "ü🦄", " space "],
      null,
    ];
    const literals = arrays.map((array) =>
      array === null ? null : `{${array.map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`).join(",")}}`,
    );
    return roundTrip(sql.TEXT_ARRAY, "text[]", words(arrays.map((array) => array && encodeTextArray(array))), literals);
  });

  it("enum, with names that need quoting", async () => {
    const labels = ["plain", "with space", "it's", "ünï", "NULL"];
    const type = quoteIdentifier('Odd "enum"');
    await (await database.client()).query(`CREATE TYPE ${type} AS ENUM (${labels.map(quoteLiteral).join(", ")})`);
    await roundTrip(sql.enumType('Odd "enum"', labels), type, words([...labels, null]), [...labels, null]);
  });

  it("refuses NUL in words", () => {
    expect(() => dictionaryOf(["fine", "not\0fine"])).toThrowError(
      expect.objectContaining({ code: "SB_VALUE_INVALID" }),
    );
  });
});
