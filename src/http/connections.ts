import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import { close, connect, inReading } from "../postgres/connection.js";
import { toldError } from "../postgres/sqlstate.js";
import { TryLaterError } from "./problems.js";

/** Connections for reading, at the most; a load has others. */
const CONNECTIONS_MAX = 4;
/** Requests that wait for a connection, at the most. */
const WAITING_MAX = 256;
/** What reads the ledger takes milliseconds; a lock that somebody holds must not hold requests for good. */
const STATEMENT_SECONDS_MAX = 15;

/** A few connections that requests share: each statement of theirs is short, and a new connection costs milliseconds. */
export class Connections {
  readonly #url: string;
  readonly #idle: pg.Client[] = [];
  readonly #waiting: { resolve: (client: pg.Client | undefined) => void }[] = [];
  #open = 0;
  #isClosed = false;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * Runs work that reads, in a transaction of its own.
   * @throws what connecting throws, SB_QUEUE_FULL, SB_CONNECTION_LOST where the connection broke
   */
  async use<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await this.#take();
    try {
      const result = await inReading(client, `SET LOCAL statement_timeout = '${STATEMENT_SECONDS_MAX}s'`, () =>
        work(client),
      );
      this.#give(client);
      return result;
    } catch (error) {
      // After an error of our own the connection is as it was; after any other nobody knows.
      if (error instanceof SeedBulkError) this.#give(client);
      else this.#discard(client);
      throw connectionError(error);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#idle.splice(0).map(close));
  }

  async #take(): Promise<pg.Client> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#open >= CONNECTIONS_MAX) {
      if (this.#waiting.length >= WAITING_MAX) {
        throw new TryLaterError("SB_QUEUE_FULL", "too many requests wait for the database", { retryAfterSeconds: 1 });
      }
      const given = await new Promise<pg.Client | undefined>((resolve) => this.#waiting.push({ resolve }));
      if (given !== undefined) return given;
    } else this.#open++;
    return this.#connect();
  }

  /** The place among the open ones is taken already, and given back where connecting fails. */
  async #connect(): Promise<pg.Client> {
    try {
      const client = await connect(this.#url, "server");
      client.once("end", () => this.#forget(client));
      return client;
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  #give(client: pg.Client): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next.resolve(client);
    else if (this.#isClosed) this.#discard(client);
    else this.#idle.push(client);
  }

  #discard(client: pg.Client): void {
    client.removeAllListeners("end");
    void close(client);
    this.#leave();
  }

  /** A connection that the server has ended while nobody used it. */
  #forget(client: pg.Client): void {
    const at = this.#idle.indexOf(client);
    if (at < 0) return;
    this.#idle.splice(at, 1);
    this.#leave();
  }

  /** Frees a place: whoever waits may connect. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next.resolve(undefined);
    else this.#open--;
  }
}

/** A connection that breaks under a statement is the database's fault, not ours. */
function connectionError(error: unknown): unknown {
  const told = toldError(error);
  if (told === error || !(told instanceof SeedBulkError) || told.code !== "SB_CONNECTION_LOST") return told;
  return new SeedBulkError("SB_CONNECTION_LOST", `the database ended the connection: ${told.message}`, {
    cause: error,
    hint: "Try again; where that fails, look at the server's log.",
  });
}
