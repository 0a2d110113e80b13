/** How often work is tried before what it is part of fails. */
export const ATTEMPTS_MAX = 6;

/** Before the second attempt; doubled before each further one: 9 s in all, as long as a busy server takes to restart. */
const RETRY_DELAY_MS = 300;

/** Of many processes that share a run each waits longer: a minute and a half, in which most servers come back. */
export const ATTEMPTS_TOGETHER_MAX = 20;

/** Between two attempts at the most. */
const RETRY_DELAY_MS_MAX = 5000;

/**
 * How long to wait after an attempt that failed.
 * @param attempt from 1
 * @returns milliseconds
 */
export function retryDelayMs(attempt: number): number {
  return Math.min(RETRY_DELAY_MS_MAX, RETRY_DELAY_MS * 2 ** (attempt - 1));
}
