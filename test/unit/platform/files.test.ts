import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDirectory } from "../../../src/platform/files.js";

const ROOT = resolve(import.meta.dirname, "../../..");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-files-"));
  writeFileSync(join(folder, "file"), "");
  symlinkSync(join(folder, "nowhere"), join(folder, "dangling"));
  symlinkSync("loop", join(folder, "loop"));
  mkdirSync(join(folder, "real"));
  symlinkSync("real", join(folder, "link"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("making a directory", () => {
  it("makes what is missing above it, below a link too, and is content with one that is there", () => {
    for (const name of ["a/b/c", "a/b/c", "a", "link/deep/er", "link", "."]) makeDirectory(join(folder, name));
    expect(existsSync(join(folder, "a/b/c"))).toBe(true);
    expect(existsSync(join(folder, "real/deep/er"))).toBe(true);
    makeDirectory(relative(process.cwd(), join(folder, "by/a/relative/path")));
    expect(existsSync(join(folder, "by/a/relative/path"))).toBe(true);
    makeDirectory("/");
  });

  it.each(["file", "file/x", "file/x/y", "dangling", "dangling/x", "dangling/x/y", "loop", "loop/x"])(
    "fails where %s is in the way, and says with what name",
    (name) => {
      expect(() => makeDirectory(join(folder, name))).toThrow(join(folder, name.split("/")[0]));
      expect(existsSync(join(folder, "nowhere"))).toBe(false);
    },
  );

  // A process of its own: a thread that spins in a system call's loop can only be killed.
  it.runIf(existsSync("/proc/self"))("ends where a directory refuses every name, as /proc does", async () => {
    const script =
      "import { makeDirectory } from './dist/src/platform/files.js';" +
      "for (const path of ['/proc/none', '/proc/none/of/these']) " +
      "try { makeDirectory(path) } catch (error) { console.log(error.message) }";
    const running = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      cwd: ROOT,
      timeout: 30_000,
    });
    expect((await running).stdout.match(/mkdir '\/proc\/none'/g)).toHaveLength(2);
  });

  it("is left to Node's own recursion nowhere in the program", () => {
    const sources = ["src", "bench"].flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => join(room, file)),
    );
    const spinning = sources.filter((file) => {
      return /\bmkdir(Sync)?\([^;]*recursive/.test(readFileSync(join(ROOT, file), "utf8"));
    });
    expect(spinning).toEqual([]);
  });
});
