import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import { close, connect, cut } from "./connection.js";

/** How long a connection may take beside one that was given: a pool that has no more lets its clients wait for minutes. */
export const GIVEN_SECONDS_MAX = 5;

/** What poolers say in place of 53300: pgbouncer's limit of clients, and others' likewise. */
const POOLER_IS_FULL = /no more connections|too many (clients|connections)|max clients/i;

/** What became of one attempt; what is neither given nor refused nor left waiting says nothing of limits. */
type Outcome = "given" | "refused" | "waiting" | "failed";

/**
 * How many workers a database has connections for, found out by opening them all at once: limits of the server, of the
 * database, of the role and of a pooler are known to nobody else. One more than the workers is asked for, for the lease.
 * @param options.onNotice told where there are fewer
 * @returns 1 to `workers`; as many as were asked for where something else is wrong, which the work itself then tells
 * @throws SeedBulkError SB_DATABASE_LIMIT where there is one: whichever of a worker and the lease came first would keep
 *   the other out
 */
export async function workersGiven(
  url: string,
  options: {
    readonly workers: number;
    readonly signal?: AbortSignal | undefined;
    readonly onNotice?: ((text: string) => void) | undefined;
  },
): Promise<number> {
  const { workers, signal, onNotice } = options;
  const outcomes = await outcomesOf(url, workers + 1, signal);
  const given = outcomes.filter((outcome) => outcome === "given").length;
  if (given > workers || given === 0 || outcomes.includes("failed")) return workers;
  if (given === 1) {
    throw new SeedBulkError("SB_DATABASE_LIMIT", "the database gives 1 connection and refuses more", {
      hint: "Two are needed, one for rows and one for the lease on the schema: raise the limit, then go on.",
    });
  }
  const usable = given - 1;
  if (usable < workers) {
    const why = outcomes.includes("refused") ? "refuses more" : `has left more unanswered for ${GIVEN_SECONDS_MAX} s`;
    onNotice?.(
      `the database gives ${given} connections and ${why}: going on with fewer workers, ${usable} of ${workers}`,
    );
  }
  return usable;
}

async function outcomesOf(url: string, wanted: number, signal: AbortSignal | undefined): Promise<Outcome[]> {
  const outcomes = Array.from({ length: wanted }, (): Outcome => "waiting");
  const clients = new Map<number, pg.Client>();
  const over = new AbortController();
  const attempt = async (_: unknown, i: number): Promise<void> => {
    try {
      const client = await connect(url, "count", GIVEN_SECONDS_MAX);
      // What is given now is what others have given back.
      if (over.signal.aborted) return cut(client);
      clients.set(i, client);
      // A pooler may give the server's connection for a transaction alone: each holds one, until all are counted.
      await client.query("BEGIN");
      if (!over.signal.aborted) outcomes[i] = "given";
    } catch (error) {
      if (!over.signal.aborted) outcomes[i] = outcomeOf(error as Error);
    }
  };
  const stop = (): void => over.abort();
  signal?.addEventListener("abort", stop, { once: true });
  const bound = delay(GIVEN_SECONDS_MAX * 1000, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([Promise.all(outcomes.map(attempt)), bound]);
  signal?.removeEventListener("abort", stop);
  over.abort();
  await Promise.all(Array.from(clients, ([i, client]) => (outcomes[i] === "given" ? close(client) : cut(client))));
  return outcomes;
}

function outcomeOf(error: Error): Outcome {
  // `connect` says what it means; what the server said is its cause.
  const { code, message } = (error.cause ?? error) as { code?: string; message: string };
  if (code === "53300" || POOLER_IS_FULL.test(message)) return "refused";
  return /timeout/i.test(message) && code === undefined ? "waiting" : "failed";
}
