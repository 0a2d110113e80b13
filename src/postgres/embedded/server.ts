import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SeedBulkError } from "../../errors.js";
import { withLock } from "../../platform/file-lock.js";
import { readIfExists, unlinkIfExists } from "../../platform/files.js";
import type { WaitOptions } from "../../platform/waiting.js";
import { prepareBinaries } from "./binaries.js";
import { initialiseCluster, isUsableCluster } from "./cluster.js";
import { ensureDatabase, ensurePassword } from "./database.js";
import { guarded } from "./guard.js";
import { findHome, type HomePaths, openHome } from "./home.js";
import { isKeptUp, keepUp } from "./keep.js";
import { assertReachable, type DataLocation, findData, placeNewData } from "./location.js";
import { refuseForeign } from "./ownership.js";
import {
  findPostmaster,
  hasSocket,
  type Postmaster,
  startPostmaster,
  stopPostmaster,
  untilStarted,
} from "./postmaster.js";
import { boundLog } from "./server-log.js";
import { chooseServerUser } from "./server-user.js";
import { socketUrl, tcpUrl } from "./url.js";
import { liveUsers, registerUser, unregisterUser } from "./users.js";

/** Longer than the longest that one command may take to start the server, so that the second waits for the first. */
const LOCK_MS_MAX = 200_000;

/** A command that ends does not sit and wait for another to stop the server: the next one that ends stops it. */
const RELEASE_LOCK_MS_MAX = 10_000;

/** How to ask for a server. */
export interface AcquireOptions extends WaitOptions {
  /** The absolute `.seed-bulk` directory; see `embeddedHome`. */
  home: string;
  /** How long to wait while another command starts or stops the server, in milliseconds. */
  lockMsMax?: number;
}

/** A use of the server. */
export interface EmbeddedServer {
  /** For psql and node-postgres alike. */
  url: string;
  socketDir: string;
  /** Whether this call started the server, rather than found it running. */
  started: boolean;
  /** Whether this call made the data directory. */
  initialised: boolean;
  /** Ends the use; the last user's release stops the server, unless `db start` wants it kept. Safe to repeat and to call at Ctrl-C. */
  release(): Promise<void>;
}

/** A server that stays up. */
export interface StartedServer extends Omit<EmbeddedServer, "release"> {
  pid: number;
  /** For programs that want TCP; null unless a port was asked for. */
  tcpUrl: string | null;
  logFile: string;
}

/** What became of a request to stop. */
export interface StopResult {
  wasRunning: boolean;
  isRunning: boolean;
  /** The live commands that still use it; the last of them stops it. */
  userPids: number[];
}

/**
 * Starts the home's server if it does not run, making its data directory if there is none, and registers this process as a user.
 * @throws SB_EMBEDDED_FAILED, SB_EMBEDDED_BUSY, SB_EMBEDDED_UNSUPPORTED, SB_DISK_FULL, SB_INTERRUPTED
 */
export function acquireEmbeddedServer(options: AcquireOptions): Promise<EmbeddedServer> {
  return guarded(options.home, async () => {
    const paths = openHome(options.home);
    return withLock(paths.lock, lockOptionsOf(options), async () => {
      const running = await ensureRunning(paths, options);
      const registration = registerUser(paths.users);
      let releasing: Promise<void> | undefined;
      return {
        url: socketUrl(running.postmaster),
        socketDir: running.postmaster.socketDir,
        started: running.started,
        initialised: running.initialised,
        release: () => (releasing ??= guarded(options.home, () => endUse(paths, { registration, ...options }))),
      };
    });
  });
}

/**
 * Starts the home's server and leaves it up until `stopEmbedded`.
 * @param options.port listen on 127.0.0.1 at this port too, with a password
 * @throws as `acquireEmbeddedServer`; SB_EMBEDDED_BUSY also when the port asked for needs a restart and others use the server
 */
export function startEmbedded(
  home: string,
  options: WaitOptions & { port?: number | undefined } = {},
): Promise<StartedServer> {
  return guarded(home, async () => {
    const paths = openHome(home);
    return withLock(paths.lock, { msMax: LOCK_MS_MAX, ...options }, async () => {
      const { postmaster, started, initialised } = await ensureRunning(paths, { ...options, tcpPort: options.port });
      if (postmaster.listensOnTcp) await ensurePassword(postmaster, paths.password);
      keepUp(paths, postmaster);
      return {
        url: socketUrl(postmaster),
        tcpUrl: tcpUrlOf(paths, postmaster),
        socketDir: postmaster.socketDir,
        started,
        initialised,
        pid: postmaster.pid,
        logFile: paths.log,
      };
    });
  });
}

/** Stops the home's server, or, while commands use it, lets the last of them stop it. */
export function stopEmbedded(home: string, options: WaitOptions = {}): Promise<StopResult> {
  return guarded(home, async () => {
    const paths = findHome(home);
    if (!paths) return { wasRunning: false, isRunning: false, userPids: [] };
    return withLock(paths.lock, { msMax: LOCK_MS_MAX, ...options }, async () => {
      unlinkIfExists(paths.keep);
      const wasRunning = runningIn(paths) !== undefined;
      await stopIfUnused(paths, options);
      return { wasRunning, isRunning: runningIn(paths) !== undefined, userPids: liveUsers(paths.users) };
    });
  });
}

/** The TCP address, for a server that has one. */
export function tcpUrlOf(paths: HomePaths, postmaster: Postmaster): string | null {
  if (!postmaster.listensOnTcp) return null;
  const password = readIfExists(paths.password);
  return password === undefined ? null : tcpUrl(postmaster.port, password);
}

interface Running {
  postmaster: Postmaster;
  started: boolean;
  initialised: boolean;
}

/** Call with the lock held. */
async function ensureRunning(
  paths: HomePaths,
  options: WaitOptions & { tcpPort?: number | undefined },
): Promise<Running> {
  const found = findData(paths);
  if (found) {
    refuseForeign(paths, found);
    const postmaster = await findUsable(paths, { location: found, ...options });
    if (postmaster) {
      boundLog(paths.log);
      await ensureDatabase(postmaster);
      return { postmaster, started: false, initialised: false };
    }
  }

  const user = chooseServerUser(found?.dataDir);
  if (found) await assertReachable(found, user);
  const location = found ?? (await placeNewData(paths, user));
  const binaries = await prepareBinaries(user, location);
  const initialised = !found || !isUsableCluster(found, binaries);
  if (initialised) await initialiseCluster({ location, binaries, user, signal: options.signal });

  warnAfterMachineCrash(paths, location, options);
  const postmaster = await startPostmaster({ ...options, paths, location, binaries, user });
  try {
    writeFileSync(paths.boot, bootId());
    await ensureDatabase(postmaster);
  } catch (error) {
    await stopPostmaster(postmaster, { location });
    throw error;
  }
  return { postmaster, started: true, initialised };
}

/** The running server, if clients can reach it in the way asked for; one that they cannot is stopped. */
async function findUsable(
  paths: HomePaths,
  options: WaitOptions & { location: DataLocation; tcpPort?: number | undefined },
): Promise<Postmaster | undefined> {
  const { location, tcpPort } = options;
  const postmaster = await untilStarted(location, options);
  if (!postmaster) return undefined;
  const hasWantedPort = tcpPort === undefined || (postmaster.listensOnTcp && postmaster.port === tcpPort);
  const isReachable = hasSocket(postmaster);
  if (hasWantedPort && isReachable) return postmaster;

  const users = liveUsers(paths.users);
  if (users.length > 0) {
    const why = isReachable ? `does not listen on port ${tcpPort}` : `has lost its socket in ${postmaster.socketDir}`;
    throw new SeedBulkError(
      "SB_EMBEDDED_BUSY",
      `the embedded Postgres ${why}, and must not be restarted while pid ${users.join(", ")} uses it`,
      { hint: "Wait for that command to end, then try again." },
    );
  }
  await stopPostmaster(postmaster, options);
  return undefined;
}

async function endUse(paths: HomePaths, options: WaitOptions & { registration: string }): Promise<void> {
  unregisterUser(options.registration);
  try {
    // Without the signal: after Ctrl-C, too, the server is stopped in good order.
    await withLock(paths.lock, { msMax: RELEASE_LOCK_MS_MAX, onNotice: options.onNotice }, () =>
      stopIfUnused(paths, { onNotice: options.onNotice }),
    );
  } catch (error) {
    if (!(error instanceof SeedBulkError) || error.code !== "SB_EMBEDDED_BUSY") throw error;
    options.onNotice?.(`the embedded Postgres is left running: ${error.message}`);
  }
}

/** Call with the lock held. */
async function stopIfUnused(paths: HomePaths, options: WaitOptions): Promise<void> {
  const location = findData(paths);
  const postmaster = location && findPostmaster(location);
  if (location) refuseForeign(paths, location);
  if (!location || !postmaster || isKeptUp(paths, postmaster) || liveUsers(paths.users).length > 0) return;
  await stopPostmaster(postmaster, { location, onNotice: options.onNotice });
  boundLog(paths.log);
}

function runningIn(paths: HomePaths): Postmaster | undefined {
  const location = findData(paths);
  return location && findPostmaster(location);
}

/** With fsync off, a machine that went down under a running server may have kept some of its pages and lost others. */
function warnAfterMachineCrash(paths: HomePaths, location: DataLocation, options: WaitOptions): void {
  const wasLeftRunning = existsSync(join(location.dataDir, "postmaster.pid"));
  const lastBoot = readIfExists(paths.boot);
  if (!wasLeftRunning || lastBoot === undefined || lastBoot === bootId()) return;
  options.onNotice?.(
    "the machine went down while the embedded Postgres was running, so its data may be damaged; to start anew: seed-bulk db destroy --yes",
  );
}

/** Changes at every start of the kernel; the same text always where the kernel does not say. */
function bootId(): string {
  const file = "/proc/sys/kernel/random/boot_id";
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "unknown";
}

function lockOptionsOf(options: AcquireOptions): WaitOptions & { msMax: number } {
  return { msMax: options.lockMsMax ?? LOCK_MS_MAX, signal: options.signal, onNotice: options.onNotice };
}
