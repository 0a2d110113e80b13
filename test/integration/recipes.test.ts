import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compareSync } from "bcryptjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type CommandResult, runCommand, spawnCommand } from "../support/cli.js";

const ROOT = resolve(import.meta.dirname, "../..");
const PAGE = readFileSync(join(ROOT, "docs/recipes.md"), "utf8");
const BLOCKS = [...PAGE.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));

/** A block of the page, by the file that its first line names. */
function recipe(file: string): string {
  return BLOCKS.find(({ text }) => text.startsWith(`// ${file}\n`))!.text;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-recipes-"));
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["pg", "vitest"])
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  symlinkSync(ROOT, join(folder, "node_modules/seed-bulk"));
  for (const file of ["global-setup.mjs", "vitest.config.mjs", "orders.test.mjs"]) {
    writeFileSync(join(folder, file), recipe(file));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const node = (...args: readonly string[]): Promise<CommandResult> => {
  const { NODE_ENV: _node, VITEST: _vitest, DATABASE_URL: _url, ...env } = process.env;
  return spawnCommand([process.execPath, ...args], { cwd: folder, env }).done;
};

describe("the recipes", () => {
  it("give node:test a database", async () => {
    const { code, stdout, stderr } = await node("--test", "orders.test.mjs");
    expect(code, stdout + stderr).toBe(0);
  });

  it("give vitest a database", async () => {
    const test =
      'import pg from "pg"; import { expect, it } from "vitest";\n' +
      'it("is there", async () => { const client = new pg.Client(process.env.DATABASE_URL); await client.connect();\n' +
      'const { rows } = await client.query("SELECT count(*)::int AS n FROM marketing.recipients"); await client.end();\n' +
      "expect(rows[0].n).toBe(1000); });\n";
    writeFileSync(join(folder, "data.spec.mjs"), test);
    const { code, stdout, stderr } = await node("node_modules/vitest/vitest.mjs", "run", "data.spec.mjs");
    expect(code, stdout + stderr).toBe(0);
  });

  it("give a load generator users who can log in", async () => {
    const columns = "id,username,password,password_hash,is_premium";
    const args = ["sample", "--scenario", "ctf", "--entity", "users", "--columns", columns, "--rows", "3", "--spread"];
    const { stdout } = await runCommand([...args, "--format", "json"]);
    const users: { id: number; password: string; password_hash: string; is_premium: boolean }[] = JSON.parse(stdout);
    expect(users).toHaveLength(3);
    for (const { id, password, password_hash: hash, is_premium: isPremium } of users) {
      expect(password).toBe(`quest-${String(((id - 1) % 128) + 1).padStart(4, "0")}`);
      expect(compareSync(password, hash.replace("$2b$", "$2a$"))).toBe(true);
      expect(typeof isPremium).toBe("boolean");
    }
    const csv = await runCommand(args);
    expect(csv.stdout.split("\n")[0]).toBe(columns);
    const wrong = await runCommand(["sample", "--scenario", "ctf", "--entity", "users", "--columns", "pasword"]);
    expect(wrong.stderr).toMatch(/SB_USAGE: users has no column "pasword", did you mean "password"\?/);
  });

  it("hold YAML that can be read", () => {
    for (const { text } of BLOCKS.filter(({ language }) => language === "yaml"))
      expect(() => parse(text)).not.toThrow();
  });
});
