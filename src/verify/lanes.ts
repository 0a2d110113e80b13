import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import { cancelBackends, connect } from "../postgres/connection.js";
import { type Failure, serverError } from "../postgres/sqlstate.js";
import type { CheckTask } from "./context.js";
import type { CheckResult } from "./result.js";

/** Of every connection: nothing is written, and moments are shown in one way. */
const SESSION = "SET default_transaction_read_only = on; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'";

/**
 * Of connections that scan tables. A damaged index is one of the faults to find: none is read. The lanes are what runs
 * side by side: parallel workers below them would build each hash table once more. Compiling statements takes longer
 * than it gains, and hash tables of millions of IDs should not go through files.
 */
const SCANS =
  "SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off; " +
  "SET max_parallel_workers_per_gather = 0; SET jit = off; SET work_mem = '64MB'";

export interface LaneOptions {
  readonly url: string;
  /** At the most. */
  readonly connections: number;
  readonly signal?: AbortSignal;
  readonly onResult?: (result: CheckResult) => void;
}

/**
 * Runs tasks over some connections, the longest first; those that want to be alone afterwards, one by one.
 * @throws SeedBulkError SB_INTERRUPTED after an abort, SB_CONNECTION_LOST, and what connecting throws
 */
export async function runTasks(tasks: readonly CheckTask[], options: LaneOptions): Promise<CheckResult[]> {
  const { url, signal, onResult } = options;
  const shared = tasks.filter(({ isAlone }) => !isAlone).sort((a, b) => b.rows - a.rows);
  const alone = tasks.filter(({ isAlone }) => isAlone);
  const clients: pg.Client[] = [];
  const results: CheckResult[] = [];
  const cancel = (): void => void cancelBackends(url, clients);
  signal?.addEventListener("abort", cancel, { once: true });
  let isStopped = false;
  const lane = async (client: pg.Client, queue: CheckTask[]): Promise<void> => {
    for (let task = queue.shift(); task !== undefined && !isStopped; task = queue.shift()) {
      if (signal?.aborted) throw interrupted();
      try {
        for (const result of await task.run(client)) {
          results.push(result);
          onResult?.(result);
        }
      } catch (cause) {
        isStopped = true;
        throw signal?.aborted ? interrupted() : lost(cause);
      }
    }
  };
  try {
    const count = Math.max(1, Math.min(options.connections, shared.length));
    for (let i = 0; i < count; i++) {
      clients.push(await connect(url, "verifier"));
      await clients[i].query(`${SESSION}; ${SCANS}`);
    }
    const outcomes = await Promise.allSettled(clients.map((client) => lane(client, shared)));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
    if (alone.length > 0) {
      // As an application connects: these are measured.
      const client = await connect(url, "verifier");
      clients.push(client);
      await client.query(SESSION);
      await lane(client, alone);
    }
    return results;
  } finally {
    signal?.removeEventListener("abort", cancel);
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
  }
}

function interrupted(): SeedBulkError {
  return new SeedBulkError("SB_INTERRUPTED", "stopped while the data was checked; nothing in it was changed", {
    hint: "`seed-bulk verify` checks it again.",
  });
}

function lost(cause: unknown): unknown {
  if (cause instanceof SeedBulkError) return cause;
  const { code, message } = cause as { code?: string; message: string };
  // An assertion is a bug of ours or of a model's checks, and stays one.
  if (code === undefined && message.startsWith("assertion failed")) return cause;
  const what = "the checks could not be finished";
  const next = "`seed-bulk verify` checks the data again.";
  const told = serverError(cause as Failure, { what, next });
  return told ?? new SeedBulkError("SB_CONNECTION_LOST", `${what}: ${message}`, { cause, hint: next });
}
