import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLEANUP_TOKEN, cleanupCommand } from "../../src/cli/commands/cleanup.js";
import { guardFacts } from "../../src/engine/guard/guard-facts.js";
import { quoteIdentifier } from "../../src/postgres/identifiers.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { outcomeOf } from "../support/safety-output.js";
import { loadSmall, type Names, smallUniverse } from "../support/safety-run.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const long = (letter: string): string => letter.repeat(63);

const SCHEMAS: Readonly<Record<string, string>> = {
  quotes: `it's "quoted" ""twice""`,
  capitals: "MyCamelCase",
  spaces: " a b ",
  "a reserved word": "select",
  "another one": "user",
  unicode: "Ünïcødé 日本 🦄",
  "SQL of its own": `x"; DROP SCHEMA public CASCADE; --`,
  backslashes: "a\\b\\'",
  "percents and dollars": "100%s $1 $$",
  "a dot": "a.b",
  "63 bytes": long("s"),
  "63 bytes in 21 characters": "日".repeat(21),
  "a digit first": "2024",
};

const NAMES: Readonly<Record<string, Names>> = {
  quotes: { parents: `sh"ops'`, children: `sa"les'`, column: `am"ount'`, type: `st"atus'` },
  "reserved words, capitals and spaces": { parents: "table", children: "Order", column: "group by", type: "Enum" },
  unicode: { parents: "Geschäfte", children: "売上", column: "🦄", type: "Ø" },
  "63 bytes": { parents: long("p"), children: long("c"), column: long("k"), type: long("t") },
  "SQL of their own": {
    parents: `p"); DROP TABLE x; --`,
    children: `c'); --`,
    column: `k" int); --`,
    type: `t" AS ENUM (); --`,
  },
};

async function loadsAndCleansUp(schema: string, names?: Names): Promise<void> {
  await loadSmall(database.url, { schema, ...(names && { names }) });
  const client = await database.client();
  const { universe } = smallUniverse(schema, names);
  for (const { name } of universe.entities) {
    const { rows } = await client.query(
      `SELECT count(*)::int AS n FROM ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
    );
    expect(rows[0].n).toBe(universe.rowCount(name));
  }
  const { rows: constraints } = await client.query(
    "SELECT contype, convalidated FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = $1 AND contype <> 'n' ORDER BY 1",
    [schema],
  );
  expect(constraints.map(({ contype }) => contype)).toEqual(["c", "f", "p", "p", "u"]);
  const children = universe.entities[1].name;
  const { rows: next } = await client.query("SELECT nextval(pg_get_serial_sequence($1, 'id')) AS next", [
    `${quoteIdentifier(schema)}.${quoteIdentifier(children)}`,
  ]);
  expect(Number(next[0].next)).toBe(2001);
  const { plan } = smallUniverse(schema, names);
  const facts = await guardFacts(client, {
    url: database.url,
    embedded: false,
    schema,
    plan,
    replace: true,
    adoptSchema: false,
    maxRows: 1,
    env: {},
  });
  expect(facts.schemaMadeBy).toBe("seed-bulk");
  const args = ["--confirm", CLEANUP_TOKEN, "--json", "--database-url", database.url];
  const { stdout, error } = await outcomeOf(cleanupCommand(), args);
  expect(error).toBeUndefined();
  expect(JSON.parse(stdout).schemasDropped).toEqual([schema]);
  expect((await client.query("SELECT FROM pg_namespace WHERE nspname IN ($1, 'public')", [schema])).rowCount).toBe(1);
}

describe("names that need quoting", () => {
  for (const [what, schema] of Object.entries(SCHEMAS)) {
    it(`load and are cleaned up as a schema: ${what}`, () => loadsAndCleansUp(schema));
  }

  for (const [what, names] of Object.entries(NAMES)) {
    it(`load and are cleaned up as tables, columns and types: ${what}`, () => loadsAndCleansUp("plain", names));
  }

  it("meet no other table where Postgres would cut them short", async () => {
    const prefix = "x".repeat(62);
    await loadsAndCleansUp("plain", {
      parents: `${prefix}1`,
      children: `${prefix}2`,
      column: prefix,
      type: `${prefix}4`,
    });
  });
});

describe("names of more than 63 bytes, or of none", () => {
  const fine: Names = { parents: "p", children: "c", column: "k", type: "t" };
  for (const [schema, names, expected] of [
    ["s".repeat(64), fine, /name of a schema has 64 bytes.*keeps 1 to 63/],
    ["日".repeat(22), fine, /name of a schema has 66 bytes/],
    ["", fine, /name of a schema has 0 bytes/],
    ["plain", { ...fine, parents: "p".repeat(64) }, /name of a table has 64 bytes/],
    ["plain", { ...fine, column: "k".repeat(64) }, /name of a column of c has 64 bytes/],
    ["plain", { ...fine, type: "ü".repeat(32) }, /name of a type has 64 bytes/],
  ] as const) {
    it(`are refused before anything is made: ${expected.source}`, async () => {
      await expect(loadSmall(database.url, { schema, names })).rejects.toMatchObject({
        code: "SB_SCENARIO_INVALID",
        message: expect.stringMatching(expected),
      });
      const client = await database.client();
      expect((await client.query("SELECT FROM pg_namespace WHERE nspname = ANY ($1)", [[schema]])).rowCount).toBe(0);
    });
  }
});
