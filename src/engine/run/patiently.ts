import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { close, connect } from "../../postgres/connection.js";
import { isTransient } from "../../postgres/sqlstate.js";
import { ATTEMPTS_MAX, retryDelayMs } from "../threads/retrying.js";

/** How long short work is tried. */
export interface Patience {
  readonly signal?: AbortSignal | undefined;
  readonly attemptsMax?: number;
}

/**
 * Does short work on a connection of its own, again where what failed may pass, as while a server restarts.
 * @param work may be done twice: a commit whose answer is lost may have gone through. It is told its attempt, from 1
 * @throws SeedBulkError SB_CONNECTION_LOST, and what `work` throws
 */
export async function patiently<T>(
  url: string,
  work: (client: pg.Client, attempt: number) => Promise<T>,
  { signal, attemptsMax = ATTEMPTS_MAX }: Patience = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const client = await connect(url);
      try {
        return await work(client, attempt);
      } finally {
        await close(client);
      }
    } catch (cause) {
      const { code, message } = cause as { code?: string; message: string };
      if (signal?.aborted || !isTransient(code, message)) throw cause;
      if (attempt >= attemptsMax) {
        throw new SeedBulkError("SB_CONNECTION_LOST", `the ledger could not be written: ${message}`, {
          cause,
          hint: "Check the server and its log, then `seed-bulk resume`.",
        });
      }
      await delay(retryDelayMs(attempt), undefined, signal && { signal }).catch(() => {});
    }
  }
}
