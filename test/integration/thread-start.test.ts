import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type CommandResult, runCommand } from "../support/cli.js";

const FIXTURE = resolve(import.meta.dirname, "../fixtures/thread-start-fault.cjs");

const withFault = (fault: string, args: readonly string[]): Promise<CommandResult> =>
  runCommand(args, { NODE_OPTIONS: `--require=${FIXTURE}`, THREAD_FAULT: fault });

describe("worker threads that cannot start", () => {
  const load = ["--scenario", "development", "--sink", "discard", "--workers", "4"];
  const stream = ["export", "--scenario", "development", "--only", "users", "--format", "csv", "--out", "-"];
  for (const [fault, said] of [
    ["throws", /thrown on purpose.*install it anew/s],
    ["exits", /ended before it was ready/],
    ["refused", /EAGAIN.*fewer with --workers/s],
  ] as const) {
    it.each([
      ["a load", load],
      ["an export", [...stream, "--workers", "4"]],
    ])(`end %s at once: ${fault}`, async (_, args) => {
      const { code, stderr } = await withFault(fault, args);
      expect(code, stderr).toBe(1);
      expect(stderr).toMatch(/error SB_WORKER_FAILED: a worker thread cannot start: /);
      expect(stderr).toMatch(said);
      expect(stderr).not.toMatch(/^\s+at |attempt 2/m);
    });
  }
});
