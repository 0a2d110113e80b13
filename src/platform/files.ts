import { readFileSync, unlinkSync } from "node:fs";
import { rm } from "node:fs/promises";
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
