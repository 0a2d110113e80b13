import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { retryDelayMs } from "../engine/threads/retrying.js";
import { close, connect } from "../postgres/connection.js";
import { isTransient } from "../postgres/sqlstate.js";

/** One connection for short work, one piece after another, made anew after each that failed. */
export class KeptConnection {
  readonly #url: string;
  readonly #name: string;
  readonly #attemptsMax: number;
  #client: pg.Client | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param attemptsMax how often work is tried that failed for what may pass, such as a restart of the server */
  constructor(url: string, name: string, attemptsMax: number) {
    this.#url = url;
    this.#name = name;
    this.#attemptsMax = attemptsMax;
  }

  /** @param work may be done twice: a commit whose answer is lost may have gone through */
  run<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const done = this.#last.then(() => this.#persist(work));
    this.#last = done.catch(() => {});
    return done;
  }

  async #persist<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.#client ??= await connect(this.#url, this.#name);
        return await work(this.#client);
      } catch (cause) {
        // Broken, or in a transaction of several statements of which one has failed.
        const failed = this.#client;
        this.#client = undefined;
        if (failed) await close(failed);
        const { code, message } = cause as { code?: string; message: string };
        if (attempt >= this.#attemptsMax || !isTransient(code, message)) throw cause;
        await delay(retryDelayMs(attempt));
      }
    }
  }

  async close(): Promise<void> {
    await this.#last;
    if (this.#client) await close(this.#client);
  }
}
