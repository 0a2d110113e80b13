import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { type CommandResult, runCommand, startCommand } from "./cli.js";

export interface Chaos {
  /** The scenario and its size, as the command line takes them. */
  readonly scenario: readonly string[];
  readonly schema: string;
  readonly env: Readonly<Record<string, string>>;
  readonly processes: number;
  /** What each process is told, by its number from 0. */
  readonly toldBy: (process: number) => readonly string[];
  /** What each process finds in its environment besides, as an array scheduler puts it there. */
  readonly envOf?: (process: number) => Readonly<Record<string, string>>;
  /** Whether a process is now and then started twice, as a Job controller that has lost sight of a node does. */
  readonly twice?: boolean;
  /** Seconds between two kills. */
  readonly killEvery: number;
  /** Whether one process is stopped for longer than a lease holds, and the server restarted once. */
  readonly all: boolean;
  /** From 0 to below 1, anew at each call. */
  readonly random: () => number;
  readonly secondsMax: number;
}

/** What became of a run among whose workers some were killed. */
export interface ChaosOutcome {
  readonly runId: string;
  readonly seconds: number;
  readonly kills: number;
  /** How processes ended that were not killed: exit code, and what they said last. */
  readonly endings: readonly { readonly code: number | null; readonly said: string }[];
}

/** How long a process is stopped: longer than its share holds. */
const STOPPED_MS = 40_000;

interface Worker {
  readonly number: number;
  readonly child: ChildProcess;
  ended: CommandResult | undefined;
}

/**
 * Loads a run by processes of which one is killed every few seconds and another started in its place, until the run is
 * done. The process that has begun the run is long gone by then.
 */
export async function loadInChaos(chaos: Chaos): Promise<ChaosOutcome> {
  const { env, schema, scenario, processes, toldBy, killEvery, random } = chaos;
  const prepared = await runCommand(
    [...scenario, "--schema", schema, "--replace", "--yes", "--workers", "0", "--json"],
    env,
  );
  if (prepared.code !== 0) throw new Error(prepared.stderr);
  const { runId } = JSON.parse(prepared.stdout) as { runId: string };
  const began = performance.now();
  const secondsPassed = (): number => (performance.now() - began) / 1000;
  const endings: { code: number | null; said: string }[] = [];
  const workers: Worker[] = [];
  const start = (number: number): void => {
    const own = { ...env, ...chaos.envOf?.(number) };
    const { child, done } = startCommand(["work", runId, "--workers", "1", ...toldBy(number)], own);
    const worker: Worker = { number, child, ended: undefined };
    workers.push(worker);
    void done.then((result) => {
      worker.ended = result;
      if (result.signal !== "SIGKILL") {
        endings.push({
          code: result.code,
          said: `${result.stdout}${result.stderr}`.trim().split("\n").slice(-3).join(" | "),
        });
      }
    });
  };
  for (let number = 0; number < processes; number++) start(number);
  let kills = 0;
  let stopped: Worker | undefined;
  let restarts = 0;
  while (!(await isDone(runId, env))) {
    if (secondsPassed() > chaos.secondsMax)
      throw new Error(`not done after ${chaos.secondsMax} s: ${JSON.stringify(endings)}`);
    await delay(killEvery * 1000);
    const living = workers.filter(({ ended }) => ended === undefined);
    const chosen = living.at(Math.floor(random() * living.length));
    if (chaos.all && chosen && stopped === undefined && secondsPassed() > 2 * killEvery) {
      stopped = chosen;
      const { child } = chosen;
      child.kill("SIGSTOP");
      setTimeout(() => child.kill("SIGCONT"), STOPPED_MS);
    } else if (chaos.all && restarts === 0 && secondsPassed() > 4 * killEvery) {
      restarts++;
      await restartServer(env);
    } else {
      if (chosen && chosen !== stopped && chosen.child.kill("SIGKILL")) kills++;
      if (chaos.twice && kills % 2 === 1) start(Math.floor(random() * processes));
    }
    // What a scheduler does: whoever ended and should not have is started anew.
    for (let number = 0; number < processes; number++) {
      const own = workers.filter((worker) => worker.number === number);
      if (own.every(({ ended }) => ended !== undefined && ended.code !== 0)) start(number);
    }
  }
  const seconds = secondsPassed();
  stopped?.child.kill("SIGCONT");
  for (const { child, ended } of workers) if (ended === undefined) await untilEnded(child);
  return { runId, seconds, kills, endings };
}

async function isDone(runId: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  const { stdout, code } = await runCommand(["status", runId, "--json"], env);
  // A server that restarts answers later.
  return code === 0 && JSON.parse(stdout).runs[0].state === "done";
}

async function restartServer(env: Readonly<Record<string, string>>): Promise<void> {
  const { stdout } = await runCommand(["db", "status", "--json"], env);
  const { pid } = JSON.parse(stdout) as { pid: number };
  process.kill(pid, "SIGINT");
  while (isAlive(pid)) await delay(50);
  await runCommand(["db", "start"], env);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function untilEnded(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}
