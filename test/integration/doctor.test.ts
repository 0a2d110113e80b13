import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-doctor-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

describe("the doctor", () => {
  it("says of a new folder that nothing is wrong, and makes nothing", async () => {
    const { code, stdout } = await runCommand(["doctor"], {}, folder);
    expect(stdout.replace(/\s+/g, " ")).toMatch(/is made by the first command that loads.*Nothing is wrong\. $/);
    expect(code).toBe(0);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    const after = await runCommand(["db", "status", "--json"], {}, folder);
    expect(JSON.parse(after.stdout).dataDir).toBeNull();
  });

  it("says of a database what keeps it from being filled, and which runs are left", async () => {
    const named = { DATABASE_URL: database.url };
    const before = await runCommand(["doctor"], named, folder);
    expect(before.stdout).toMatch(/from DATABASE_URL[\s\S]*SEED_BULK_ENABLED=true[\s\S]*Postgres \d+\S* answers/);
    const enabled = { ...named, SEED_BULK_ENABLED: "true" };
    const begun = await runCommand(["--scenario", "demo", "--workers", "0", "--json"], enabled, folder);
    const { runId } = JSON.parse(begun.stdout);
    const { stdout, code } = await runCommand(["doctor", "--json"], enabled, folder);
    expect(code).toBe(0);
    const findings: { readonly state: string; readonly what: string; readonly todo?: string }[] =
      JSON.parse(stdout).findings;
    expect(findings).toContainEqual({ state: "ok", what: "it may be filled" });
    expect(findings.find(({ todo }) => todo?.includes(runId.slice(0, 8)))).toMatchObject({ state: "note" });
  });

  it("names a database that is not there, and what to do", async () => {
    const { code, stdout } = await runCommand(
      ["doctor"],
      { DATABASE_URL: "postgres://me:secret@127.0.0.1:1/db" },
      folder,
    );
    expect(stdout).toMatch(/wrong {2}cannot connect to postgres:\/\/me:\*\*\*@127\.0\.0\.1:1\/db[\s\S]*-> Check/);
    expect(stdout).not.toContain("secret");
    expect(code).toBe(1);
  });
});
