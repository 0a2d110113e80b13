import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { format } from "../../src/columns/text.js";
import { numbers } from "../../src/columns/values.js";
import * as sql from "../../src/core/sql-type.js";
import { entity, rows } from "../../src/model/entity.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { columnsOf, universeWith } from "../support/small-model.js";

let database: TestDatabase;
let client: Awaited<ReturnType<TestDatabase["client"]>>;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  await client.query("SET TIME ZONE 'UTC'");
});
afterAll(() => database.drop());

/** What a column with these values is as a text. */
function formatted(type: sql.SqlType, values: readonly number[]): (number | string | null)[] {
  const value = numbers({ type, about: "given" }, () => ({ rowIndexes, count }, out) => {
    for (let i = 0; i < count; i++) out[i] = values[rowIndexes[i]];
  });
  const universe = universeWith([
    entity("things", {
      comment: "things",
      rows: rows(() => values.length),
      columns: { value, text: format("{value}") },
      primaryKey: [],
    }),
  ]);
  return columnsOf(universe, "things", ["text"]).text;
}

/** What Postgres prints of expressions over the same numbers, sent as text. */
async function asked(expression: string, values: readonly number[]): Promise<string[]> {
  const texts = values.map((value) => (Object.is(value, -0) ? "-0" : String(value)));
  const found = await client.query<{ c: string }>(
    `SELECT (${expression})::text AS c FROM unnest($1::text[]) WITH ORDINALITY AS t(v, n) ORDER BY n`,
    [texts],
  );
  return found.rows.map(({ c }) => c);
}

const wide = fc.integer({ min: -1e15, max: 1e15 });
const days = fc.integer({ min: -2_400_000, max: 5_000_000 });

/** A type, the numbers it may hold, and the same value in SQL, made by Postgres's own arithmetic from the number `v`. */
const TYPES: readonly (readonly [string, sql.SqlType, fc.Arbitrary<number>, string])[] = [
  ["int2", sql.INT2, fc.integer({ min: -32_768, max: 32_767 }), "v::int2"],
  ["int4", sql.INT4, fc.integer(), "v::int4"],
  ["int8", sql.INT8, fc.maxSafeInteger(), "v::int8"],
  ["float8", sql.FLOAT8, fc.double(), "v::float8"],
  ["bool", sql.BOOL, fc.integer({ min: 0, max: 1 }), "v::int4::bool"],
  ["numeric(12,2)", sql.numeric(12, 2), fc.integer({ min: -1e9, max: 1e9 }), "(v::numeric / 100)::numeric(12,2)"],
  ["numeric(18,6)", sql.numeric(18, 6), wide, "(v::numeric / 1000000)::numeric(18,6)"],
  ["numeric(9,0)", sql.numeric(9, 0), fc.integer({ min: -1e8, max: 1e8 }), "v::numeric(9,0)"],
  ["date", sql.DATE, days, "date '1970-01-01' + v::int4"],
  ["timestamp", sql.TIMESTAMP, wide, "timestamp '1970-01-01' + v::int8 * interval '1 microsecond'"],
  ["timestamptz", sql.TIMESTAMPTZ, wide, "timestamptz '1970-01-01 00:00:00+00' + v::int8 * interval '1 microsecond'"],
  ["inet", sql.INET, fc.integer({ min: 0, max: 2 ** 32 - 1 }), "host(inet '0.0.0.0' + v::int8)"],
];

describe("format", () => {
  it.each(TYPES)("prints %s as Postgres does", async (_name, type, numbersOfType, expression) => {
    await fc.assert(
      fc.asyncProperty(fc.array(numbersOfType, { minLength: 1, maxLength: 300 }), async (values) => {
        expect(formatted(type, values)).toEqual(await asked(expression, values));
      }),
      { numRuns: 12 },
    );
  });
});
