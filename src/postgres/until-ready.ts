import { setTimeout as delay } from "node:timers/promises";
import { SeedBulkError } from "../errors.js";
import { close, connect } from "./connection.js";

/** How long a server may take to start, recovery after a crash included, before a command gives up. */
export const START_SECONDS_MAX = 60;

/** Between two attempts. */
const ATTEMPT_INTERVAL_MS = 250;

/** "The database system is starting up", "is shutting down", "is in recovery mode". */
const CANNOT_CONNECT_NOW = "57P03";

/**
 * Waits for a server that says that it is starting up. One that says nothing at all is not waited for: far more often
 * than restarting it is somewhere else.
 * @param options.secondsMax how long to wait; 60 without it
 * @param options.onNotice told once, where it waits
 * @throws SeedBulkError SB_INTERRUPTED, and what connecting throws: for a server that starts, once the time is over
 */
export async function untilReady(
  url: string,
  options: {
    readonly signal?: AbortSignal;
    readonly onNotice?: (text: string) => void;
    readonly secondsMax?: number;
  } = {},
): Promise<void> {
  const { signal, onNotice, secondsMax = START_SECONDS_MAX } = options;
  const deadline = performance.now() + secondsMax * 1000;
  let isStarting = false;
  for (;;) {
    try {
      return await close(await connect(url, "start"));
    } catch (error) {
      // Once it has said so, it may close its socket for a moment: between the end of one process and the next one's start.
      if (!saysStarting(error) && !(isStarting && isUnreachable(error))) throw error;
      if (performance.now() >= deadline) throw error;
      if (!isStarting) onNotice?.(`waiting: ${(error as Error).message}; for ${secondsMax} s at the most`);
      isStarting = true;
    }
    await delay(ATTEMPT_INTERVAL_MS, undefined, signal && { signal }).catch(() => {});
    if (signal?.aborted) throw new SeedBulkError("SB_INTERRUPTED", "stopped while waiting for the server to start");
  }
}

function saysStarting(error: unknown): boolean {
  return ((error as Error).cause as { code?: string } | undefined)?.code === CANNOT_CONNECT_NOW;
}

function isUnreachable(error: unknown): boolean {
  return error instanceof SeedBulkError && error.code === "SB_DATABASE_UNREACHABLE";
}
