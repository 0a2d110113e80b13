import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CommandResult, runCommand, startCommand } from "../support/cli.js";

/** About 0.3 million rows, which take half a second to load. */
const SCENARIO = ["--scenario", "development", "--scale", "3", "--workers", "2", "--no-verify"];

let home: string;
let env: Record<string, string>;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "seed-bulk-faults-"));
  chmodSync(home, 0o755);
  env = { SEED_BULK_HOME: join(home, "db") };
});
afterEach(async () => {
  await runCommand(["db", "destroy", "--yes"], env);
  rmSync(home, { recursive: true, force: true });
});

async function succeed(args: readonly string[]): Promise<CommandResult> {
  const result = await runCommand(args, env);
  expect(result.code, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
  return result;
}

async function serverPid(): Promise<number> {
  return JSON.parse((await succeed(["db", "status", "--json"])).stdout).pid;
}

describe("a Postgres that is killed", () => {
  for (const flags of [[], ["--unlogged"]]) {
    // Without it only crash recovery is tried, which is Postgres's own: with `npm run test:kills`.
    it.runIf(flags.length > 0 || process.env["SEED_BULK_KILLS"] !== undefined)(
      `and started again holds a run that resumes${flags.length > 0 ? ", unlogged too" : ""}`,
      async () => {
        await succeed(["db", "start"]);
        const pid = await serverPid();
        const { done, until } = startCommand([...SCENARIO, ...flags], env);
        await until(/load {2}started/);
        await until(/load {2}\d+%|load {2}done/);
        process.kill(pid, "SIGKILL");
        const { code, stderr } = await done;
        expect(code, stderr).toBe(1);
        expect(stderr).toMatch(/error SB_(CONNECTION_LOST|DATABASE_UNREACHABLE|CONSTRAINT_FAILED)/);
        await succeed(["db", "start"]);
        await succeed(["resume", "--no-verify"]);
        await succeed(["verify", "--exact"]);
      },
    );
  }
});

describe("a Postgres that is restarted", () => {
  it("under a load, and again in finishing, is waited for: the run goes on by itself, and every byte is there once", async () => {
    await succeed(["db", "start"]);
    const { done, until } = startCommand(SCENARIO, env);
    for (const moment of [/load {2}\d+%|load {2}done/, /indexes {2}started/]) {
      const pid = await serverPid();
      await until(moment);
      // As an orderly stop does: sessions are ended at once.
      process.kill(pid, "SIGINT");
      await vi.waitUntil(() => !isAlive(pid), { timeout: 60_000, interval: 20 });
      await succeed(["db", "start"]);
    }
    const { code, stderr } = await done;
    expect(code, stderr).toBe(0);
    await succeed(["verify", "--exact"]);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const canMount = spawnSync("mount", ["--version"]).status === 0 && process.getuid?.() === 0;

describe.runIf(canMount)("a full disk", () => {
  it("is told as what it is, and the run resumes once there is space", async () => {
    const disk = env["SEED_BULK_HOME"];
    mkdirSync(disk);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=2g,mode=755", "tmpfs", disk]).status !== 0) return;
    try {
      await succeed(["db", "start"]);
      const { done, until } = startCommand(SCENARIO, env);
      await until(/load {2}started/);
      const ballast = join(disk, "ballast");
      // All but a little at once: tables grow for a moment more.
      const { bavail, bsize } = statfsSync(disk);
      spawnSync("fallocate", ["--length", String(Math.max(1, bavail * bsize - 40e6)), ballast]);
      const { code, stderr } = await done;
      rmSync(ballast);
      expect(code, stderr).toBe(1);
      expect(stderr).toMatch(/error SB_(DISK_FULL|CONNECTION_LOST|DATABASE_UNREACHABLE)/);
      await succeed(["db", "start"]);
      await succeed(["resume", "--no-verify"]);
      await succeed(["verify", "--exact"]);
    } finally {
      await runCommand(["db", "stop"], env);
      spawnSync("umount", [disk]);
    }
  });
});
