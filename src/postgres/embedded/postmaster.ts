import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, closeSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SeedBulkError } from "../../errors.js";
import { errnoOf, readIfExists, unlinkIfExists } from "../../platform/files.js";
import { processesOnDataDir, processIsAlive, servesDataDir } from "../../platform/processes.js";
import { type WaitOptions, waitUntil } from "../../platform/waiting.js";
import type { Binaries } from "./binaries.js";
import type { HomePaths } from "./home.js";
import type { DataLocation } from "./location.js";
import { openLog, tailOfLog } from "./server-log.js";
import { type ServerUser, spawnOptionsOf } from "./server-user.js";
import { HOST_BASED_AUTHENTICATION, renderConfiguration, thisMachine } from "./settings.js";
import { makeSocketDir, removeSocketDir } from "./socket-dir.js";

/** Names the socket file only: by default nothing listens on TCP, so it is free beside any other server. */
const DEFAULT_PORT = 5432;

/** Recovery after a crash replays up to `max_wal_size` of WAL: 8 GB at some 100 MB/s. */
const START_MS_MAX = 180_000;

/** A fast shutdown writes out all dirty buffers, up to 1 GB, before it ends. */
const STOP_MS_MAX = 60_000;

/** Processes left behind by a killed postmaster notice it at once when idle, and when busy at the end of what they do. */
const ORPHANS_MS_MAX = 10_000;

/** A running server, as its own `postmaster.pid` describes it. */
export interface Postmaster {
  pid: number;
  socketDir: string;
  port: number;
  listensOnTcp: boolean;
  isReady: boolean;
}

/** The server on the data directory, or undefined where none runs: a file left by a crash, or damaged by it, is no server. */
export function findPostmaster(location: DataLocation): Postmaster | undefined {
  const text = readIfExists(pidFileOf(location));
  if (text === undefined) return undefined;
  // postgres: src/include/utils/pidfile.h. The last line is missing until the server has got that far.
  const [pid, , , port, socketDir, listenAddress, , status] = text.split("\n").map((line) => line.trim());
  if (!/^[1-9]\d{0,9}$/.test(pid) || !servesDataDir(Number(pid), location.dataDir)) return undefined;
  return {
    pid: Number(pid),
    port: Number(port),
    socketDir: socketDir ?? "",
    listensOnTcp: Boolean(listenAddress),
    isReady: status === "ready",
  };
}

/** Whether clients can find the server's socket: whoever cleans /tmp takes it away from under a running server. */
export function hasSocket(postmaster: Postmaster): boolean {
  return existsSync(join(postmaster.socketDir, `.s.PGSQL.${postmaster.port}`));
}

/** What a start needs to know. */
export interface StartOptions extends WaitOptions {
  paths: HomePaths;
  location: DataLocation;
  binaries: Binaries;
  user: ServerUser;
  /** Listen on 127.0.0.1 as well, at this port. */
  tcpPort?: number | undefined;
}

/**
 * Starts the server and waits until it takes connections. It outlives us, in a session of its own, so that Ctrl-C in our terminal misses it.
 * @throws SB_EMBEDDED_FAILED with the end of the server's log
 * @throws SB_INTERRUPTED when the signal fires first; the server is then stopped again
 */
export async function startPostmaster(options: StartOptions): Promise<Postmaster> {
  const { location, user } = options;
  await endOrphans(location, options);
  // Postgres takes any process that now has the dead server's pid for the server. We know better: servesDataDir.
  unlinkIfExists(pidFileOf(location));

  const socketDir = await makeSocketDir(options.paths.hash, user);
  const configurationFile = writeConfiguration(options, socketDir);
  const log = openLog(options.paths.log);
  const child = spawn(options.binaries.postgres, ["-D", location.dataDir, "-c", `config_file=${configurationFile}`], {
    ...spawnOptionsOf(user),
    detached: true,
    stdio: ["ignore", log.descriptor, log.descriptor],
  });
  closeSync(log.descriptor);
  child.unref();
  return untilReady(child, { ...options, startBytes: log.startBytes });
}

/**
 * The server that runs, waited for where the command that started or stopped it was killed before it was ready or gone.
 * @returns undefined when none runs any more
 */
export async function untilStarted(location: DataLocation, wait: WaitOptions): Promise<Postmaster | undefined> {
  let found: Postmaster | undefined;
  const isSettled = () => {
    found = findPostmaster(location);
    return found === undefined || found.isReady;
  };
  if (!(await waitUntil(isSettled, { msMax: START_MS_MAX, signal: wait.signal }))) {
    throw new SeedBulkError("SB_EMBEDDED_FAILED", `Postgres (pid ${found?.pid}) has not become ready`, {
      hint: "seed-bulk db stop, then try again.",
    });
  }
  return found;
}

/** Stops the server and waits until it is gone: a fast shutdown; if that takes too long, an immediate one, which loses nothing either. */
export async function stopPostmaster(
  postmaster: Postmaster,
  options: { location: DataLocation; onNotice?: ((message: string) => void) | undefined },
): Promise<void> {
  const isGone = () => !servesDataDir(postmaster.pid, options.location.dataDir);
  signalIfAlive(postmaster.pid, "SIGINT");
  if (!(await waitUntil(isGone, { msMax: STOP_MS_MAX }))) {
    options.onNotice?.(`the embedded Postgres (pid ${postmaster.pid}) does not stop; ending it at once`);
    signalIfAlive(postmaster.pid, "SIGQUIT");
    if (!(await waitUntil(isGone, { msMax: STOP_MS_MAX }))) {
      throw new SeedBulkError("SB_EMBEDDED_FAILED", `the embedded Postgres (pid ${postmaster.pid}) cannot be stopped`, {
        hint: "A process that ignores SIGQUIT waits for its disk; see its state with ps.",
      });
    }
  }
  removeSocketDir(postmaster.socketDir);
}

async function untilReady(child: ChildProcess, options: StartOptions & { startBytes: number }): Promise<Postmaster> {
  const { location } = options;
  let failure: string | undefined;
  let spawnError: Error | undefined;
  child.once("error", (error) => {
    spawnError = error;
    failure = error.message;
  });
  child.once("exit", (code, signal) => {
    failure ??= `it ended with ${signal ?? `exit code ${code}`}`;
  });

  let postmaster: Postmaster | undefined;
  const isSettled = () => {
    if (failure !== undefined) return true;
    postmaster = findPostmaster(location);
    return postmaster?.isReady === true;
  };
  let isInTime: boolean;
  try {
    isInTime = await waitUntil(isSettled, { msMax: START_MS_MAX, signal: options.signal });
  } catch (interruption) {
    await endChild(child, () => failure !== undefined);
    throw interruption;
  }
  if (isInTime && postmaster && failure === undefined) return postmaster;

  if (failure === undefined) {
    await endChild(child, () => failure !== undefined);
    failure = `it was not ready after ${START_MS_MAX / 1000} s`;
  }
  throw new SeedBulkError(
    "SB_EMBEDDED_FAILED",
    `the embedded Postgres did not start: ${failure}\n${tailOfLog(options.paths.log, options.startBytes)}`,
    {
      cause: spawnError,
      hint:
        options.tcpPort === undefined
          ? `The whole log is ${options.paths.log}`
          : `Port ${options.tcpPort} may be taken; the whole log is ${options.paths.log}`,
    },
  );
}

async function endChild(child: ChildProcess, hasEnded: () => boolean): Promise<void> {
  child.kill("SIGINT");
  if (!(await waitUntil(hasEnded, { msMax: STOP_MS_MAX }))) child.kill("SIGQUIT");
}

/**
 * Written as new files into a directory that the server's user cannot write to: were we root and the file the user's,
 * a link in its place would make us overwrite anything.
 */
function writeConfiguration(options: StartOptions, socketDir: string): string {
  const { location, tcpPort } = options;
  const hbaFile = join(location.root, "pg_hba.conf");
  const configurationFile = join(location.root, "postgresql.conf");
  const configuration = renderConfiguration(thisMachine(location.dataDir), {
    socketDir,
    port: tcpPort ?? DEFAULT_PORT,
    listensOnTcp: tcpPort !== undefined,
    hbaFile,
  });
  for (const [file, text] of [
    [hbaFile, HOST_BASED_AUTHENTICATION],
    [configurationFile, configuration],
  ]) {
    unlinkIfExists(file);
    writeFileSync(file, text, { flag: "wx" });
    // Apart from the writing, because that obeys the umask.
    chmodSync(file, 0o644);
  }
  return configurationFile;
}

/** Ends what is left of a server whose postmaster was killed or whose pid file is lost: two servers on one directory would ruin it. */
async function endOrphans(location: DataLocation, wait: WaitOptions): Promise<void> {
  const orphans = () => processesOnDataDir(location.dataDir);
  if (orphans().length === 0) return;
  wait.onNotice?.("waiting: processes of an embedded Postgres that crashed are still ending");
  // To a child SIGINT means something else, to the checkpointer a last checkpoint; children follow their postmaster by themselves.
  for (const { pid, isPostmaster } of orphans()) if (isPostmaster) signalIfAlive(pid, "SIGINT");
  const areGone = () => orphans().length === 0;
  if (await waitUntil(areGone, { msMax: ORPHANS_MS_MAX, signal: wait.signal })) return;
  for (const { pid } of orphans()) signalIfAlive(pid, "SIGQUIT");
  if (await waitUntil(areGone, { msMax: ORPHANS_MS_MAX, signal: wait.signal })) return;
  throw new SeedBulkError(
    "SB_EMBEDDED_FAILED",
    `processes of an earlier embedded Postgres do not end: ${orphans().map(({ pid }) => pid)}`,
    { hint: "End them, then try again." },
  );
}

function signalIfAlive(pid: number, signal: "SIGINT" | "SIGQUIT"): void {
  if (!processIsAlive(pid)) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errnoOf(error) !== "ESRCH") throw error;
  }
}

function pidFileOf(location: DataLocation): string {
  return join(location.dataDir, "postmaster.pid");
}
