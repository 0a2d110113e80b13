import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../../..");

/** Room -> the rooms it may import from, besides itself and errors.ts (DESIGN.md, Layout). */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  platform: [],
  columns: ["core"],
  encode: ["core"],
  model: ["core", "columns", "encode"],
  models: ["core", "columns", "model"],
  ledger: ["platform", "model"],
  postgres: ["platform", "core", "encode", "model", "ledger"],
  engine: ["platform", "core", "columns", "encode", "model", "models", "ledger", "postgres"],
  export: ["platform", "core", "encode", "model", "models", "postgres", "engine"],
  verify: ["core", "columns", "encode", "model", "models", "ledger", "postgres", "engine"],
  fleet: ["platform", "model", "ledger", "postgres", "engine"],
  introspect: ["core", "columns", "encode", "model", "models", "ledger", "postgres", "engine"],
  programs: ["model", "ledger", "postgres", "engine", "verify"],
  http: [
    "core",
    "columns",
    "encode",
    "model",
    "models",
    "ledger",
    "postgres",
    "engine",
    "export",
    "introspect",
    "verify",
  ],
  cli: [
    "platform",
    "core",
    "columns",
    "encode",
    "model",
    "models",
    "ledger",
    "postgres",
    "engine",
    "export",
    "introspect",
    "verify",
    "fleet",
    "http",
    "bench",
  ],
  // Types and words alone: the page is bundled without the server.
  web: ["http", "verify"],
};

/** Rooms whose code is pure: a cell depends on its coordinates alone. */
const PURE = ["core", "columns", "models", "encode"];

/** A banned call, and what to use in its place. */
const BANNED: readonly (readonly [RegExp, string])[] = [
  [/Math\.random/, "cellBits of a column's key"],
  [/Date\.now|new Date\(\)/, "the scenario's window"],
  [/process\.(env|hrtime)|performance\.now/, "nothing: pure code knows no surroundings"],
  [/localeCompare|toLocale|Intl\./, "an explicit rule: ICU's data moves with Node"],
  [/^import (?!type).*@faker-js/m, "context.dictionary: Faker stays in the coordinator"],
];

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(path) ? [path] : [];
  });
}

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import\() ?"(\.[^"]+)"/g)].map((match) => match[1]);
}

function layerFaults(file: string, text: string): string[] {
  const room = relative(join(ROOT, "src"), file).split("/")[0];
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) return [];
  return importsOf(text).flatMap((path) => {
    // The harness lies beside src and is a room like any other.
    const target = relative(join(ROOT, "src"), resolve(dirname(file), path))
      .replace(/^\.\.\//, "")
      .split("/")[0];
    return target === room || target === "errors.js" || allowed.includes(target) ? [] : [`${room} imports ${target}`];
  });
}

function bannedCalls(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  return BANNED.flatMap(([pattern, instead]) => (pattern.test(code) ? [`${pattern} (use ${instead})`] : []));
}

describe("the rooms of src", () => {
  const files = sourceFiles(join(ROOT, "src"));

  it("are all named here", () => {
    const rooms = readdirSync(join(ROOT, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rooms.map(({ name }) => name).sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it("import only the rooms below them", () => {
    const faults = files.flatMap((file) =>
      layerFaults(file, readFileSync(file, "utf8")).map((f) => `${relative(ROOT, file)}: ${f}`),
    );
    expect(faults).toEqual([]);
  });

  it("are pure where cells are made", () => {
    const pure = files.filter((file) => PURE.includes(relative(join(ROOT, "src"), file).split("/")[0]));
    expect(pure.length).toBeGreaterThan(20);
    const faults = pure.flatMap((file) =>
      bannedCalls(readFileSync(file, "utf8")).map((f) => `${relative(ROOT, file)}: ${f}`),
    );
    expect(faults).toEqual([]);
  });

  it("would be caught at it", () => {
    expect(layerFaults(join(ROOT, "src/core/x.ts"), 'import { a } from "../engine/run/load.js";')).toEqual([
      "core imports engine",
    ]);
    for (const code of [
      "Math.random()",
      "Date.now()",
      "new Date()",
      "process.env.X",
      'import { en } from "@faker-js/faker";',
    ]) {
      expect(bannedCalls(code), code).toHaveLength(1);
    }
    expect(bannedCalls("// Math.random() would differ")).toEqual([]);
  });

  it("would be caught by the linter at functions whose last bit is the machine's", () => {
    const folder = mkdtempSync(join(tmpdir(), "seed-bulk-lint-"));
    const plugins = JSON.parse(readFileSync(join(ROOT, "biome.json"), "utf8")).plugins as string[];
    writeFileSync(
      join(folder, "biome.json"),
      JSON.stringify({ linter: { rules: { recommended: false } }, plugins: plugins.map((path) => join(ROOT, path)) }),
    );
    const faultsIn = (room: string, code: string): number => {
      mkdirSync(join(folder, "src", room), { recursive: true });
      const text = `export const f = (x: number, y: number) => [${code}, Math.sqrt(y), 2 ** -32];\n`;
      writeFileSync(join(folder, "src", room, "x.ts"), text);
      const args = ["biome", "lint", "--reporter=json", join("src", room)];
      const { stdout } = spawnSync("npx", ["--prefix", ROOT, ...args], { cwd: folder, encoding: "utf8" });
      return (stdout.match(/left to the machine/g) ?? []).length;
    };
    const caught = ["Math.exp(x)", 'Math["log"](x)', "x ** y", "x ** 2", "2 ** x", "[x].map(Math.sin)"];
    for (const room of ["core", "columns", "model", "models/erp", "encode/parquet"]) {
      expect(faultsIn(room, caught.join(", ")), room).toBe(caught.length);
      expect(faultsIn(room, "Math.floor(x)"), room).toBe(0);
    }
    expect(faultsIn("verify", caught.join(", "))).toBe(0);
    rmSync(folder, { recursive: true });
  });
});
