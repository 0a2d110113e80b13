import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, statSync, truncateSync } from "node:fs";
import { errnoOf, unlinkIfExists } from "../../platform/files.js";

/** An idle server writes a few lines a start; more than this in one run means that something goes wrong over and over. */
const LOG_BYTES_MAX = 8 * 2 ** 20;

/** A log from before this start, kept for whoever looks for the cause of yesterday's fault. */
const ROTATE_BYTES = 256 * 2 ** 10;

const TAIL_BYTES = 4096;
const TAIL_LINES = 15;

/**
 * Opens the log for a server about to start. The server inherits the descriptor, so it need not be able to reach the file.
 * @returns the descriptor, and the offset in bytes where this server's lines begin
 */
export function openLog(file: string): { descriptor: number; startBytes: number } {
  if (existsSync(file) && statSync(file).size > ROTATE_BYTES) renameSync(file, `${file}.1`);
  const descriptor = openForAppend(file);
  return { descriptor, startBytes: fstatSync(descriptor).size };
}

/** Cuts a running server's log back to nothing when it has grown out of bounds; it appends, so it goes on from there. */
export function boundLog(file: string): void {
  if (existsSync(file) && statSync(file).size > LOG_BYTES_MAX) truncateSync(file);
}

/** The log's last lines for an error message. @param startBytes nothing before this offset is shown */
export function tailOfLog(file: string, startBytes: number): string {
  const descriptor = openSync(file, "r");
  try {
    const from = Math.max(startBytes, fstatSync(descriptor).size - TAIL_BYTES);
    const buffer = Buffer.alloc(TAIL_BYTES);
    const bytes = readSync(descriptor, buffer, 0, TAIL_BYTES, from);
    return buffer.toString("utf8", 0, bytes).trim().split("\n").slice(-TAIL_LINES).join("\n");
  } finally {
    closeSync(descriptor);
  }
}

/** A log that root once wrote in somebody's home is not theirs to append to, but theirs to remove. */
function openForAppend(file: string): number {
  try {
    return openSync(file, "a", 0o600);
  } catch (error) {
    if (errnoOf(error) !== "EACCES") throw error;
    unlinkIfExists(file);
    return openSync(file, "a", 0o600);
  }
}
