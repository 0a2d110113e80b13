import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CLEANUP_TOKEN } from "../../src/cli/commands/cleanup.js";
import { ensureLedger, hasLedger, LEDGER_VERSION } from "../../src/ledger/schema.js";
import { inTransaction } from "../../src/postgres/connection.js";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

const fixture = (name: string): string => readFileSync(resolve(import.meta.dirname, `../fixtures/${name}.sql`), "utf8");

/** The forms that a ledger had before its version was written down in it. */
const FORMS = [
  { form: "before leases", ddl: fixture("ledger-before-leases") },
  { form: "before versions", ddl: fixture("ledger-before-leases") + fixture("ledger-leases") },
];
const TABLES = ["runs", "shards", "shards_unlogged", "steps", "deferred", "objects"];

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
});
afterAll(() => database.drop());

async function seedBulk(...args: string[]) {
  const env = { SEED_BULK_ENABLED: "true" };
  const result = await runCommand([...args, "--database-url", database.url], env);
  return { ...result, text: result.stdout + result.stderr };
}

async function rowsOf(sql: string): Promise<unknown[]> {
  return (await client.query(sql)).rows;
}

const migrate = (by = client): Promise<void> => inTransaction(by, () => ensureLedger(by));

async function versionOf(): Promise<number> {
  return (await client.query<{ version: number }>("SELECT version FROM seed_bulk.version")).rows[0].version;
}

/** Gives the database the ledger of an earlier program, with the runs that it has and the fixture's old one. */
async function takeBack(ddl: string): Promise<void> {
  await client.query("ALTER SCHEMA seed_bulk RENAME TO later");
  await client.query(ddl + fixture("ledger-rows"));
  for (const table of ["shards", "shards_unlogged"]) {
    await client.query(`ALTER TABLE seed_bulk.${table} ALTER COLUMN digest SET DEFAULT ''`);
  }
  for (const table of TABLES) {
    const { rows } = await client.query<{ columns: string }>(
      "SELECT string_agg(a.column_name, ', ') AS columns FROM information_schema.columns a " +
        "JOIN information_schema.columns b USING (table_name, column_name) " +
        "WHERE a.table_schema = 'later' AND b.table_schema = 'seed_bulk' AND table_name = $1",
      [table],
    );
    const [{ columns }] = rows;
    await client.query(`INSERT INTO seed_bulk.${table} (${columns}) SELECT ${columns} FROM later.${table}`);
  }
  await client.query("DROP SCHEMA later CASCADE");
}

describe.each(FORMS)("a ledger of the form $form", ({ ddl }) => {
  it("is read as it is, resumed, verified and cleaned up", async () => {
    const loaded = await seedBulk("--scenario", "demo", "--schema", "kept", "--no-verify");
    expect(loaded.code, loaded.text).toBe(0);
    await takeBack(ddl);
    const [{ run_id: runId }] = (await client.query("SELECT run_id FROM seed_bulk.runs WHERE schema_name = 'kept'"))
      .rows;
    // As a killed load leaves it.
    await client.query("UPDATE seed_bulk.runs SET state = 'loading', finished_at = NULL WHERE run_id = $1", [runId]);
    await client.query("DELETE FROM seed_bulk.shards WHERE run_id = $1 AND entity = 'gift_cards'", [runId]);
    await client.query("DELETE FROM seed_bulk.steps WHERE run_id = $1 AND phase = 'statistics'", [runId]);
    await client.query("DELETE FROM kept.gift_cards");

    const status = JSON.parse((await seedBulk("status", "--json")).stdout);
    expect(status.runs).toMatchObject([
      { runId, state: "loading", schema: "kept" },
      { state: "replaced", schema: "old_demo", scenario: "marketing/demo", shards: 3, steps: 2 },
    ]);
    expect((await seedBulk("status")).stdout).toContain("interrupted while loading: ");
    // Whoever only looks leaves it as it was.
    expect(await rowsOf("SELECT to_regclass('seed_bulk.version')::text AS version")).toEqual([{ version: null }]);

    const resumed = await seedBulk("resume", runId);
    expect(resumed.code, resumed.text).toBe(0);
    expect(await versionOf()).toBe(LEDGER_VERSION);
    const verified = await seedBulk("verify", "--run", runId, "--exact");
    expect(verified.code, verified.text).toBe(0);

    const cleaned = await seedBulk("cleanup", "--confirm", CLEANUP_TOKEN);
    expect(cleaned.code, cleaned.text).toBe(0);
    expect(await rowsOf("SELECT FROM pg_namespace WHERE nspname = 'kept'")).toEqual([]);
    await client.query("DROP SCHEMA seed_bulk CASCADE");
  });

  it("can be verified before anything has brought it up to date", async () => {
    const loaded = await seedBulk("--scenario", "demo", "--schema", "kept", "--no-verify");
    expect(loaded.code, loaded.text).toBe(0);
    await takeBack(ddl);
    const verified = await seedBulk("verify");
    expect(verified.code, verified.text).toBe(0);
    const cleaned = await seedBulk("cleanup", "--confirm", CLEANUP_TOKEN);
    expect(cleaned.code, cleaned.text).toBe(0);
    expect(await versionOf()).toBe(LEDGER_VERSION);
    await client.query("DROP SCHEMA seed_bulk CASCADE");
  });

  it("has after its migration the tables of a new one, and none of the rows that replaced runs left", async () => {
    const tables =
      "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns " +
      "WHERE table_schema = 'seed_bulk' ORDER BY 1, 2";
    await migrate();
    const anew = await rowsOf(tables);
    await client.query("DROP SCHEMA seed_bulk CASCADE");
    await client.query(ddl + fixture("ledger-rows"));
    await migrate();
    expect(await rowsOf(tables)).toEqual(anew);
    expect(await rowsOf("SELECT run_id FROM seed_bulk.shards UNION ALL SELECT run_id FROM seed_bulk.steps")).toEqual(
      [],
    );
    expect(await rowsOf("SELECT state FROM seed_bulk.runs")).toEqual([{ state: "replaced" }]);
    await client.query("DROP SCHEMA seed_bulk CASCADE");
  });
});

describe("the ledger's version", () => {
  beforeEach(() => migrate());
  afterEach(async () => {
    await client.query("DROP SCHEMA IF EXISTS seed_bulk CASCADE");
  });

  it("is the program's own once the ledger is made, and needs no right to make tables then", async () => {
    expect(await versionOf()).toBe(LEDGER_VERSION);
    const role = `reader_${process.pid}`;
    await client.query(`CREATE ROLE ${role}`);
    await client.query(`GRANT USAGE ON SCHEMA seed_bulk TO ${role}`);
    await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA seed_bulk TO ${role}`);
    await client.query(`SET ROLE ${role}`);
    await expect(migrate()).resolves.toBeUndefined();
    await client.query("RESET ROLE");
    await client.query(`DROP OWNED BY ${role}`);
    await client.query(`DROP ROLE ${role}`);
  });

  it("is refused where it is a later program's: by those who write and by those who read", async () => {
    await client.query("UPDATE seed_bulk.version SET version = version + 1");
    const code = "SB_LEDGER_NEWER";
    await expect(migrate()).rejects.toMatchObject({ code });
    await expect(hasLedger(client)).rejects.toMatchObject({ code });
    for (const args of [["status"], ["verify"], ["resume"], ["cleanup"], ["--scenario", "demo"]]) {
      const result = await seedBulk(...args);
      expect(result.text, args.join(" ")).toContain(code);
      expect(result.code, args.join(" ")).toBe(3);
    }
    expect(await versionOf()).toBe(LEDGER_VERSION + 1);
  });

  it("comes about once where several bring a ledger up to date at the same time", async () => {
    await client.query("DROP SCHEMA seed_bulk CASCADE");
    await client.query(FORMS[0].ddl);
    const others = await Promise.all([database.client(), database.client(), database.client()]);
    await Promise.all(others.map((other) => migrate(other)));
    expect(await rowsOf("SELECT version FROM seed_bulk.version")).toEqual([{ version: LEDGER_VERSION }]);
  });

  it("does not come about while a program is at work that knows no leases", async () => {
    await client.query("DROP SCHEMA seed_bulk CASCADE");
    await client.query(FORMS[0].ddl);
    const earlier = await database.client();
    await earlier.query("SELECT pg_advisory_lock($1, 4711)", [0x73656564]);
    await expect(migrate()).rejects.toMatchObject({ code: "SB_RUN_BUSY" });
    expect(await rowsOf("SELECT to_regclass('seed_bulk.version')::text AS version")).toEqual([{ version: null }]);
    await earlier.query("SELECT pg_advisory_unlock_all()");
    await expect(migrate()).resolves.toBeUndefined();
  });
});

describe("a replaced run", () => {
  it("leaves no rows of shards, steps or keys", async () => {
    for (const more of [[], ["--replace", "--yes"]]) {
      const loaded = await seedBulk("--scenario", "demo", "--schema", "twice", "--no-verify", ...more);
      expect(loaded.code, loaded.text).toBe(0);
    }
    expect(await rowsOf("SELECT state FROM seed_bulk.runs ORDER BY started_at")).toEqual([
      { state: "replaced" },
      { state: "done" },
    ]);
    const left = await rowsOf(
      "SELECT DISTINCT r.state FROM seed_bulk.runs r JOIN (SELECT run_id FROM seed_bulk.shards " +
        "UNION ALL SELECT run_id FROM seed_bulk.steps UNION ALL SELECT run_id FROM seed_bulk.deferred) l USING (run_id)",
    );
    expect(left).toEqual([{ state: "done" }]);
  });
});
