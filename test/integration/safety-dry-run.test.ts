import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { catalogOf } from "../support/safety-catalog.js";

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-dry-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

const DRY = [["--dry-run"], ["--dry-run", "--json"], ["--dry-run", "--replace", "--yes", "--unlogged"]];
const enabled = { SEED_BULK_ENABLED: "true" };

describe("--dry-run", { timeout: 180_000 }, () => {
  it("leaves every row of the catalog as it was, in an empty database and in a filled one", async () => {
    const client = await database.client();
    const load = ["--scenario", "demo", "--workers", "1", "--database-url", database.url];
    for (const isFilled of [false, true]) {
      if (isFilled) expect((await runCommand(load, enabled)).code).toBe(0);
      const before = await catalogOf(client);
      for (const args of DRY) {
        const { code, stdout } = await runCommand([...load, ...args], enabled);
        expect(code).toBe(0);
        expect(stdout).toContain("campaigns");
      }
      expect(await catalogOf(client)).toEqual(before);
    }
  });

  it("would be seen writing: one comment, one analyze, one sequence moved", async () => {
    const client = await database.client();
    await client.query("CREATE TABLE seen (id int GENERATED ALWAYS AS IDENTITY)");
    for (const sql of [
      "COMMENT ON TABLE seen IS 'x'",
      "ANALYZE seen",
      "ALTER TABLE seen SET UNLOGGED",
      "CREATE TYPE t AS ENUM ()",
    ]) {
      const before = await catalogOf(client);
      await client.query(sql);
      expect(await catalogOf(client), sql).not.toEqual(before);
    }
  });

  it("starts no embedded server and makes no file", async () => {
    for (const args of DRY) {
      expect((await runCommand(["--scenario", "demo", ...args], {}, folder)).code).toBe(0);
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});
