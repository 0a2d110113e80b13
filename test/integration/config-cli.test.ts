import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spawnCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

const BIN = resolve(import.meta.dirname, "../../bin/seed-bulk.js");

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-config-"));
  database = await testDatabase();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  spawnCommand([process.execPath, BIN, ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", SEED_BULK_HOME: join(folder, "home"), ...env },
  }).done;

const configured = (text: string): void => writeFileSync(join(folder, "seed-bulk.config.yaml"), text);

describe("a config file beside the command", () => {
  it("names what is loaded, and by which variable the database is found", async () => {
    configured("scenario: demo\nworkers: 1\ndatabase: { env: STAGING_URL }\n");
    const unset = await run(["status"]);
    expect([unset.code, unset.stderr]).toEqual([2, expect.stringContaining("takes the database from STAGING_URL")]);
    const env = { STAGING_URL: database.url, SEED_BULK_ENABLED: "true" };
    const loaded = await run(["--size", "recipients=100", "--json"], env);
    expect(loaded.code, loaded.stderr).toBe(0);
    expect(loaded.stderr).toContain("from STAGING_URL, as seed-bulk.config.yaml says");
    expect(JSON.parse(loaded.stdout)).toMatchObject({ scenario: "demo", workers: 1, verification: { ok: true } });
    // The line stands before the file.
    const other = await run(["status", "--database-url", "postgres://nobody@127.0.0.1:1/nothing"], env);
    expect(other.stderr).toContain("127.0.0.1:1/nothing");
    const [listed] = JSON.parse((await run(["status", "--json"], env)).stdout).runs;
    expect(listed).toMatchObject({ state: "done", isAtWork: false, checked: { ok: true, failed: 0 } });
  });

  it("that is wrong stops a command with its line, but not the help, and the doctor names it", async () => {
    configured("scenaro: demo\n");
    const stopped = await run(["plan", "--scenario", "demo"]);
    expect([stopped.code, stopped.stderr]).toEqual([
      2,
      expect.stringContaining("seed-bulk.config.yaml:1: there is no"),
    ]);
    expect((await run(["plan", "--help"])).code).toBe(0);
    const doctor = await run(["doctor"]);
    expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringMatching(/^wrong +seed-bulk\.config\.yaml:1: /m)]);
    const profile = await run(["plan", "--profile", "ci", "--config", "none.yaml"]);
    expect([profile.code, profile.stderr]).toEqual([2, expect.stringContaining("SB_CONFIG_INVALID: cannot read")]);
  });
});
