import { execFile } from "node:child_process";
import { chownSync, lstatSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SeedBulkError } from "../../errors.js";
import { errnoOf } from "../../platform/files.js";

/** Who runs initdb and the server. Postgres refuses to run as root. */
export interface ServerUser {
  name: string;
  /** Passed to spawn; empty where the server runs as whoever called us. */
  ids: { uid?: number; gid?: number };
}

/** In order: made for the purpose, then on every Unix. We never create a user. */
const UNPRIVILEGED_NAMES = ["postgres", "nobody"];

const PASSWD_FILE = "/etc/passwd";

/** Not PATH's: the server must not load what the caller's environment points at, and its messages must be in English for us to read. */
const SERVER_ENVIRONMENT = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" };

/** Whether we must, and may, change to another user. */
export function runsAsRoot(): boolean {
  return process.geteuid?.() === 0;
}

/**
 * Chooses who runs the server: the owner of the data if there is any, for nobody else may; else, for root, an unprivileged user.
 * @param dataDir may not exist yet
 * @throws SB_EMBEDDED_UNSUPPORTED when root finds no unprivileged user
 * @throws SB_EMBEDDED_FAILED when the data belongs to somebody else
 */
export function chooseServerUser(dataDir: string | undefined): ServerUser {
  const owner = dataDir === undefined ? undefined : lstatSync(dataDir);
  if (!runsAsRoot()) {
    const uid = process.geteuid?.();
    if (owner && owner.uid !== uid) {
      throw new SeedBulkError("SB_EMBEDDED_FAILED", `${dataDir} belongs to user ${owner.uid}, not to ${uid}`, {
        hint: "Run as that user, or set SEED_BULK_HOME to a directory of your own.",
      });
    }
    return { name: String(uid), ids: {} };
  }
  if (owner && owner.uid !== 0) return { name: String(owner.uid), ids: { uid: owner.uid, gid: owner.gid } };
  for (const name of UNPRIVILEGED_NAMES) {
    const ids = lookUpUser(name);
    if (ids && ids.uid !== 0) return { name, ids };
  }
  throw new SeedBulkError(
    "SB_EMBEDDED_UNSUPPORTED",
    `Postgres refuses to run as root, and ${PASSWD_FILE} has neither of ${UNPRIVILEGED_NAMES.join(", ")}`,
    { hint: "Run seed-bulk as an ordinary user, or pass --database-url." },
  );
}

/** The outcome of a program run to its end. */
export interface RunResult {
  isOk: boolean;
  /** Standard output and error together, as a person would have seen them. */
  output: string;
  cause: unknown;
}

/**
 * Runs a program to its end as the server's user; what it prints and how it failed is for the caller to judge.
 * @param options.signal ends it early; the result still waits for the end of it and of all that it has started
 */
export function runAs(
  user: ServerUser,
  options: { command: string; args: readonly string[]; signal?: AbortSignal | undefined },
): Promise<RunResult> {
  return new Promise((resolve) => {
    // Not execFile's own signal option: that answers at once, while the program still writes.
    const end = () => child.kill("SIGTERM");
    // The caller's directory may be one that the user cannot read; programs complain about that.
    const child = execFile(options.command, options.args, spawnOptionsOf(user), (cause, stdout, stderr) => {
      options.signal?.removeEventListener("abort", end);
      resolve({ isOk: cause === null, output: `${stdout}${stderr}`, cause });
    });
    if (options.signal?.aborted) end();
    options.signal?.addEventListener("abort", end, { once: true });
  });
}

/** The environment and identity that the server itself is spawned with. */
export function spawnOptionsOf(user: ServerUser): { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv } {
  return { ...user.ids, cwd: "/", env: SERVER_ENVIRONMENT };
}

/**
 * Whether the user can reach the directory and write below it: found out by doing it.
 * Modes alone do not say so: ACLs, mount options and every parent directory have a word too.
 */
export async function canWriteBelow(user: ServerUser, directory: string): Promise<boolean> {
  let probeDir: string | undefined;
  try {
    probeDir = mkdtempSync(join(directory, "probe-"));
    giveTo(user, probeDir);
    const probe = ': > "$1/file" && rm "$1/file"';
    return (await runAs(user, { command: "/bin/sh", args: ["-c", probe, "sh", probeDir] })).isOk;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  } finally {
    if (probeDir !== undefined) rmSync(probeDir, { recursive: true, force: true });
  }
}

/** Makes the server's user the owner. Does nothing where that is ourselves. */
export function giveTo(user: ServerUser, path: string): void {
  if (user.ids.uid !== undefined && user.ids.gid !== undefined) chownSync(path, user.ids.uid, user.ids.gid);
}

function lookUpUser(name: string): { uid: number; gid: number } | undefined {
  const line = readFileSync(PASSWD_FILE, "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  if (line === undefined) return undefined;
  const [, , uid, gid] = line.split(":");
  // macOS writes nobody as -2, which the system calls take as 2^32 - 2.
  return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
}
