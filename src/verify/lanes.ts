import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import { close, connect, distinctName } from "../postgres/connection.js";
import { type Failure, serverError } from "../postgres/sqlstate.js";
import { StatementWatch } from "../postgres/statement-watch.js";
import type { CheckTask } from "./context.js";
import type { CheckResult } from "./result.js";

/** How long a check runs before the server is asked whether it still works on it. */
const STALL_SECONDS_MAX = 120;

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
  const watch = new StatementWatch(url, { stallSecondsMax: STALL_SECONDS_MAX, signal });
  let isStopped = false;
  const lane = async (client: pg.Client, queue: CheckTask[]): Promise<void> => {
    for (let task = queue.shift(); task !== undefined && !isStopped; task = queue.shift()) {
      if (signal?.aborted) throw interrupted();
      try {
        const next = task;
        for (const result of await watch.during(client, () => next.run(client))) {
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
    for (let i = 0; i < count; i++) clients.push(await connect(url, distinctName("verifier")));
    const outcomes = await Promise.allSettled(clients.map((client) => lane(client, shared)));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
    await lane(clients[0], alone);
    return results;
  } finally {
    watch.close();
    await Promise.all(clients.map(close));
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
