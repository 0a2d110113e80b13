import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { makeDirectory } from "./files.js";

/** What a load took on this machine, from its first statement to its last check. */
export interface MeasuredLoad {
  /** Of binary COPY. */
  readonly bytes: number;
  readonly seconds: number;
}

/** Where programs keep what they can do without (XDG Base Directory Specification). */
function fileOf(env: NodeJS.ProcessEnv): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "seed-bulk", "last-load.json");
}

/** The last load that was kept; undefined where there is none, or none that can be read. */
export function lastMeasured(env: NodeJS.ProcessEnv): MeasuredLoad | undefined {
  try {
    const { bytes, seconds } = JSON.parse(readFileSync(fileOf(env), "utf8"));
    return bytes > 0 && seconds > 0 ? { bytes, seconds } : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps what a load took; where nothing can be written, nothing is kept. */
export function keepMeasured(load: MeasuredLoad, env: NodeJS.ProcessEnv): void {
  try {
    makeDirectory(dirname(fileOf(env)));
    writeFileSync(fileOf(env), `${JSON.stringify(load)}\n`);
  } catch {
    // A machine that keeps nothing assumes again.
  }
}
