import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errnoOf } from "../../platform/files.js";
import { canWriteBelow, giveTo, runsAsRoot, type ServerUser } from "./server-user.js";

/** A socket's path may have 107 bytes (unix(7)) on Linux, 103 on macOS; less `/.s.PGSQL.65535` and a suffix against squatters. */
const DIRECTORY_BYTES_MAX = 80;

/** Needs no quoting in postgresql.conf, where the setting is a list of quoted names within a quoted string. */
const PLAIN_PATH = /^[\w./-]+$/;

/**
 * Makes the private directory for the server's socket: short however long the home's path is, and the same at every start.
 * @param hash names the home
 */
export async function makeSocketDir(hash: string, user: ServerUser): Promise<string> {
  const name = `seed-bulk-${hash}`;
  const parent = await chooseParent(name, user);
  const directory = join(parent, name);
  if (makePrivate(directory, user)) return directory;
  // Somebody else sits on the name: /tmp is open to all.
  const other = mkdtempSync(`${directory}-`);
  giveTo(user, other);
  return other;
}

/** Removes a stopped server's directory. One that is not empty, after a crash, is emptied by the next start. */
export function removeSocketDir(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    if (!["ENOENT", "ENOTEMPTY"].includes(errnoOf(error) ?? "")) throw error;
  }
}

async function chooseParent(name: string, user: ServerUser): Promise<string> {
  const preferred = tmpdir();
  if (Buffer.byteLength(join(preferred, name)) > DIRECTORY_BYTES_MAX || !PLAIN_PATH.test(preferred)) return "/tmp";
  return !runsAsRoot() || (await canWriteBelow(user, preferred)) ? preferred : "/tmp";
}

/** @returns whether the directory is now empty, 0700 and the server user's own */
function makePrivate(directory: string, user: ServerUser): boolean {
  const ownerUid = user.ids.uid ?? process.geteuid?.();
  const found = lstatSync(directory, { throwIfNoEntry: false });
  if (found) {
    const isOurs = found.isDirectory() && (found.uid === ownerUid || found.uid === process.geteuid?.());
    if (!isOurs) return false;
    // A crashed server leaves a socket lock behind, and Postgres believes it if its pid has been given to another process.
    rmSync(directory, { recursive: true, force: true });
  }
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
  chmodSync(directory, 0o700);
  giveTo(user, directory);
  return true;
}
