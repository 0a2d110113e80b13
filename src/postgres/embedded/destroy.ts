import { readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { SeedBulkError } from "../../errors.js";
import { withLock } from "../../platform/file-lock.js";
import { errnoOf, removeTree, unlinkIfExists } from "../../platform/files.js";
import type { WaitOptions } from "../../platform/waiting.js";
import { removeCluster } from "./cluster.js";
import { guarded } from "./guard.js";
import { findHome, GIT_IGNORE, type HomePaths } from "./home.js";
import { findData, removeSystemDir } from "./location.js";
import { isOwnName, refuseForeign } from "./ownership.js";
import { findPostmaster, stopPostmaster } from "./postmaster.js";
import { liveUsers } from "./users.js";

/** Longer than a shutdown takes. */
const LOCK_MS_MAX = 60_000;

/** What was there to destroy. */
export interface DestroyResult {
  /** Null where there was no data. */
  dataDir: string | null;
}

/**
 * Stops the home's server and removes its data and everything else that the embedded server keeps.
 * @throws SB_EMBEDDED_BUSY while a live command uses it, SB_EMBEDDED_FAILED where the data is not ours
 */
export function destroyEmbedded(home: string, options: WaitOptions = {}): Promise<DestroyResult> {
  return guarded(home, async () => {
    const paths = findHome(home);
    if (!paths) return { dataDir: null };
    const result = await withLock(paths.lock, { msMax: LOCK_MS_MAX, ...options }, () => destroyLocked(paths, options));
    removeIfEmpty(paths.root);
    // What tells git to leave the home alone goes where nothing else is left in it.
    if (readdirSync(paths.home).every((name) => name === GIT_IGNORE)) unlinkIfExists(join(paths.home, GIT_IGNORE));
    removeIfEmpty(paths.home);
    return result;
  });
}

async function destroyLocked(paths: HomePaths, options: WaitOptions): Promise<DestroyResult> {
  const users = liveUsers(paths.users);
  if (users.length > 0) {
    throw new SeedBulkError("SB_EMBEDDED_BUSY", `the embedded Postgres is in use by pid ${users.join(", ")}`, {
      hint: "Wait for that command or end it, then try again.",
    });
  }
  const location = findData(paths);
  if (location) {
    refuseForeign(paths, location);
    const postmaster = findPostmaster(location);
    if (postmaster) await stopPostmaster(postmaster, { location, ...options });
    await removeCluster(location);
  }
  removeSystemDir(paths);
  for (const name of readdirSync(paths.root)) {
    // The lock is still held, others may be waiting for it with files of their own, and any other name is somebody's.
    if (isOwnName(name)) await removeTree(join(paths.root, name));
  }
  return { dataDir: location?.dataDir ?? null };
}

/** Not empty where another command waits for the lock, or where something else lives in the home. */
function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    if (errnoOf(error) !== "ENOTEMPTY" && errnoOf(error) !== "ENOENT") throw error;
  }
}
