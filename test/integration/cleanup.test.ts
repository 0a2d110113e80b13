import type pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CLEANUP_TOKEN, cleanupCommand } from "../../src/cli/commands/cleanup.js";
import { releaseLease, takeLease } from "../../src/ledger/lease.js";
import { listRuns } from "../../src/ledger/runs.js";
import { connect, inTransaction } from "../../src/postgres/connection.js";
import { writeSwitch } from "../../src/postgres/switch.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { catalogOf } from "../support/safety-catalog.js";
import { outcomeOf } from "../support/safety-output.js";
import { loadSmall } from "../support/safety-run.js";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = await connect(database.url);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});
afterEach(() =>
  client.query(
    "DROP SCHEMA IF EXISTS seed_bulk CASCADE; DROP SCHEMA IF EXISTS small CASCADE; DROP SCHEMA IF EXISTS other CASCADE; " +
      "DROP SCHEMA IF EXISTS mine CASCADE",
  ),
);

const cleanUp = (...args: string[]) => outcomeOf(cleanupCommand(), [...args, "--database-url", database.url]);
const confirmed = (...args: string[]) => cleanUp("--confirm", CLEANUP_TOKEN, ...args);

async function relations(): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " +
      "WHERE n.nspname NOT IN ('seed_bulk', 'pg_catalog', 'pg_toast', 'information_schema') " +
      "UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typtype = 'e' " +
      "UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname IN ('small', 'other', 'mine') ORDER BY 1",
  );
  return rows.map(({ name }) => name);
}

async function states(): Promise<string[]> {
  return (await listRuns(client)).map(({ state }) => state);
}

describe("cleanup", () => {
  it("drops tables, types and the schema of all runs, shows them first, and forgets their shards", async () => {
    await loadSmall(database.url, { schema: "small" });
    await loadSmall(database.url, { schema: "other" });
    const { stdout, error } = await confirmed();
    expect(error).toBeUndefined();
    expect(stdout).toMatch(/^In "\w+" at .* as "\w+", to be dropped:\n {2}run /);
    expect(stdout).toMatch(/table {3}small\.sales\s+about 2,000 rows, \d+ kB/);
    expect(stdout).toMatch(/table {3}other\.shops\s+about 30 rows/);
    expect(stdout).toMatch(/type {4}small\.sale_status\n/);
    expect(stdout).toMatch(/schema {2}small, if nothing else is in it\n/);
    expect(stdout).toMatch(/Dropped\.\n$/);
    expect(await relations()).toEqual([]);
    expect(await states()).toEqual(["cleaned up", "cleaned up"]);
    for (const table of ["shards", "steps"]) {
      expect((await client.query(`SELECT FROM seed_bulk.${table}`)).rowCount, table).toBe(0);
    }
    expect((await confirmed()).stdout).toMatch(/^There is nothing to clean up in "\w+" at .*\.\n$/);
  });

  it("leaves the user's own things in the same schema alone, and the schema for their sake", async () => {
    await loadSmall(database.url, { schema: "small" });
    await client.query(
      "CREATE TABLE small.notes (id int PRIMARY KEY, t text); CREATE VIEW small.texts AS SELECT t FROM small.notes; " +
        "CREATE TYPE small.mood AS ENUM ('good'); INSERT INTO small.notes VALUES (1, 'keep me')",
    );
    const { stdout } = await confirmed();
    expect(stdout).toContain("The schema small is kept: something else is in it.");
    expect(await relations()).toEqual(["schema small", "small.notes", "small.notes_pkey", "small.texts", "type mood"]);
    expect((await client.query("SELECT * FROM small.texts")).rows).toEqual([{ t: "keep me" }]);
  });

  it("keeps a schema that it adopted, though it is empty", async () => {
    await client.query("CREATE SCHEMA small");
    await loadSmall(database.url, { schema: "small" });
    expect((await confirmed()).stdout).not.toContain("schema  small");
    expect(await relations()).toEqual(["schema small"]);
  });

  it("takes one run, by its ID's beginning, and leaves the others", async () => {
    const first = await loadSmall(database.url, { schema: "small", only: ["shops"] });
    await loadSmall(database.url, { schema: "small", only: ["sales"] });
    await confirmed("--run", first.slice(0, 8));
    expect(await relations()).toEqual(expect.arrayContaining(["small.sales", "type sale_status"]));
    expect(await relations()).not.toContain("small.shops");
    expect(await states()).toEqual(["done", "cleaned up"]);
    await confirmed();
    expect(await relations()).toEqual([]);
  });

  it("knows no run of another ID", async () => {
    await loadSmall(database.url, { schema: "small" });
    expect((await confirmed("--run", "ffffffff-none")).error).toMatchObject({ code: "SB_RUN_NOT_FOUND" });
  });

  for (const [args, why] of [
    [[], /nobody agreed/],
    [["--confirm", "delete_all_mock_data"], /another token/],
    [["--confirm", ""], /another token/],
  ] as const) {
    it(`drops nothing with ${args.join(" ") || "no token"}, and shows what it would`, async () => {
      await loadSmall(database.url, { schema: "small" });
      const before = await catalogOf(client, true);
      const { stdout, error } = await cleanUp(...args);
      expect(stdout).toContain("small.sales");
      expect(error).toMatchObject({ code: "SB_CONFIRMATION_NEEDED", exitCode: 3, message: expect.stringMatching(why) });
      expect(await catalogOf(client, true)).toEqual(before);
      expect(await states()).toEqual(["done"]);
    });
  }

  for (const [what, sql, named] of [
    [
      "a view",
      "CREATE VIEW mine.big AS SELECT * FROM small.sales WHERE amount > 9",
      /view mine\.big depends on table small\.sales/,
    ],
    [
      "a foreign key",
      "CREATE TABLE mine.visits (shop int8 CONSTRAINT visits_to_shop REFERENCES small.shops)",
      /constraint visits_to_shop on table mine\.visits depends on table small\.shops/,
    ],
    [
      "a column of its type",
      "CREATE TABLE mine.log (s small.sale_status)",
      /column s of table mine\.log depends on type small\.sale_status/,
    ],
  ] as const) {
    it(`is refused by ${what} of the user's, which it names, and drops nothing`, async () => {
      await loadSmall(database.url, { schema: "small" });
      await client.query(`CREATE SCHEMA mine; ${sql}`);
      const before = await catalogOf(client, true);
      const { error } = await confirmed();
      expect(error).toMatchObject({ code: "SB_REFUSED", exitCode: 3, message: expect.stringMatching(named) });
      expect(await catalogOf(client, true)).toEqual(before);
      expect(await states()).toEqual(["done"]);
    });
  }

  it("does not take what somebody made anew or renamed for its own", async () => {
    await loadSmall(database.url, { schema: "small" });
    await client.query(
      "DROP TABLE small.sales; CREATE TABLE small.sales (mine int); ALTER TABLE small.shops RENAME TO kept",
    );
    const { stdout } = await confirmed();
    expect(stdout).not.toContain("table ");
    expect(await relations()).toEqual(expect.arrayContaining(["small.sales", "small.kept"]));
  });

  it("does not trust OIDs that a restored dump has given to other tables", async () => {
    await loadSmall(database.url, { schema: "small" });
    await client.query("DROP TABLE small.sales; CREATE SCHEMA mine; CREATE TABLE mine.accounts (id int)");
    await client.query(
      "UPDATE seed_bulk.objects SET object_oid = 'mine.accounts'::regclass WHERE object_name = 'sales'",
    );
    await confirmed();
    expect(await relations()).toEqual(["mine.accounts", "schema mine"]);
  });

  it("shows a table that was never analyzed without figures", async () => {
    await loadSmall(database.url, { schema: "small" });
    await client.query("UPDATE pg_class SET reltuples = -1 WHERE relname = 'sales'");
    expect((await cleanUp()).stdout).toMatch(/small\.sales\s+not counted yet\n/);
  });

  it("drops no table that was replaced while it waited for its lock", async () => {
    await loadSmall(database.url, { schema: "small" });
    const other = await database.client();
    await other.query("BEGIN; ALTER TABLE small.sales RENAME TO old; CREATE TABLE small.sales (mine int)");
    const waiting = confirmed();
    await untilWaiting(client);
    await other.query("COMMIT");
    expect((await waiting).error).toMatchObject({ code: "SB_RUN_BUSY", message: expect.stringContaining("anew") });
    expect(await relations()).toEqual(expect.arrayContaining(["small.sales", "small.old", "small.shops"]));
  });

  it("does not pull a schema away from a load", async () => {
    await loadSmall(database.url, { schema: "small" });
    const loader = await database.client();
    const lease = await inTransaction(loader, () => takeLease(loader, "small"));
    expect((await confirmed()).error).toMatchObject({ code: "SB_RUN_BUSY" });
    await releaseLease(loader, lease);
    await loader.end();
    expect((await confirmed()).error).toBeUndefined();
  });

  it("is allowed where loading is switched off", async () => {
    await loadSmall(database.url, { schema: "small" });
    await writeSwitch(client, false);
    expect((await confirmed()).error).toBeUndefined();
    expect(await relations()).toEqual([]);
  });

  it("has nothing to do in a database that was never filled, and writes nothing there", async () => {
    const before = await catalogOf(client, true);
    expect(await confirmed()).toEqual({
      stdout: expect.stringMatching(/^There is nothing to clean up in /),
      error: undefined,
    });
    expect(await catalogOf(client, true)).toEqual(before);
  });

  it("prints one JSON document, with a token and without", async () => {
    await loadSmall(database.url, { schema: "small" });
    const asked = JSON.parse((await cleanUp("--json")).stdout);
    expect(asked).toMatchObject({
      dropped: false,
      schemas: ["small"],
      types: [{ schema: "small", type: "sale_status" }],
    });
    expect(asked.tables).toMatchObject([
      { schema: "small", table: "sales", rows: 2000 },
      { schema: "small", table: "shops", rows: 30 },
    ]);
    const done = JSON.parse((await confirmed("--json")).stdout);
    expect(done).toEqual({ ...asked, dropped: true, schemasDropped: ["small"], schemasKept: [], othersRows: [] });
    expect(JSON.parse((await confirmed("--json")).stdout)).toMatchObject({ dropped: false, runs: [], tables: [] });
  });
});

async function untilWaiting(on: pg.Client): Promise<void> {
  for (;;) {
    const { rowCount } = await on.query(
      "SELECT FROM pg_stat_activity WHERE application_name = 'seed-bulk cleanup' AND wait_event_type = 'Lock'",
    );
    if (rowCount !== 0) return;
  }
}
