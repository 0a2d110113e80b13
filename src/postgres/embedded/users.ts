import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf, unlinkIfExists } from "../../platform/files.js";
import { identityIsAlive, pidOfIdentity, processIdentity } from "../../platform/processes.js";

let registrationCount = 0;

/**
 * Records that this process uses the server. The file's name says who, so a file cut short by a crash still counts.
 * @param usersDir one file a use
 * @returns the file, for `unregisterUser`
 */
export function registerUser(usersDir: string): string {
  const file = join(usersDir, `${processIdentity(process.pid)}.${registrationCount++}`);
  writeFileSync(file, "");
  return file;
}

/** Takes a registration back; safe to repeat. */
export function unregisterUser(file: string): void {
  unlinkIfExists(file);
}

/**
 * The pids that use the server now, one for each use. Registrations of dead processes are swept away.
 * @param usersDir one file a use; none where the directory is missing
 */
export function liveUsers(usersDir: string): number[] {
  let names: string[];
  try {
    names = readdirSync(usersDir);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
  const pids: number[] = [];
  for (const name of names) {
    const identity = name.split(".")[0];
    const pid = pidOfIdentity(identity);
    if (pid !== undefined && identityIsAlive(identity)) pids.push(pid);
    else unlinkIfExists(join(usersDir, name));
  }
  return pids;
}
