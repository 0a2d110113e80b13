import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { type CommandResult, runCommand, spawnCommand } from "../support/cli.js";

const FIXTURE = resolve(import.meta.dirname, "../fixtures/thread-start-fault.cjs");

const BIN = resolve(import.meta.dirname, "../../bin/seed-bulk.js");

const faultEnv = (fault: string, after: number): Record<string, string> => ({
  NODE_OPTIONS: `--require=${FIXTURE}`,
  THREAD_FAULT: fault,
  THREAD_FAULT_AFTER: String(after),
});

/** Runs a command whose threads have a fault, beyond the first so many. */
const withFault = (fault: string, args: readonly string[], after = 0): Promise<CommandResult> =>
  runCommand(args, faultEnv(fault, after));

describe("worker threads that cannot start", () => {
  const load = ["--scenario", "development", "--sink", "discard", "--workers", "4"];
  const stream = ["export", "--scenario", "development", "--only", "users", "--format", "csv", "--out", "-"];
  for (const [fault, said] of [
    ["throws", /thrown on purpose.*install it anew/s],
    ["exits", /ended before it was ready/],
    ["refused", /EAGAIN.*fewer with --workers/s],
    ["crowded", /EMFILE.*ulimit -n.*with --workers/s],
  ] as const) {
    it.each([
      ["a load", 0, load],
      ["an export", 0, [...stream, "--workers", "4"]],
      ["a load that has begun", 4, load],
    ])(`end %s at once: ${fault}`, async (_, after, args) => {
      const { code, stderr } = await withFault(fault, args, after);
      expect(code, stderr).toBe(1);
      expect(stderr).toMatch(/error SB_WORKER_FAILED: a worker thread cannot start: /);
      expect(stderr).toMatch(said);
      expect(stderr).not.toMatch(/^\s+at /m);
    });
  }
});

it("lets threads start that are starting when they are ended: loading code, one would take the process along", async () => {
  const pool = pathToFileURL(resolve(import.meta.dirname, "../../dist/src/engine/threads/thread-pool.js"));
  const program = `const { ThreadPool } = await import("${pool}"); await new ThreadPool("plan", 3, {}).close();`;
  const { stderr } = await spawnCommand([process.execPath, "--input-type=module", "-e", program], {
    env: faultEnv("slow", 0),
  }).done;
  expect(stderr.split("\n").sort().join(" ")).toBe(" loaded loaded loaded loading loading loading");
});

describe.skipIf(process.platform === "win32")("a limit on open files", () => {
  /** Runs a command of a shell that allows so many. */
  const limited = (files: number, ...args: string[]) =>
    spawnSync("sh", ["-c", `ulimit -n ${files}; exec "$@"`, "sh", process.execPath, BIN, ...args], {
      encoding: "utf8",
    });
  const load = ["--scenario", "development", "--sink", "discard"];

  it("that lets nothing begin is said at the start", () => {
    const { status, stderr } = limited(64, ...load);
    expect(stderr).toMatch(/^error SB_OPEN_FILES: .* 64 open files.*ulimit -n/s);
    expect(status).toBe(1);
  });
});
