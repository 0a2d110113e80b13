import { lstatSync, mkdirSync, readFileSync, statSync, unlinkSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const REMOVE_ATTEMPTS_MAX = 100;

/** The `code` of an error from the operating system (`ENOENT`, …), if it has one. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** A file's text, or undefined where there is no such file. */
export function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Removes a file; one that is already gone is no fault. */
export function unlinkIfExists(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}

/** Removes a directory with all that is in it, though a process that is about to end may still be adding to it. */
export async function removeTree(path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rm(path, { recursive: true, force: true });
    } catch (error) {
      if (errnoOf(error) !== "ENOTEMPTY" || attempt === REMOVE_ATTEMPTS_MAX) throw error;
      await delay(10);
    }
  }
}

/**
 * Makes a directory with those above it that are missing, as `mkdir -p`; one that is there is no fault. Instead of
 * Node's own `recursive`, which never ends where a directory that is there refuses every name with ENOENT, as /proc does.
 * @throws Error from the operating system, with what could not be made in its message
 */
export function makeDirectory(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !isThere(at); at = dirname(at)) missing.unshift(at);
  for (const directory of missing.length > 0 ? missing : [resolve(path)]) {
    try {
      mkdirSync(directory);
    } catch (error) {
      // Another process may have made it meanwhile.
      if (errnoOf(error) !== "EEXIST" || !isDirectory(directory)) throw error;
    }
  }
}

/** Whether a name is taken, by a link to nowhere too. The root of the file system ends every search. */
function isThere(path: string): boolean {
  if (dirname(path) === path) return true;
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return false;
    throw error;
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
