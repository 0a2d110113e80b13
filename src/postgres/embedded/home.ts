import { createHash } from "node:crypto";
import { existsSync, realpathSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeDirectory } from "../../platform/files.js";

/**
 * The directory that holds everything seed-bulk keeps between commands.
 * @param env the environment; `SEED_BULK_HOME` names the directory
 * @param cwd what a relative path is resolved against, and the parent of the default `.seed-bulk`
 * @returns an absolute path
 */
export function embeddedHome(env: NodeJS.ProcessEnv, cwd: string): string {
  const { SEED_BULK_HOME } = env;
  return resolve(cwd, SEED_BULK_HOME || ".seed-bulk");
}

/** Where each file of the embedded server lies under the home. The data directory may lie elsewhere: see location.ts. */
export interface HomePaths {
  home: string;
  /** Twelve hexadecimal digits that stand for the home's real path wherever a short name is needed. */
  hash: string;
  /** Parent of everything below. */
  root: string;
  lock: string;
  users: string;
  keep: string;
  boot: string;
  log: string;
  password: string;
  location: string;
}

/** The file by which the home hides itself from a repository that it stands in. */
export const GIT_IGNORE = ".gitignore";

/** Works out the home's paths and makes its directories, which git is told to leave alone. */
export function openHome(home: string): HomePaths {
  const root = join(home, "embedded");
  makeDirectory(join(root, "users"));
  const ignored = join(home, GIT_IGNORE);
  if (!existsSync(ignored)) writeFileSync(ignored, "*\n");
  return pathsOf(realpathSync(home));
}

/** The home's paths where an embedded server was ever asked for, else undefined. Makes nothing. */
export function findHome(home: string): HomePaths | undefined {
  return existsSync(join(home, "embedded")) ? pathsOf(realpathSync(home)) : undefined;
}

/** Whether a cluster was ever made in a home. Makes nothing. */
export function hasCluster(home: string): boolean {
  return findHome(home) !== undefined;
}

/** @param home a real path, so that a link to a home and the home itself share one server */
function pathsOf(home: string): HomePaths {
  const root = join(home, "embedded");
  return {
    home,
    hash: createHash("sha256").update(home).digest("hex").slice(0, 12),
    root,
    lock: join(root, "lock"),
    users: join(root, "users"),
    keep: join(root, "keep"),
    boot: join(root, "boot"),
    log: join(root, "server.log"),
    password: join(root, "password"),
    location: join(root, "location.json"),
  };
}
