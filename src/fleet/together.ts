import type pg from "pg";
import { patiently } from "../engine/run/patiently.js";
import { ATTEMPTS_TOGETHER_MAX } from "../engine/threads/retrying.js";

/** Does short work as `patiently` does, for as long as those who share a run wait for a server. */
export function together<T>(
  url: string,
  work: (client: pg.Client, attempt: number) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return patiently(url, work, { signal, attemptsMax: ATTEMPTS_TOGETHER_MAX });
}
