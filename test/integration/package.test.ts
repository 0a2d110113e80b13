import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, spawnCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { neededPackages, unpackPackage } from "../support/image.js";

const ROOT = resolve(import.meta.dirname, "../..");

/** A program of fifteen lines, for a strict compiler. */
const PROGRAM = `import { cleanUp, defineModel, generate, kinds, open, runVerification } from "seed-bulk";

const model = defineModel({
  model: "letters",
  window: { from: "2025-01-01", to: "2026-01-01" }, sizes: { letters: 5000 },
  tables: { letters: { rows: "sizes.letters", columns: { id: kinds.id(), grade: kinds.choice({ a: 1, b: 3 }), at: { moment: "window" } } } },
});
const url = process.env["DATABASE_URL"] ?? "";
const { universe, plan } = await open({ model, overrides: { scale: 2 } });
const target = { kind: "postgres", url, embedded: false, safety: { adoptSchema: false, maxRows: 1e6, env: process.env } } as const;
const { runId, rows } = await generate({ universe, plan, workers: 2, target });
const { ok } = await runVerification({ url, schema: plan.scenario.schema, universe, plan, workers: 2, exact: true });
console.log(JSON.stringify({ rows, ok, ...(await cleanUp(url, runId)) }));
`;

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-package-"));
  const packages = join(folder, "node_modules");
  mkdirSync(packages);
  // What npm would install beside it, and what a stranger's own program needs.
  for (const path of new Set([...neededPackages(), "node_modules/typescript", "node_modules/@types/node"])) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(ROOT, path), join(folder, path));
  }
  unpackPackage(packages, "seed-bulk");
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

const run = (...command: readonly string[]): Promise<CommandResult> =>
  spawnCommand([process.execPath, ...command], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", DATABASE_URL: database.url, SEED_BULK_ENABLED: "true" },
  }).done;

const seedBulk = (...args: readonly string[]): Promise<CommandResult> =>
  run("node_modules/seed-bulk/bin/seed-bulk.js", ...args);

describe("the package, installed outside of the repository", () => {
  it("writes a model, and loads and verifies it", async () => {
    const init = await seedBulk("init", "club");
    expect(init.code, init.stderr).toBe(0);
    const loaded = await seedBulk("--model", "club.model.yaml", "--workers", "2");
    expect(loaded.code, loaded.stderr).toBe(0);
    expect(loaded.stdout).toMatch(/Verified: \d+ checks .* all hold/);
  });

  it("loads a built-in scenario", async () => {
    const loaded = await seedBulk("--scenario", "demo", "--workers", "2");
    expect(loaded.code, loaded.stderr).toBe(0);
  });

  it("is a library of a strict TypeScript program that loads, verifies and cleans up", async () => {
    expect(PROGRAM.trim().split("\n").length).toBeLessThanOrEqual(15);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(join(folder, "program.ts"), PROGRAM);
    const options = ["--strict", "--target", "es2023", "--module", "nodenext", "--types", "node"];
    const compiled = await run("node_modules/typescript/bin/tsc", ...options, "program.ts");
    expect(compiled.code, compiled.stdout).toBe(0);
    const { code, stdout, stderr } = await run("program.js");
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      rows: 10_000,
      ok: true,
      schemasDropped: ["letters"],
      schemasKept: [],
      othersRows: [],
    });
  });

  it("loads, verifies and cleans up in a line each, from a program of either kind, and brings its own database", async () => {
    const program =
      'const { load, verify, withEmbedded } = require("seed-bulk");\n' +
      'withEmbedded(async ({ url }) => { const loaded = await load("demo", { url, workers: 2 });\n' +
      "const { ok } = await verify({ url, exact: true }); const { schemasDropped } = await loaded.cleanUp();\n" +
      "console.log(JSON.stringify({ rows: loaded.rows, checked: loaded.verification.ok, ok, schemasDropped })); });\n";
    writeFileSync(join(folder, "program.cjs"), program);
    const { code, stdout, stderr } = await run("program.cjs");
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ rows: 6063, checked: true, ok: true, schemasDropped: ["marketing"] });
  });

  it("fills no database that nobody has enabled, by a program either", async () => {
    const program =
      'import { load } from "seed-bulk"; const url = process.env["DATABASE_URL"];\n' +
      'const codes = []; for (const enabled of [false, true]) await load("demo", { url, enabled, workers: 1, schema: "asked" })\n' +
      ".then(({ rows }) => codes.push(rows), ({ code }) => codes.push(code)); console.log(JSON.stringify(codes));\n";
    writeFileSync(join(folder, "asked.mjs"), program);
    const { stdout, stderr } = await spawnCommand([process.execPath, "asked.mjs"], {
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "", DATABASE_URL: database.url },
    }).done;
    expect(JSON.parse(stdout || `"${stderr}"`)).toEqual(["SB_REFUSED", 6063]);
  });
});
