import type pg from "pg";
import { applicationName, close, connect, cut } from "./connection.js";

/** Between two cancellations of what still runs: one that comes before its statement has begun does nothing. */
const CANCEL_INTERVAL_MS = 500;
/** How often; a connection that has no answer then is cut. */
const CANCELS_MAX = 4;
/** A statement that the server does not work on any more at two looks in a row will never be answered. */
const LOOKS = 2;

/**
 * Watches long statements from beside: an index build may say nothing for hours, and so does a server that is gone.
 * Connections are told apart by the names that they have for the server, which a pooler passes on; the numbers of
 * backends, it does not.
 */
export class StatementWatch {
  readonly #url: string;
  readonly #signal: AbortSignal | undefined;
  readonly #stallSecondsMax: number;
  /** Since when a connection waits for its answer (performance.now()), and how often it was found with none to come. */
  readonly #waiting = new Map<pg.Client, { readonly sinceMs: number; misses: number }>();
  readonly #ticker: NodeJS.Timeout;
  #canceller: NodeJS.Timeout | undefined;
  #isLooking = false;
  readonly #cancel = (): void => {
    let cancels = 0;
    const cancel = (): void => {
      if (cancels++ < CANCELS_MAX) void this.#cancelAll();
      else this.#cutAll();
    };
    cancel();
    this.#canceller = setInterval(cancel, CANCEL_INTERVAL_MS);
  };

  /**
   * @param options.stallSecondsMax how long a statement runs before the server is asked whether it still works on it
   * @param options.signal cancels the statements under way, and those that begin after it
   */
  constructor(url: string, options: { readonly stallSecondsMax: number; readonly signal?: AbortSignal | undefined }) {
    this.#url = url;
    this.#signal = options.signal;
    this.#stallSecondsMax = options.stallSecondsMax;
    this.#ticker = setInterval(() => void this.#look(), (options.stallSecondsMax * 1000) / LOOKS);
    this.#signal?.addEventListener("abort", this.#cancel, { once: true });
    if (this.#signal?.aborted) this.#cancel();
  }

  /** Watches the statements that some work runs on a connection; where no answer will come, the connection is cut. */
  async during<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
    this.#waiting.set(client, { sinceMs: performance.now(), misses: 0 });
    try {
      return await work();
    } finally {
      this.#waiting.delete(client);
    }
  }

  /** Ends the watch. */
  close(): void {
    clearInterval(this.#ticker);
    clearInterval(this.#canceller);
    this.#signal?.removeEventListener("abort", this.#cancel);
  }

  async #cancelAll(): Promise<void> {
    const names = [...this.#waiting.keys()].map(applicationName);
    if (names.length === 0) return;
    await this.#ask(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = ANY ($1) AND state = 'active'",
      names,
      // Without a server to tell there is nothing to wait for either.
    ).catch(() => this.#cutAll());
  }

  #cutAll(): void {
    for (const client of this.#waiting.keys()) cut(client);
  }

  async #look(): Promise<void> {
    const limitMs = performance.now() - this.#stallSecondsMax * 1000;
    const late = [...this.#waiting].filter(([, { sinceMs }]) => sinceMs < limitMs).map(([client]) => client);
    if (late.length === 0 || this.#isLooking) return;
    this.#isLooking = true;
    // A server that cannot be asked works on nothing that we could hear of.
    const found = await this.#ask<{ name: string }>(
      "SELECT application_name AS name FROM pg_stat_activity WHERE application_name = ANY ($1) AND state = 'active'",
      late.map(applicationName),
    ).catch(() => []);
    this.#isLooking = false;
    const active = new Set(found.map(({ name }) => name));
    for (const client of late) {
      const waiting = this.#waiting.get(client);
      if (waiting === undefined) continue;
      waiting.misses = active.has(applicationName(client)) ? 0 : waiting.misses + 1;
      if (waiting.misses >= LOOKS) cut(client);
    }
  }

  async #ask<Row extends object>(sql: string, names: readonly string[]): Promise<Row[]> {
    const client = await connect(this.#url, "watch", this.#stallSecondsMax);
    try {
      return (await client.query<Row>(sql, [names])).rows;
    } finally {
      await close(client);
    }
  }
}
