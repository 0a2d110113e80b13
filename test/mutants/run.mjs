// `npm run test:mutants`: puts each fault into a copy of the source, runs the tests that have to notice, and tells which
// faults nobody did. Ends with 1 where there are any. With words behind it, only faults whose names hold one of them.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { MUTANTS, TESTS } from "./mutants.mjs";

const ROOT = resolve(import.meta.dirname, "../..");
const COPIED = [
  "bench",
  "bin",
  "docs",
  "package.json",
  "scenarios",
  "schemas",
  "src",
  "test",
  "tsconfig.json",
  "vitest.config.ts",
  "workers",
];
const wanted = process.argv.slice(2);
const chosen = MUTANTS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));

const folder = mkdtempSync(join(tmpdir(), "seed-bulk-mutants-"));
const survivors = [];
try {
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  // All of them before an hour of runs.
  const gone = chosen.filter(({ file, from }) => readFileSync(join(folder, file), "utf8").split(from).length !== 2);
  for (const { name, file, from } of gone) process.stdout.write(`${file} holds ${from} once no more: ${name}\n`);
  if (gone.length > 0) throw new Error("some faults fit the source no more");
  if (!passes()) throw new Error("the tests fail without any fault");
  for (const { name, file, from, to } of chosen) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
    const isNoticed = !passes();
    writeFileSync(path, text);
    if (!isNoticed) survivors.push(name);
    process.stdout.write(`${isNoticed ? "noticed " : "SURVIVED"}  ${name}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${chosen.length} faults, ${survivors.length} that nobody noticed\n`);
process.exitCode = survivors.length > 0 ? 1 : 0;

function passes() {
  const args = ["node_modules/vitest/vitest.mjs", "run", "--bail", "1", ...TESTS];
  return spawnSync(process.execPath, args, { cwd: folder, stdio: "ignore" }).status === 0;
}
