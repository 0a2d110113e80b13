import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CLEANUP_TOKEN } from "../../src/cli/commands/cleanup.js";
import { type CommandResult, runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { catalogOf } from "../support/safety-catalog.js";

let database: TestDatabase;
let client: pg.Client;
let folder: string;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-safety-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});
afterEach(() => client.query("DROP SCHEMA IF EXISTS seed_bulk CASCADE; DROP SCHEMA IF EXISTS marketing CASCADE"));

const enabled = { SEED_BULK_ENABLED: "true" };
const run = (args: readonly string[], env: Record<string, string> = enabled): Promise<CommandResult> =>
  runCommand([...args, "--database-url", database.url], env, folder);
const load = (...args: string[]): string[] => ["--scenario", "demo", "--workers", "1", ...args];

describe("the guard of the commands that load", { timeout: 180_000 }, () => {
  it("refuses with every reason and exit code 3, and writes nothing", async () => {
    await client.query("CREATE SCHEMA marketing");
    const before = await catalogOf(client);
    // What needs no server comes alone, before any is asked.
    const beforehand = ["NODE_ENV", "SEED_BULK_ENABLED=true", "--max-rows"];
    for (const { args, env, reasons } of [
      { args: load("--max-rows", "10", "--json"), env: { NODE_ENV: "production" }, reasons: beforehand },
      { args: load("--json"), env: enabled, reasons: ["--adopt-schema"] },
    ]) {
      const { code, stdout, stderr } = await run(args, env);
      expect(code).toBe(3);
      expect(JSON.parse(stdout).error).toMatchObject({ code: "SB_REFUSED", exitCode: 3 });
      expect(stderr).toMatch(/^error SB_REFUSED: .* must not be filled:$/m);
      expect(stderr.match(/^ {2}- /gm)).toHaveLength(reasons.length);
      for (const reason of reasons) expect(stderr).toMatch(new RegExp(`^ {2}- .*${reason}`, "m"));
    }
    expect(await catalogOf(client)).toEqual(before);
  });

  it("lets each reason be answered as it says", async () => {
    await client.query("CREATE SCHEMA marketing");
    const { code, stderr } = await run(load("--adopt-schema", "--max-rows", "100000"), { MOCK_DATA_ENABLED: "true" });
    expect(code, stderr).toBe(0);
  });

  it("asks for nothing where nothing is written to a database", async () => {
    expect((await run(load("--sink", "discard", "--max-rows", "1"), { NODE_ENV: "production" })).code).toBe(0);
  });

  it("respects the switch in generate and resume, and not in cleanup", async () => {
    expect((await run(load())).code).toBe(0);
    await client.query("UPDATE seed_bulk.runs SET state = 'finishing'");
    expect((await run(["toggle", "--disable"])).stdout).toMatch(/^Disabled by/);
    for (const args of [load("--schema", "second"), load("--replace", "--yes"), ["resume", "--workers", "1"]]) {
      const { code, stderr } = await run(args);
      expect(stderr, args.join(" ")).toMatch(/SB_REFUSED: .*\n {2}- the database is switched off/);
      expect(code).toBe(3);
    }
    expect((await run(["toggle", "--enable"])).code).toBe(0);
    expect((await run(["resume", "--workers", "1"])).code).toBe(0);
    await run(["toggle", "--disable"]);
    const { code, stdout } = await run(["cleanup", "--confirm", CLEANUP_TOKEN]);
    expect(stdout).toContain("Dropped.");
    expect(code).toBe(0);
  });

  it("has resume need what generate needs, and not ask again for the schema", async () => {
    await client.query("CREATE SCHEMA marketing");
    expect((await run(load("--adopt-schema"))).code).toBe(0);
    await client.query("UPDATE seed_bulk.runs SET state = 'finishing'");
    const { code, stderr } = await run(["resume", "--workers", "1"], {});
    expect(stderr).toMatch(/SB_REFUSED: .*\n {2}- nothing enables filling .*\n[^ ]/);
    expect(code).toBe(3);
    expect((await run(["resume", "--workers", "1"])).code).toBe(0);
  });

  it("needs no enabling for the embedded server", async () => {
    const { code, stderr } = await runCommand(load(), {}, folder);
    expect(code, stderr).toBe(0);
    expect((await runCommand(load("--schema", "two"), { NODE_ENV: "production" }, folder)).code).toBe(3);
    expect((await runCommand(["cleanup", "--confirm", CLEANUP_TOKEN], {}, folder)).stdout).toContain("Dropped.");
    expect((await runCommand(["db", "destroy", "--yes"], {}, folder)).code).toBe(0);
  });
});

describe("cleanup at the command line", () => {
  it("exits with 3 and shows what it would drop where nobody confirmed", async () => {
    expect((await run(load())).code).toBe(0);
    const { code, stdout, stderr } = await run(["cleanup"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/table {3}marketing\.campaigns\s+about 18 rows/);
    expect(stderr).toMatch(/SB_CONFIRMATION_NEEDED: \d+ tables would be dropped.*\n.*--confirm DELETE_ALL_MOCK_DATA/);
  });
});
