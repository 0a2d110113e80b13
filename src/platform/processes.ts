import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { errnoOf } from "./files.js";

/** Linux only; elsewhere a pid is all that tells one process from another. */
const procIsMounted = existsSync("/proc/self/stat");

interface ProcStat {
  name: string;
  state: string;
  /** Ticks since boot: with the pid, an identity that a reused pid does not share. */
  startTicks: string;
}

/** `<pid>-<start>`: names one process, not whichever process has that pid now. */
export function processIdentity(pid: number): string {
  return `${pid}-${readStat(pid)?.startTicks ?? "0"}`;
}

/** The pid of an identity, or undefined if the text is none. */
export function pidOfIdentity(identity: string): number | undefined {
  const match = /^([1-9]\d{0,9})-\d+$/.exec(identity);
  return match ? Number(match[1]) : undefined;
}

/** Whether the very process that the identity names still runs. False for text that is no identity. */
export function identityIsAlive(identity: string): boolean {
  const pid = pidOfIdentity(identity);
  return pid !== undefined && processIsAlive(pid) && processIdentity(pid) === identity;
}

/** Whether a process runs. A zombie does not: where pid 1 reaps nobody, a stopped server stays one for ever. */
export function processIsAlive(pid: number): boolean {
  if (procIsMounted) {
    const stat = readStat(pid);
    return stat !== undefined && stat.state !== "Z" && stat.state !== "X";
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
}

/**
 * Whether a pid read from `postmaster.pid` is a Postgres on that data directory, and not a later process with its pid.
 * @param dataDir a real path; Postgres makes it the working directory of all its processes
 */
export function servesDataDir(pid: number, dataDir: string): boolean {
  if (!processIsAlive(pid)) return false;
  if (!procIsMounted) return true;
  const workingDir = workingDirOf(pid);
  // Without the right to look, believe the pid file: taking a live server for dead is the worse mistake.
  return workingDir === undefined ? readStat(pid)?.name === "postgres" : workingDir === dataDir;
}

/** Every Postgres process on the data directory, whatever its pid file says; empty where /proc is not mounted. */
export function processesOnDataDir(dataDir: string): { pid: number; isPostmaster: boolean }[] {
  if (!procIsMounted) return [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && readStat(pid)?.name === "postgres" && processIsAlive(pid))
    .filter((pid) => workingDirOf(pid) === dataDir)
    .map((pid) => ({ pid, isPostmaster: !isServerChild(pid) }));
}

/** The postmaster keeps the command line it was started with; its children write what they do over theirs. */
function isServerChild(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("postgres: ");
  } catch {
    return true;
  }
}

function workingDirOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function readStat(pid: number): ProcStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The name stands in brackets and may itself hold brackets and spaces (proc_pid_stat(5)).
  const nameEnd = text.lastIndexOf(")");
  const fields = text.slice(nameEnd + 2).split(" ");
  return {
    name: text.slice(text.indexOf("(") + 1, nameEnd),
    state: fields[0],
    startTicks: fields[19],
  };
}
