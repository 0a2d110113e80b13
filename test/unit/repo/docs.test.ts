import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../../../src/errors.js";

const ROOT = resolve(import.meta.dirname, "../../..");
/** Text of ours; this file names what it looks for. */
const isText = (name: string): boolean =>
  /\.(md|ts|yaml|yml|json)$/.test(name) && !/package-lock|docs\.test/.test(name);
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

describe("the documents", () => {
  it("list every error code with its exit code, and no other", () => {
    const rows = [...read("docs/errors.md").matchAll(/^\| `(SB_\w+)` +\| (\d+) +\|/gm)].map((m) => [
      m[1],
      Number(m[2]),
    ]);
    expect(Object.fromEntries(rows)).toEqual(ERROR_CODES);
  });

  it("name only commands and options that there are", () => {
    const help = execFileSync(process.execPath, [join(ROOT, "bin/seed-bulk.js"), "--help"], { encoding: "utf8" });
    const commands = new Set([...help.matchAll(/^ {2}([a-z]+) /gm)].map((m) => m[1]));
    const lines = [
      "README.md",
      "docs/embedded-postgres.md",
      "docs/resuming.md",
      "docs/scale.md",
      "docs/safety.md",
      "docs/model-files.md",
    ].flatMap((file) => [...read(file).matchAll(/^ *(?:npm ci && )?npx seed-bulk ?(.*)$/gm)].map((m) => m[1]));
    expect(lines.length).toBeGreaterThan(5);
    const helpOf = new Map<string, string>();
    for (const line of lines) {
      const [first, ...rest] = line.split("#")[0].trim().split(/\s+/);
      const command = first?.startsWith("-") ? "generate" : first;
      expect(commands, line).toContain(command);
      const args = [join(ROOT, "bin/seed-bulk.js"), command, "--help"];
      const own = helpOf.get(command) ?? execFileSync(process.execPath, args, { encoding: "utf8" });
      helpOf.set(command, own);
      for (const flag of [first, ...rest].filter((word) => word.startsWith("--"))) expect(own, line).toContain(flag);
    }
  });

  it("hold no download address and no path of a machine", () => {
    const files = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
    expect(read("package-lock.json")).not.toContain('"resolved": "http');
    for (const file of files.filter(isText)) {
      expect(read(file), file).not.toMatch(
        /registry\.|\.tgz|https?:\/\/[^\s)]*download|\/home\/\w+\/|\/root\/\w|\/work\//,
      );
    }
  });
});
