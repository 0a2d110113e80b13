import { chmodSync, existsSync, lstatSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SeedBulkError } from "../../errors.js";
import { makeDirectory } from "../../platform/files.js";
import type { HomePaths } from "./home.js";
import { canWriteBelow, runsAsRoot, type ServerUser } from "./server-user.js";

/**
 * Where root keeps servers whose home the server's user cannot reach. Every parent is open to all, and it outlives a reboot.
 * A real path, for that is what Linux shows as the working directory of the server (processes.ts).
 */
const SYSTEM_DIR = join(existsSync("/var/lib") ? realpathSync("/var/lib") : "/var/lib", "seed-bulk");

/** The directory that holds `data/` and the server's configuration. Its owner is whoever calls us, never the server's user. */
export interface DataLocation {
  root: string;
  dataDir: string;
  /** Where copies of the programs go, if they are needed. */
  copiesDir: string;
}

/** Where the home's data lies now, or undefined where there is none yet. */
export function findData(paths: HomePaths): DataLocation | undefined {
  return [atHome(paths), ...(runsAsRoot() ? [inSystemDir(paths)] : [])].find(({ dataDir }) => existsSync(dataDir));
}

/**
 * Chooses where new data goes: under the home, unless the server's user cannot reach that.
 * The place follows from the home's path alone, so a lost or copied home never leads to another home's data.
 * @throws SB_EMBEDDED_FAILED when the user can write nowhere
 */
export async function placeNewData(paths: HomePaths, user: ServerUser): Promise<DataLocation> {
  const home = atHome(paths);
  // The mode is set apart from mkdir because that obeys the umask.
  if (runsAsRoot()) chmodSync(home.root, 0o755);
  if (await canWriteBelow(user, home.root)) return home;

  const elsewhere = inSystemDir(paths);
  if (runsAsRoot()) {
    makeOwnDirectory(SYSTEM_DIR);
    makeOwnDirectory(elsewhere.root);
    if (await canWriteBelow(user, elsewhere.root)) {
      writeFileSync(paths.location, `${JSON.stringify({ data: elsewhere.dataDir })}\n`);
      return elsewhere;
    }
  }
  const tried = runsAsRoot() ? `${home.root} and ${elsewhere.root}` : home.root;
  throw new SeedBulkError("SB_EMBEDDED_FAILED", `user ${user.name}, who runs Postgres, cannot write below ${tried}`, {
    hint: "Set SEED_BULK_HOME to a directory that this user can reach, or pass --database-url.",
  });
}

/** @throws SB_EMBEDDED_FAILED when data made earlier can no longer be reached by the user who owns it */
export async function assertReachable(location: DataLocation, user: ServerUser): Promise<void> {
  if (await canWriteBelow(user, location.root)) return;
  throw new SeedBulkError(
    "SB_EMBEDDED_FAILED",
    `user ${user.name}, who owns ${location.dataDir}, can no longer reach it`,
    { hint: "Give that user access to every directory above it, or start anew: seed-bulk db destroy --yes" },
  );
}

/** Removes what root keeps for this home outside it. The programs stay: other homes run them. */
export function removeSystemDir(paths: HomePaths): void {
  if (runsAsRoot()) rmSync(inSystemDir(paths).root, { recursive: true, force: true });
}

function atHome(paths: HomePaths): DataLocation {
  return { root: paths.root, dataDir: join(paths.root, "data"), copiesDir: join(paths.root, "programs") };
}

function inSystemDir(paths: HomePaths): DataLocation {
  const root = join(SYSTEM_DIR, paths.hash);
  return { root, dataDir: join(root, "data"), copiesDir: join(SYSTEM_DIR, "programs") };
}

/** Root renames and deletes in here, so nobody else may be able to put a link in the way. */
function makeOwnDirectory(directory: string): void {
  makeDirectory(directory);
  const stat = lstatSync(directory);
  if (!stat.isDirectory() || stat.uid !== 0) {
    throw new SeedBulkError("SB_EMBEDDED_FAILED", `${directory} is not a directory of root's own`, {
      hint: "Move it out of the way, or set SEED_BULK_HOME to a directory that the user postgres can reach.",
    });
  }
  chmodSync(directory, 0o755);
}
