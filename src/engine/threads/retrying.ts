/** How often work is tried before what it is part of fails. */
export const ATTEMPTS_MAX = 6;

/** Before the second attempt; doubled before each further one: 9 s in all, as long as a busy server takes to restart. */
const RETRY_DELAY_MS = 300;

/**
 * How long to wait after an attempt that failed.
 * @param attempt from 1
 * @returns milliseconds
 */
export function retryDelayMs(attempt: number): number {
  return RETRY_DELAY_MS * 2 ** (attempt - 1);
}
