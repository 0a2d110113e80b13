import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { resolve } from "node:path";

const BIN = resolve(import.meta.dirname, "../../bin/seed-bulk.js");

/** What a command left behind. */
export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way: its process, and what it comes to. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly done: Promise<CommandResult>;
  /** Resolves once the output so far, of both streams, matches. */
  until(pattern: RegExp): Promise<void>;
}

/** Starts `seed-bulk` as a user would, with the environment's own settings for it taken away. */
export function startCommand(args: readonly string[], env: Record<string, string> = {}, cwd?: string): RunningCommand {
  const { NODE_ENV: _node, DATABASE_URL: _url, SEED_BULK_HOME: _home, NO_COLOR: _color, ...inherited } = process.env;
  return spawnCommand([process.execPath, BIN, ...args], { env: { ...inherited, ...env }, ...(cwd && { cwd }) });
}

/** Starts a program and listens to it. */
export function spawnCommand(
  [file, ...args]: readonly string[],
  options: Pick<SpawnOptions, "env" | "cwd" | "uid" | "gid">,
): RunningCommand {
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  let watchers: (() => void)[] = [];
  const told = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    told();
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    told();
  });
  const done = new Promise<CommandResult>((resolveDone) => {
    child.on("close", (code, signal) => resolveDone({ code, signal, stdout, stderr }));
  });
  const until = (pattern: RegExp): Promise<void> =>
    new Promise((resolveSeen, reject) => {
      const look = (): void => {
        if (!pattern.test(stdout + stderr)) return;
        watchers = watchers.filter((watcher) => watcher !== look);
        resolveSeen();
      };
      watchers.push(look);
      look();
      void done.then(() => reject(new Error(`the command ended before ${pattern}:\n${stdout}${stderr}`)));
    });
  return { child, done, until };
}

/** Runs `seed-bulk` to its end. */
export function runCommand(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
): Promise<CommandResult> {
  return startCommand(args, env, cwd).done;
}
