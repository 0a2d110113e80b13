import { writeFileSync } from "node:fs";
import { readIfExists } from "../../platform/files.js";
import { processIdentity } from "../../platform/processes.js";
import type { HomePaths } from "./home.js";
import type { Postmaster } from "./postmaster.js";

/** Marks this server, and no later one, as wanted until somebody stops it. */
export function keepUp(paths: HomePaths, postmaster: Postmaster): void {
  writeFileSync(paths.keep, processIdentity(postmaster.pid));
}

/** Whether `db start` asked for this very server to stay. */
export function isKeptUp(paths: HomePaths, postmaster: Postmaster): boolean {
  return readIfExists(paths.keep) === processIdentity(postmaster.pid);
}
