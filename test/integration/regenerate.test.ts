import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand, startCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

const enabled = { SEED_BULK_ENABLED: "true" };
const DEMO = ["--scenario", "demo", "--workers", "2"];
const ONLY = ["--only", "clients,contacts", "--replace", "--yes"];

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const run = (...args: readonly string[]): Promise<CommandResult> =>
  runCommand([...args, "--database-url", database.url], enabled);

async function succeed(...args: readonly string[]): Promise<CommandResult> {
  const result = await run(...args);
  expect(result.code, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
  return result;
}

async function query<Row extends object>(sql: string): Promise<Row[]> {
  const client = await database.client();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const foreignKeys = (schema: string): Promise<object[]> =>
  query(
    "SELECT c.relname, o.conname, pg_get_constraintdef(o.oid), o.convalidated FROM pg_constraint o " +
      "JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace " +
      `WHERE o.contype = 'f' AND n.nspname = '${schema}' ORDER BY 1, 2`,
  );

const newest = async (schema: string): Promise<{ run_id: string }> =>
  (
    await query<{ run_id: string }>(
      `SELECT run_id FROM seed_bulk.runs WHERE schema_name = '${schema}' ORDER BY started_at DESC LIMIT 1`,
    )
  )[0];

describe("generate --only, where the rest is there", () => {
  it("makes just those anew, and they fit: every foreign key and every byte is back", async () => {
    await succeed(...DEMO, "--schema", "again");
    const before = await foreignKeys("again");
    const untouched = "SELECT 'again.campaigns'::regclass::oid, 'again.events'::regclass::oid";
    const tables = await query(untouched);
    await query("UPDATE again.contacts SET email = 'spoilt' || id || '@example.com'");
    await succeed(...DEMO, "--schema", "again", ...ONLY);
    expect(await foreignKeys("again")).toEqual(before);
    expect(await query(untouched)).toEqual(tables);
    const { stdout } = await succeed("verify", "--exact", "--json");
    const { checks } = JSON.parse(stdout);
    expect(checks.find((check: { name: string }) => check.name === "definition of events").ok).toBe(true);
  });

  it("refuses tables of another plan, and says what differs", async () => {
    const { code, stderr } = await run(...DEMO, "--schema", "again", "--seed", "7", ...ONLY);
    expect(code).toBe(3);
    expect(stderr).toMatch(/SB_RUN_CHANGED: .*would not fit them: scenario\.seed was 42, is 7/);
    expect(await query("SELECT FROM again.contacts")).toHaveLength(300);
  });

  it("puts keys back that it took off, also after an interruption", async () => {
    const schema = "broken_off";
    await succeed(...DEMO, "--schema", schema);
    const before = await foreignKeys(schema);
    const { child, done, until } = startCommand(
      [...DEMO, "--schema", schema, ...ONLY, "--database-url", database.url],
      enabled,
    );
    await until(/load {2}started/);
    child.kill("SIGKILL");
    await done;
    const { run_id: runId } = await newest(schema);
    expect((await query(`SELECT FROM seed_bulk.deferred WHERE run_id = '${runId}'`)).length).toBeGreaterThan(5);
    await succeed("resume", runId);
    expect(await foreignKeys(schema)).toEqual(before);
    await succeed("verify", "--run", runId, "--exact");
  });

  it("puts them back, too, where it is broken off again and again and then repeated, not resumed", async () => {
    const schema = "repeated";
    await succeed(...DEMO, "--schema", schema);
    const before = await foreignKeys(schema);
    for (const only of ["clients,contacts", "clients,contacts", "clients,campaigns,contacts"]) {
      const args = ["--schema", schema, "--only", only, "--replace", "--yes", "--database-url", database.url];
      const { child, done, until } = startCommand([...DEMO, ...args], enabled);
      await until(/load {2}started/);
      child.kill("SIGKILL");
      await done;
    }
    await succeed(...DEMO, "--schema", schema, "--only", "clients,campaigns,contacts", "--replace", "--yes");
    expect(await foreignKeys(schema)).toEqual(before);
    const states = await query<{ state: string; runs: string }>(
      `SELECT state, count(*) AS runs FROM seed_bulk.runs WHERE schema_name = '${schema}' GROUP BY 1 ORDER BY 1`,
    );
    expect(states).toEqual([
      { state: "done", runs: "2" },
      { state: "replaced", runs: "3" },
    ]);
  });

  it("leaves tables behind that cleanup knows", async () => {
    await succeed("cleanup", "--confirm", "DELETE_ALL_MOCK_DATA");
    expect(await query("SELECT FROM pg_namespace WHERE nspname IN ('again', 'broken_off', 'repeated')")).toEqual([]);
  });
});

describe("resume", () => {
  it("refuses a scenario that has changed since, and goes on once it is as it was", async () => {
    const folder = await mkdtemp(join(tmpdir(), "seed-bulk-changed-"));
    try {
      const file = join(folder, "mine.yaml");
      const text = (recipients: number): string =>
        `extends: marketing/demo\nmodel: marketing\nsizes: { recipients: ${recipients} }\n`;
      await writeFile(file, text(90_000));
      const args = ["--scenario", file, "--schema", "changed", "--database-url", database.url];
      const { child, done, until } = startCommand(args, enabled);
      await until(/load {2}started/);
      child.kill("SIGINT");
      expect((await done).code).toBe(130);
      await writeFile(file, text(90_001));
      const refused = await run("resume");
      expect(refused.code).toBe(3);
      expect(refused.stderr).toMatch(/SB_RUN_CHANGED: .*scenario\.sizes\.recipients was 90000, is 90001/);
      await writeFile(file, text(90_000));
      await succeed("resume");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
