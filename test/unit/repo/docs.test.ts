import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS, DEFAULT_COMMAND } from "../../../src/cli/command-table.js";
import { ERROR_CODES } from "../../../src/errors.js";

const ROOT = resolve(import.meta.dirname, "../../..");
/** Text of ours; this file names what it looks for. */
const isText = (name: string): boolean =>
  /\.(md|ts|yaml|yml|json)$/.test(name) && !/package-lock|docs\.test/.test(name);
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** Options that every command has. */
const COMMON = ["--help", "--quiet", "--verbose", "--debug", "--config", "--profile"];

describe("the documents", () => {
  it("list every error code with its exit code, and no other", () => {
    const rows = [...read("docs/errors.md").matchAll(/^\| `(SB_\w+)` +\| (\d+) +\|/gm)].map((m) => [
      m[1],
      Number(m[2]),
    ]);
    expect(Object.fromEntries(rows)).toEqual(ERROR_CODES);
  });

  it("name only commands and options that there are", async () => {
    const files = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`)];
    const lines = files
      .filter((file) => file.endsWith(".md"))
      .flatMap((file) => [...read(file).matchAll(/^ *(?:npm ci && )?npx seed-bulk ?(.*)$/gm)].map((m) => m[1]));
    expect(lines.length).toBeGreaterThan(80);
    for (const line of lines) {
      const [first = DEFAULT_COMMAND, ...rest] = line
        .split(/ [#|&>]/)[0]
        .trim()
        .split(/\s+/)
        .filter(Boolean);
      const name = first.startsWith("-") ? DEFAULT_COMMAND : first;
      if (name === "--help") continue;
      expect(Object.keys(COMMANDS), line).toContain(name);
      const command = await COMMANDS[name].load();
      const options = [command, ...command.commands].flatMap((one) => one.options.map(({ long }) => long));
      const flags = [first, ...rest].filter((word) => word.startsWith("--")).map((flag) => flag.split("=")[0]);
      const known = new Set([...options, ...COMMON]);
      expect(
        flags.filter((flag) => !known.has(flag)),
        line,
      ).toEqual([]);
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
