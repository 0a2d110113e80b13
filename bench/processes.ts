import { fork, spawn } from "node:child_process";
import { join } from "node:path";
import { ERROR_CODES, type ErrorCode, SeedBulkError } from "../src/errors.js";
import { packageRoot } from "../src/platform/package.js";
import type { Measured, Outcome, Task } from "./tasks.js";

/** How a process of a measurement ends, whatever it does. */
export interface ProcessLimits {
  readonly secondsMax: number;
  readonly signal: AbortSignal;
}

/** Programs run what was built, also where this file runs from source, as under vitest. */
export function compiledFile(name: string): string {
  return join(packageRoot(), "dist/bundle/bench", `${name}.js`);
}

/**
 * Does a task in a process of its own.
 * @throws SeedBulkError SB_BENCH_FAILED, SB_INTERRUPTED, and what the task threw where it has a code of ours
 */
export async function runInChild(task: Task, { secondsMax, signal }: ProcessLimits): Promise<Measured> {
  refuseAborted(signal);
  const child = fork(compiledFile("child"), [], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let stderr = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-2000);
  });
  let outcome: Outcome | undefined;
  child.on("message", (message) => {
    outcome = message as Outcome;
  });
  const ended = endOf(child, task.kind, { secondsMax, signal });
  child.send(task);
  await ended;
  if (outcome?.ok) return outcome.measured;
  throw taskError(task.kind, outcome, stderr);
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new SeedBulkError("SB_INTERRUPTED", "stopped between two measurements");
}

/** What a program of others came to. */
export interface ProgramResult {
  readonly seconds: number;
  readonly stdout: string;
  /** Milliseconds since 1970 when it was started. */
  readonly startedMs: number;
}

/**
 * Runs a program to its end.
 * @throws SeedBulkError SB_BENCH_FAILED with the end of what it said, SB_INTERRUPTED
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: ProcessLimits & { readonly input?: string; readonly env?: NodeJS.ProcessEnv },
): Promise<ProgramResult> {
  const { input, env = process.env, signal } = options;
  refuseAborted(signal);
  const startedMs = Date.now();
  const began = performance.now();
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-2000);
  });
  // A program that ends before it has read its input says why by its exit code.
  child.stdin.on("error", () => {});
  child.stdin.end(input ?? "");
  const code = await endOf(child, command, options);
  const seconds = (performance.now() - began) / 1000;
  if (code === 0) return { seconds, stdout, startedMs };
  throw new SeedBulkError(
    "SB_BENCH_FAILED",
    `${command} ended with code ${code}: ${stderr.trim() || "it said nothing"}`,
  );
}

/** Waits for a process; one that takes too long, or is no longer wanted, is ended. */
function endOf(
  child: ReturnType<typeof spawn>,
  what: string,
  { secondsMax, signal }: ProcessLimits,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    let reason: SeedBulkError | undefined;
    const stop = (why: SeedBulkError): void => {
      reason ??= why;
      child.kill("SIGKILL");
    };
    const onAbort = (): void => stop(new SeedBulkError("SB_INTERRUPTED", `stopped while measuring ${what}`));
    const timer = setTimeout(
      () => stop(new SeedBulkError("SB_BENCH_FAILED", `${what} took longer than ${secondsMax} s and was stopped`)),
      secondsMax * 1000,
    );
    signal.addEventListener("abort", onAbort, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    child.on("error", (cause) => {
      settle();
      reject(new SeedBulkError("SB_BENCH_FAILED", `cannot start ${what}: ${cause.message}`, { cause }));
    });
    child.on("close", (code) => {
      settle();
      if (reason) reject(reason);
      else resolve(code);
    });
  });
}

function taskError(kind: string, outcome: Outcome | undefined, stderr: string): SeedBulkError {
  if (outcome === undefined) {
    const said = stderr.trim() === "" ? "it said nothing" : stderr.trim();
    return new SeedBulkError("SB_BENCH_FAILED", `the process that measured ${kind} ended without a result: ${said}`);
  }
  const { code, message } = outcome as Extract<Outcome, { ok: false }>;
  if (code !== null && code in ERROR_CODES) return new SeedBulkError(code as ErrorCode, message);
  return new SeedBulkError(
    "SB_BENCH_FAILED",
    `measuring ${kind} failed: ${message}${code === null ? "" : ` (${code})`}`,
  );
}
