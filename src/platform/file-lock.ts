import { createHash, randomUUID } from "node:crypto";
import { linkSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { SeedBulkError } from "../errors.js";
import { errnoOf, makeDirectory, readIfExists, unlinkIfExists } from "./files.js";
import { identityIsAlive, processIdentity } from "./processes.js";
import { type WaitOptions, waitUntil } from "./waiting.js";

/** A wait shorter than this is not worth a line on the screen. */
const NOTICE_AFTER_MS = 300;

/**
 * Runs the body while this process alone holds the lock file; a lock whose owner died is taken over.
 * @param options.msMax how long to wait for the lock, in milliseconds
 * @throws SB_EMBEDDED_BUSY when another live command holds the lock for longer
 */
export async function withLock<T>(
  file: string,
  options: WaitOptions & { msMax: number },
  body: () => Promise<T>,
): Promise<T> {
  const token = `${processIdentity(process.pid)} ${randomUUID()}`;
  await takeLock({ file, token, ...options });
  try {
    return await body();
  } finally {
    if (readIfExists(file) === token) unlinkIfExists(file);
  }
}

async function takeLock(options: WaitOptions & { file: string; token: string; msMax: number }): Promise<void> {
  const { file, token } = options;
  // A link appears with its content or not at all, so no reader ever sees a lock without its owner.
  const draft = `${file}.${randomUUID()}`;
  const startedAt = performance.now();
  let isAnnounced = false;
  let holder: string | undefined;

  const tryOnce = (): boolean => {
    if (linkIfFree(draft, file)) return true;
    holder = readIfExists(file);
    if (holder !== undefined && !ownerIsAlive(holder)) {
      breakStaleLock({ file, draft, holder });
      return linkIfFree(draft, file);
    }
    if (!isAnnounced && performance.now() - startedAt > NOTICE_AFTER_MS) {
      isAnnounced = true;
      options.onNotice?.(`waiting: ${describe(holder)} is starting or stopping the embedded Postgres`);
    }
    return false;
  };

  makeDirectory(dirname(file));
  writeFileSync(draft, token);
  try {
    if (await waitUntil(tryOnce, options)) return sweepDrafts(file);
  } finally {
    unlinkIfExists(draft);
  }
  throw new SeedBulkError(
    "SB_EMBEDDED_BUSY",
    `${describe(holder)} has held ${file} for ${(options.msMax / 1000).toFixed(0)} s`,
    { hint: "Wait for that command or end it, then try again." },
  );
}

/**
 * Removes a dead owner's lock. Two commands may find the same dead owner; were both to unlink, the slower would remove the lock
 * that the faster has just taken. So one must first claim this very owner's lock, and look again.
 */
function breakStaleLock(options: { file: string; draft: string; holder: string }): void {
  const { file, draft, holder } = options;
  const claim = `${file}.stale-${createHash("sha256").update(holder).digest("hex").slice(0, 16)}`;
  if (!linkIfFree(draft, claim)) {
    const claimant = readIfExists(claim);
    if (claimant !== undefined && !ownerIsAlive(claimant)) unlinkIfExists(claim);
    return;
  }
  try {
    if (readIfExists(file) === holder) unlinkIfExists(file);
  } finally {
    unlinkIfExists(claim);
  }
}

/** Commands that were killed while they waited leave their drafts. Call with the lock held. */
function sweepDrafts(file: string): void {
  const prefix = `${basename(file)}.`;
  for (const name of readdirSync(dirname(file))) {
    if (!name.startsWith(prefix)) continue;
    const draft = join(dirname(file), name);
    const owner = readIfExists(draft);
    // One that is still empty is being written.
    if (owner && !ownerIsAlive(owner)) unlinkIfExists(draft);
  }
}

function linkIfFree(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Text that names no process is a lock damaged by a crash: nobody holds it. */
function ownerIsAlive(token: string): boolean {
  return identityIsAlive(token.split(" ")[0]);
}

function describe(holder: string | undefined): string {
  return holder === undefined ? "another seed-bulk command" : `another seed-bulk command (pid ${holder.split("-")[0]})`;
}
