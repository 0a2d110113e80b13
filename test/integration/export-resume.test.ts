import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportStream } from "../../src/export/export-stream.js";
import type { Manifest } from "../../src/export/manifest.js";
import { buildPlan } from "../../src/model/plan.js";
import { runCommand, startCommand } from "../support/cli.js";
import { contentOf, exportDir, exported, manifestOf } from "../support/export-files.js";
import { planned } from "../support/planned.js";

const dirs: string[] = [];
const newDir = (): string => {
  const dir = exportDir();
  dirs.push(dir);
  return dir;
};

let demo: Awaited<ReturnType<typeof planned>>;
beforeAll(async () => {
  demo = await planned("demo");
});
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

/** Waits until a directory's manifest is as wanted. */
async function manifestUntil(dir: string, isWanted: (manifest: Manifest) => boolean): Promise<Manifest> {
  for (;;) {
    if (existsSync(join(dir, "manifest.json"))) {
      const manifest = manifestOf(dir);
      if (isWanted(manifest)) return manifest;
    }
    await delay(5);
  }
}

describe("an export that was killed", () => {
  const command = (dir: string): string[] =>
    "export --scenario analytics --only events --format csv --compress gzip --workers 1 --out".split(" ").concat(dir);

  it("goes on in the middle of a file, and ends with the same bytes", async () => {
    const dir = newDir();
    const { child, done } = startCommand(command(dir));
    const left = await manifestUntil(dir, ({ unfinished }) => unfinished !== null);
    child.kill("SIGKILL");
    expect((await done).signal).toBe("SIGKILL");
    expect(readdirSync(dir)).not.toContain("events.csv.gz");
    const { unfinished } = manifestOf(dir);
    expect(unfinished!.pieces).toBeGreaterThanOrEqual(left.unfinished!.pieces);
    const part = join(dir, "events.csv.gz.part");
    const kept = readFileSync(part).subarray(0, unfinished!.bytes);

    const again = await runCommand([...command(dir), "--json"]);
    expect(again.code).toBe(0);
    const report = JSON.parse(again.stdout);
    expect(report.manifest.complete).toBe(true);
    const whole = readFileSync(join(dir, "events.csv.gz"));
    expect(whole.subarray(0, kept.length).equals(kept)).toBe(true);

    const other = newDir();
    expect((await runCommand(command(other))).code).toBe(0);
    expect(whole.equals(readFileSync(join(other, "events.csv.gz")))).toBe(true);
    expect(report.manifest).toEqual(manifestOf(other));
  });

  it("ends with 130 after Ctrl-C, says how to go on, and notes what is done", async () => {
    const dir = newDir();
    const { child, done, until } = startCommand(command(dir));
    await until(/load {2}started/);
    await manifestUntil(dir, () => existsSync(join(dir, "events.csv.gz.part")));
    child.kill("SIGINT");
    const { code, stderr } = await done;
    expect(code).toBe(130);
    expect(stderr).toContain("SB_INTERRUPTED");
    expect(stderr).toContain("goes on where it stopped");
    expect(manifestOf(dir).complete).toBe(false);
    // Nobody holds the directory.
    expect(readdirSync(dir).filter((name) => name.startsWith(".seed-bulk"))).toEqual([]);
  });
});

describe("an export that is run again", () => {
  it("keeps whole files, of Parquet as of text, and makes the others", async () => {
    for (const format of ["parquet", "jsonl"] as const) {
      const whole = newDir();
      await exported(demo, { format, dir: whole, rowsPerFile: 400 });
      const dir = newDir();
      const controller = new AbortController();
      const progress = (rows: readonly number[]): void => {
        if (rows.some((count) => count > 0)) controller.abort();
      };
      const stopped = exported(demo, {
        format,
        dir,
        rowsPerFile: 400,
        signal: controller.signal,
        observer: { progress },
      });
      await expect(stopped).rejects.toMatchObject({ code: "SB_INTERRUPTED" });
      const before = manifestOf(dir);
      expect(before.complete).toBe(false);
      // A file appears under its name only when it is whole.
      const expected = contentOf(whole);
      for (const [name, bytes] of Object.entries(contentOf(dir))) {
        if (!name.endsWith(".part")) expect(bytes, name).toBe(expected[name]);
      }
      const times = new Map(
        before.files.filter(({ bytes }) => bytes !== null).map(({ file }) => [file, statSync(join(dir, file)).mtimeMs]),
      );
      const report = await exported(demo, { format, dir, rowsPerFile: 400 });
      expect(report.filesKept).toBe(times.size);
      for (const [file, time] of times) expect(statSync(join(dir, file)).mtimeMs).toBe(time);
      expect(contentOf(dir)).toEqual(expected);
      expect(manifestOf(dir)).toEqual(manifestOf(whole));
    }
  });

  it("has nothing to do where all is there, and makes again what is gone or cut off", async () => {
    const dir = newDir();
    await exported(demo, { format: "csv", dir });
    const content = contentOf(dir);
    expect(await exported(demo, { format: "csv", dir })).toMatchObject({ filesMade: 0 });
    rmSync(join(dir, "contacts.csv"));
    writeFileSync(join(dir, "users.csv"), "id\n");
    const notices: string[] = [];
    const observer = { notice: (text: string) => void notices.push(text) };
    expect(await exported(demo, { format: "csv", dir, observer })).toMatchObject({ filesMade: 2 });
    expect(notices).toEqual([
      expect.stringMatching(/^users.csv has 3 bytes where \d+ were written: it is made again$/),
      "contacts.csv is gone: it is made again",
    ]);
    expect(contentOf(dir)).toEqual(content);
  });

  it("is refused where the directory holds another export; --replace deletes that one's files and no other", async () => {
    const dir = newDir();
    await exported(demo, { format: "csv", dir });
    writeFileSync(join(dir, "mine.txt"), "kept");
    const again = (more: string[]) =>
      runCommand([
        "export",
        "--scenario",
        "demo",
        "--format",
        "jsonl",
        "--seed",
        "7",
        "--workers",
        "1",
        "--out",
        dir,
        ...more,
      ]);
    const refused = await again([]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain("SB_EXPORT_CHANGED");
    expect(refused.stderr).toContain('format was "csv", is "jsonl"');
    expect(refused.stderr).toContain("seed was 42, is 7");
    expect((await again(["--replace"])).code).toBe(0);
    const names = readdirSync(dir);
    expect(names).toContain("mine.txt");
    expect(names).toContain("contacts.jsonl");
    expect(names.filter((name) => name.endsWith(".csv"))).toEqual([]);
  });

  it("overwrites no file that no export made, and believes no manifest that leads out of its directory", async () => {
    const dir = newDir();
    writeFileSync(join(dir, "contacts.csv"), "mine");
    await expect(exported(demo, { format: "csv", dir })).rejects.toMatchObject({ code: "SB_FILE_EXISTS" });
    expect(readFileSync(join(dir, "contacts.csv"), "utf8")).toBe("mine");
    const other = newDir();
    await exported(demo, { format: "csv", dir: other });
    const manifest = manifestOf(other);
    writeFileSync(
      join(other, "manifest.json"),
      JSON.stringify({ ...manifest, files: [{ ...manifest.files[0], file: "../x" }] }),
    );
    const replaced = exported(demo, { format: "csv", dir: other, replace: true });
    await expect(replaced).rejects.toMatchObject({ code: "SB_EXPORT_CHANGED" });
  });

  it("fails with a code where a file cannot be written, and goes on once it can", async () => {
    const dir = newDir();
    mkdirSync(join(dir, "contacts.csv.part"));
    await expect(exported(demo, { format: "csv", dir })).rejects.toMatchObject({ code: "SB_EXPORT_FAILED" });
    expect(manifestOf(dir).files.find(({ entity }) => entity === "users")!.bytes).not.toBeNull();
    rmdirSync(join(dir, "contacts.csv.part"));
    const report = await exported(demo, { format: "csv", dir });
    expect(report.manifest.complete).toBe(true);
    expect(report.filesKept).toBeGreaterThan(0);
  });

  it("waits for nobody: a directory that another process writes into is refused", async () => {
    const dir = newDir();
    const notices: string[] = [];
    let second: Promise<unknown> | undefined;
    const observer = {
      planned: () => {
        second = exported(demo, { format: "csv", dir }).catch((error) => void notices.push(error.code));
      },
    };
    await exported(demo, { format: "csv", dir, observer });
    await second;
    expect(notices).toEqual(["SB_RUN_BUSY"]);
  });
});

describe("--out -", () => {
  const stream = ["export", "--scenario", "demo", "--workers", "1", "--out", "-"];

  it("writes one entity, and a whole script, as their files have them", async () => {
    const dir = newDir();
    await exported(demo, { format: "csv", dir });
    const { code, stdout } = await runCommand([...stream, "--format", "csv", "--only", "contacts"]);
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(join(dir, "contacts.csv"), "utf8"));
    const scripts = newDir();
    await exported(demo, { format: "sql", dir: scripts });
    const script = await runCommand([...stream, "--format", "sql"]);
    expect(script.stdout).toBe(readFileSync(join(scripts, "load.sql"), "utf8"));
  });

  it("ends where the reader goes away, and does not call that whole", async () => {
    const { child, done, until } = startCommand(
      "export --scenario analytics --format jsonl --only events --workers 1 --out -".split(" "),
    );
    await until(/^\{"id":1,/);
    child.stdout!.destroy();
    const { code, signal, stderr } = await done;
    expect({ code, signal }).toEqual({ code: 1, signal: null });
    expect(stderr).toMatch(/^error SB_OUTPUT_FAILED: the reader of standard output left after .*\n$/);
  });

  it("refuses what it cannot do", async () => {
    const { universe, plan } = demo;
    const common = { universe, plan, compression: null, workers: 1 };
    const refused = { code: "SB_USAGE" };
    await expect(exportStream({ ...common, format: "csv" }, 1)).rejects.toMatchObject(refused);
    const users = { ...common, plan: buildPlan(universe, ["users"]) };
    await expect(exportStream({ ...users, format: "parquet" }, 1)).rejects.toMatchObject(refused);
    await expect(exported(demo, { format: "sql", dir: newDir(), rowsPerFile: 5 })).rejects.toMatchObject(refused);
    const { code, stderr } = await runCommand([...stream, "--format", "sql", "--replace"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--replace has no meaning with --out -");
  });
});
