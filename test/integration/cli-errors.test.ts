import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-cli-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

const enabled = { SEED_BULK_ENABLED: "true" };

describe("no words at all", () => {
  it("show what there is, where nobody can be asked", async () => {
    const { code, stdout, stderr } = await runCommand([], enabled);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: seed-bulk .*\n {2}generate .*\n {2}wizard .*\n {2}db /s);
  });

  it("after a command that has commands of its own, show those", async () => {
    const { code, stderr } = await runCommand(["db"], enabled);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Usage: seed-bulk db .*\n {2}start .*\n {2}destroy /s);
  });
});

describe("wrong usage", () => {
  for (const [args, expected] of [
    [["--scenario", "demo", "--wrkers", "2"], /SB_USAGE: unknown option '--wrkers'.*--workers/s],
    [["--scenario"], /SB_USAGE: .*--scenario <name>/],
    [["generate"], /SB_USAGE: expected --scenario with a scenario's name, or --model/],
    [["--scenario", "demo", "--workers", "257"], /SB_USAGE: .*whole number from 0 up to 256/],
    [["--scenario", "demo", "--workers", "two"], /SB_USAGE: .*whole number from 0/],
    [["--scenario", "demo", "--scale", "-1"], /SB_USAGE: .*number above 0/],
    [["--scenario", "demo", "--sink", "file"], /SB_USAGE: .*Allowed choices are postgres, discard, digest/],
    [["--scenario", "demo", "--feature", "calls"], /SB_USAGE: .*=on or =off/],
    [["--scenario", "demo", "--only", "campaign"], /SB_ENTITY_NOT_FOUND: .*"campaign", did you mean "campaigns"\?/],
    [
      ["preview", "--scenario", "demo", "--entity", "campaigns", "--at", "99"],
      /SB_USAGE: campaigns has IDs from 1 to 18, not 99/,
    ],
    [["bogus"], /SB_USAGE: /],
    [["demo"], /SB_USAGE: .*no command "demo".*seed-bulk --scenario demo/s],
    [["--scenario", "demoo"], /SB_SCENARIO_NOT_FOUND: .*demo/s],
    [["--scenario", "./none.yaml"], /SB_SCENARIO_NOT_FOUND/],
    [["--scenario", "demo", "--from", "2024-02-30"], /SB_SCENARIO_INVALID: .*--from/s],
    [["--scenario", "demo", "--database-url", "nonsense://"], /SB_DATABASE/],
  ] as const) {
    it(`exits with 2 and a code: ${args.join(" ") || "nothing"}`, async () => {
      const { code, stderr, stdout } = await runCommand(args, enabled, folder);
      expect(stderr).toMatch(expected);
      expect(stderr).not.toMatch(/\n\s+at .*:\d+/);
      expect(stdout).toBe("");
      expect(code).toBe(2);
    });
  }

  it("is one document on standard output with --json, without passwords", async () => {
    const url = "postgres://me:secret@127.0.0.1:1/db";
    for (const [args, error] of [
      [["plan", "--scenario", "nope", "--json"], { code: "SB_SCENARIO_NOT_FOUND", exitCode: 2 }],
      [["plan", "--nope", "--json"], { code: "SB_USAGE", exitCode: 2 }],
      [["status", "--database-url", url, "--json"], { code: "SB_DATABASE_UNREACHABLE", exitCode: 1 }],
    ] as const) {
      const { code, stdout, stderr } = await runCommand(args);
      expect(JSON.parse(stdout)).toMatchObject({ error });
      expect(code).toBe(error.exitCode);
      expect(stderr).toContain(`error ${error.code}: `);
      expect(stdout).not.toContain("secret");
    }
  });

  it("names file, line and the key that was meant", async () => {
    writeFileSync(join(folder, "my.yaml"), "extends: demo\ndescription: mine\nsizes:\n  recipents: 5\n");
    const { code, stderr } = await runCommand(["--scenario", "./my.yaml"], {}, folder);
    expect(stderr).toMatch(/my\.yaml:4:3 .*unknown key "recipents", did you mean "recipients"\?/);
    expect(code).toBe(2);
  });
});

describe("a database that is not there", () => {
  it("is named, with a port where nobody listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const url = `postgres://me:secret%40word@127.0.0.1:${port}/db`;
    const { code, stderr } = await runCommand(["--scenario", "demo", "--database-url", url], enabled);
    expect(stderr).toContain(`SB_DATABASE_UNREACHABLE: cannot connect to postgres://me:***@127.0.0.1:${port}/db`);
    expect(stderr).not.toContain("secret");
    expect(code).toBe(1);
  });

  it("is told from a database that does not exist", async () => {
    const url = database.url.replace(/(\/)[^/?]+(\?|$)/, "$1no_such_database$2");
    const { code, stderr } = await runCommand(["--scenario", "demo", "--database-url", url], enabled);
    expect(stderr).toMatch(/SB_DATABASE_UNREACHABLE: .*"no_such_database" does not exist.*\n.*create it/s);
    expect(code).toBe(1);
  });
});

describe("tables that are in the way", () => {
  it("are named, whose they are too, and nothing is touched", async () => {
    const client = await database.client();
    await client.query("CREATE SCHEMA taken");
    await client.query("CREATE TABLE taken.campaigns (mine text)");
    await client.query("INSERT INTO taken.campaigns VALUES ('precious')");
    const load = ["--scenario", "demo", "--schema", "taken", "--database-url", database.url, "--adopt-schema"];
    for (const args of [load, [...load, "--replace", "--yes"]]) {
      const { code, stderr } = await runCommand(args, enabled);
      expect(stderr).toMatch(/SB_TABLE_EXISTS: .*"taken".* did not make: campaigns/);
      expect(code).toBe(3);
    }
    expect((await client.query("SELECT mine FROM taken.campaigns")).rows).toEqual([{ mine: "precious" }]);
    const { rows } = await client.query("SELECT relname FROM pg_class WHERE relnamespace = 'taken'::regnamespace");
    expect(rows).toEqual([{ relname: "campaigns" }]);
  });
});
