import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { open } from "../../src/engine/open.js";
import { generate } from "../../src/engine/run/generate.js";
import { exportFiles } from "../../src/export/export-files.js";
import { defineModel } from "../../src/model/file/read.js";
import { runVerification } from "../../src/verify/run-verification.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

/** Types with values at their edges. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  int8: ["9223372036854775807", "-9223372036854775808", "9007199254740993"],
  oid: ["0", "4294967295"],
  float4: ["3.4028235e38", "-1e-45", "NaN", "Infinity", "0.1"],
  float8: ["1.7976931348623157e308", "NaN", "-Infinity"],
  numeric: ["0.000000000000000000000001", "123456789012345678901234567890.5", "NaN", "-Infinity"],
  "numeric(20,4)": ["1234567890123456.7891", "-0.0001"],
  money: ["$92,233,720,368,547,758.07", "-0.01"],
  "char(3)": ["a", "abc", ""],
  bpchar: ["ab ", "c"],
  "varchar(5)": ["é", "hello"],
  varchar: ["", "any"],
  name: ["pg_class", "é"],
  bytea: ["\\x", "\\x00ff10", "\\xdeadbeef"],
  uuid: ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
  date: ["4713-01-01 BC", "5874897-12-31", "infinity", "2024-02-29"],
  time: ["00:00:00", "24:00:00", "12:34:56.789012"],
  timetz: ["00:00:00+15:59", "23:59:59.999999-12"],
  timestamp: ["4713-01-01 00:00:00 BC", "294276-12-31 23:59:59.999999", "-infinity"],
  timestamptz: ["2024-03-10 02:30:00-05", "infinity"],
  interval: ["1 year 2 mons -3 days 04:05:06.789", "-178000000 years", "0"],
  json: ['{"b": 1, "a": [null, "\\u00e9"]}', "[]", " 1 "],
  jsonb: ['{"b": 1, "a": [null, 1.50]}', '"x"'],
  jsonpath: ["$.a[*] ? (@ > 1)", "lax $"],
  xml: ["<a>1</a>", "text"],
  inet: ["10.0.0.1/8", "::1", "::ffff:1.2.3.4/120"],
  cidr: ["10.0.0.0/8", "2001:db8::/32"],
  macaddr: ["08:00:2b:01:02:03"],
  macaddr8: ["08:00:2b:01:02:03:04:05"],
  "bit(5)": ["10101", "00000"],
  varbit: ["", "1", "101010101"],
  tsvector: ["'a':1A 'cat':2,5B", ""],
  tsquery: ["'fat' & !'rat' | 'c':*A"],
  point: ["(1.5,-2)"],
  line: ["{1,2,3}"],
  lseg: ["[(0,0),(1,1)]"],
  box: ["(1,1),(0,0)"],
  path: ["((0,0),(1,1),(2,0))", "[(0,0),(1,1)]"],
  polygon: ["((0,0),(1,1),(2,0))"],
  circle: ["<(0,0),5>"],
  pg_lsn: ["FFFFFFFF/FFFFFFFF"],
  int4range: ["[1,5)", "empty", "(,)"],
  numrange: ["[0.1,0.25]"],
  tstzrange: ["[2024-01-01 00:00:00+00,2024-02-01 00:00:00+00)"],
  int4multirange: ["{[1,3),[5,7)}", "{}"],
  "int4[]": ["{1,NULL,3}", "{}", "{{1,2},{3,4}}", "[0:1]={5,6}"],
  "text[]": ['{a,"b c",NULL,"\\"q\\""}'],
  "numeric(8,2)[]": ["{1.25,NULL}"],
  "timestamptz[]": ['{"2024-01-01 00:00:00+00"}'],
  "public.mood": ["sad", "it's fine"],
  "public.positive": ["1", "2147483647"],
  "public.pair": ['(1,"a b")', "(3,c)"],
};

const columns = Object.keys(VALUES).map((type, at) => [`c${at}`, type] as const);
const model = defineModel({
  model: "kinds_of_types",
  window: { from: "2025-01-01", to: "2026-01-01" },
  lists: {
    pairs: {
      rows: [
        { n: 1, box: "(1,1),(0,0)" },
        { n: 2, box: null },
      ],
    },
  },
  tables: {
    rows: {
      rows: 300,
      columns: {
        id: "id",
        ...Object.fromEntries(columns.map(([name, type]) => [name, { choice: [...VALUES[type]], type, nulls: 0.2 }])),
        same: { always: "{1,2}", type: "int2[]" },
        exact: { exactly: { "1 day": 1, "2 days": 1 }, type: "interval" },
        number: { choice: { 10: 1, 20: 3 }, type: "int" },
        price: { choice: ["0.5", "1.25"], type: "numeric(6,2)" },
        doubled: { generated: "number * 2", type: "int" },
        third: { generated: "number / 3", virtual: true, type: "int" },
        loaded_at: { default: "now()", type: "timestamptz" },
      },
    },
    children: { rows: { owner: "rows", total: 500 }, columns: { id: { id: "always" }, copied: "rows.c19" } },
  },
});

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  await client.query("CREATE TYPE public.mood AS ENUM ('sad', 'it''s fine')");
  await client.query(
    "CREATE DOMAIN public.positive AS int CHECK (VALUE > 0); CREATE TYPE public.pair AS (a int, b text)",
  );
});
afterAll(() => database.drop());

describe("columns of Postgres's other types", () => {
  it("hold what was written, to the byte, and are of the type that was declared", async () => {
    const { universe, plan } = await open({ model });
    const safety = { adoptSchema: false, maxRows: 1e6, env: {} };
    await generate({
      universe,
      plan,
      workers: 2,
      target: { kind: "postgres", url: database.url, embedded: true, safety },
    });
    const { schema } = plan.scenario;
    const report = await runVerification({ url: database.url, schema, universe, plan, workers: 2, exact: true });
    expect(report.checks.filter(({ ok }) => !ok).map(({ name, found }) => `${name}: ${JSON.stringify(found)}`)).toEqual(
      [],
    );
    for (const [name, type] of columns) {
      const { rows } = await client.query(
        `SELECT (SELECT array_agg(DISTINCT ${name}::text ORDER BY ${name}::text) FILTER (WHERE ${name} IS NOT NULL) FROM ${schema}.rows) AS found, ` +
          `(SELECT array_agg(DISTINCT v::${type}::text ORDER BY v::${type}::text) FROM unnest($1::text[]) v) AS written`,
        [VALUES[type]],
      );
      expect(rows[0].found, type).toEqual(rows[0].written);
    }
    const { rows } = await client.query(`SELECT number, count(*)::int AS n FROM ${schema}.rows GROUP BY 1 ORDER BY 1`);
    expect(rows.map(({ number }) => number)).toEqual([10, 20]);
    expect(rows[1].n).toBeGreaterThan(rows[0].n);
  });

  it("are left to Postgres where it makes them by itself, and looked at all the same", async () => {
    const { universe, plan } = await open({ model });
    const { schema } = plan.scenario;
    const made = await client.query(
      `SELECT count(*)::int AS n FROM ${schema}.rows WHERE doubled = 2 * number AND third = number / 3 AND loaded_at > now() - interval '1 h'`,
    );
    expect(made.rows[0].n).toBe(300);
    await expect(client.query(`INSERT INTO ${schema}.children (id, rows) VALUES (9999, 1)`)).rejects.toThrow();
    const inserted = await client.query(`INSERT INTO ${schema}.children (copied) VALUES (NULL) RETURNING id`);
    expect(inserted.rows[0].id).toBe("501");
    await client.query(`DELETE FROM ${schema}.children WHERE id > 500`);
    await client.query(`ALTER TABLE ${schema}.rows ALTER COLUMN doubled SET EXPRESSION AS (number * 3)`);
    const { checks } = await runVerification({ url: database.url, schema, universe, plan, workers: 2 });
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["generated columns of rows"]),
    );
    await client.query(`ALTER TABLE ${schema}.rows ALTER COLUMN doubled DROP EXPRESSION`);
    const { checks: again } = await runVerification({ url: database.url, schema, universe, plan, workers: 2 });
    expect(again.find(({ name }) => name === "definition of rows")!.ok).toBe(false);
  });

  it("are refused before the first row where the server does not take a value", async () => {
    const wrong = defineModel({
      model: "wrong",
      window: { from: "2025-01-01", to: "2026-01-01" },
      tables: { rows: { rows: 5, columns: { id: "id", at: { choice: ["25:00"], type: "time" } } } },
    });
    const { universe, plan } = await open({ model: wrong });
    const safety = { adoptSchema: false, maxRows: 1e6, env: {} };
    await expect(
      generate({ universe, plan, workers: 1, target: { kind: "postgres", url: database.url, embedded: true, safety } }),
    ).rejects.toMatchObject({ code: "SB_VALUE_INVALID", message: expect.stringMatching(/of the type time: .*25:00/) });
  });

  it.each(["csv", "jsonl", "parquet", "sql"] as const)("are exported as they are written: %s", async (format) => {
    const { universe, plan } = await open({ model });
    const folder = mkdtempSync(join(tmpdir(), "seed-bulk-types-"));
    try {
      await exportFiles({ universe, plan, workers: 1, format, dir: folder, compression: null, rowsPerFile: null });
      expect(readdirSync(folder).length).toBeGreaterThan(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
