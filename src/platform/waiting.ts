import { setTimeout as delay } from "node:timers/promises";
import { SeedBulkError } from "../errors.js";

/** How long a poll rests: far below what a person notices, far above what a core notices. */
const POLL_MS = 10;

/** What every bounded wait takes from its caller. */
export interface WaitOptions {
  /** A command told to stop must not sit out a wait. */
  signal?: AbortSignal | undefined;
  /** Told once, in a sentence, why a command waits. */
  onNotice?: ((message: string) => void) | undefined;
}

/**
 * Polls until the condition holds.
 * @param options.msMax the bound, in milliseconds
 * @returns whether the condition held within the bound
 * @throws SB_INTERRUPTED when the signal fires first
 */
export async function waitUntil(
  condition: () => boolean,
  options: { msMax: number; signal?: AbortSignal | undefined },
): Promise<boolean> {
  const deadline = performance.now() + options.msMax;
  while (!condition()) {
    throwIfAborted(options.signal);
    if (performance.now() >= deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** @throws SB_INTERRUPTED when the signal has fired */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new SeedBulkError("SB_INTERRUPTED", "interrupted while the embedded Postgres was being made ready");
  }
}
