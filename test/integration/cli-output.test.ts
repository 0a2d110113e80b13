import { spawn } from "node:child_process";
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { processesOnDataDir } from "../../src/platform/processes.js";
import { destroyEmbedded, embeddedStatus, stopEmbedded } from "../../src/postgres/embedded/index.js";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

const BIN = resolve(import.meta.dirname, "../../bin/seed-bulk.js");
const FULL = "/dev/full";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const argsFor = (schema: string): string[] => {
  return ["--scenario", "demo", "--workers", "2", "--schema", schema, "--database-url", database.url];
};

async function rowsOf(schema: string): Promise<number> {
  const client = await database.client();
  try {
    return Number((await client.query(`SELECT count(*) AS n FROM "${schema}".contacts`)).rows[0].n);
  } finally {
    await client.end();
  }
}

const env = { ...process.env, SEED_BULK_ENABLED: "true", NODE_ENV: "" };

/** Starts the command with its outputs in one pipe, whose reader leaves at the first byte. */
const withoutReader = (args: readonly string[], variables: Record<string, string> = {}): Promise<number | null> =>
  new Promise((done) => {
    const child = spawn("sh", ["-c", 'exec "$@" 2>&1', "sh", process.execPath, BIN, ...args], {
      env: { ...env, ...variables },
      stdio: ["ignore", "pipe", "ignore"],
    });
    child.stdout.once("data", () => child.stdout.destroy());
    child.on("exit", (code) => done(code));
  });

/** Runs the command with one of its outputs on a full device. */
const onFullDevice = (args: readonly string[], output: "stdout" | "stderr"): Promise<number | null> =>
  new Promise((done) => {
    const full = openSync(FULL, "w");
    const stdio = output === "stdout" ? (["ignore", full, "ignore"] as const) : (["ignore", "ignore", full] as const);
    const child = spawn(process.execPath, [BIN, ...args], { env, stdio: [...stdio] });
    closeSync(full);
    child.on("exit", (code) => done(code));
  });

describe("a load", () => {
  it("goes on when nobody reads any more what it prints, and says so by its exit code", async () => {
    expect(await withoutReader(argsFor("unread"))).toBe(0);
    expect(await rowsOf("unread")).toBe(300);
  });

  it("goes on when nobody reads, and stops the embedded server that it started", async () => {
    const parent = mkdtempSync(join(tmpdir(), "seed-bulk-output-"));
    // Open to the server's user, which directories from mkdtemp are not.
    chmodSync(parent, 0o755);
    const home = join(parent, "home");
    const variables = { SEED_BULK_HOME: home, DATABASE_URL: "" };
    try {
      for (const [schema, json] of [
        ["first", []],
        ["second", ["--json"]],
      ] as const) {
        const args = ["--scenario", "demo", "--workers", "2", "--schema", schema, ...json];
        expect(await withoutReader(args, variables)).toBe(0);
        const left = await embeddedStatus(home);
        expect(left).toMatchObject({ isRunning: false, userPids: [] });
        expect(processesOnDataDir(left.dataDir!)).toEqual([]);
      }
      const { stdout } = await runCommand(["status", "--json"], variables);
      expect(stdout.match(/"state": ?"[a-z ]+"/g)).toEqual(['"state": "done"', '"state": "done"']);
      expect(readdirSync(join(home, "embedded/users"))).toEqual([]);
    } finally {
      await stopEmbedded(home);
      await destroyEmbedded(home);
      rmSync(parent, { recursive: true, force: true });
    }
  });

  it.runIf(existsSync(FULL))("goes on without its screen, and fails without its report", async () => {
    expect(await onFullDevice(argsFor("no_screen"), "stderr")).toBe(0);
    expect(await rowsOf("no_screen")).toBe(300);
    expect(await onFullDevice(argsFor("no_report"), "stdout")).toBe(1);
    expect(await rowsOf("no_report")).toBe(300);
  });

  it("goes on under nohup when the terminal is gone", async () => {
    const child = spawn("nohup", [process.execPath, BIN, ...argsFor("nohup")], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const code = new Promise<number | null>((done) => child.on("exit", (ended) => done(ended)));
    child.stderr.once("data", () => child.kill("SIGHUP"));
    expect(await code).toBe(0);
    expect(await rowsOf("nohup")).toBe(300);
  });
});

describe("an empty --database-url", () => {
  it.each([["status"], ["verify"], ["resume"], ["--scenario", "demo"]])("is an error: %s", async (...command) => {
    const { code, stderr } = await runCommand([...command, "--database-url", ""]);
    expect(code).toBe(2);
    expect(stderr).toContain("SB_DATABASE_URL_INVALID: the database URL is empty");
  });
});
