import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import type { JobWithMetadata, PgBoss } from "pg-boss";
import { ATTEMPTS_TOGETHER_MAX, retryDelayMs } from "../engine/threads/retrying.js";
import { SeedBulkError } from "../errors.js";
import type { Statement } from "../postgres/copy-sink.js";
import { isTransient } from "../postgres/sqlstate.js";
import { KeptConnection } from "./kept-connection.js";
import type { Queue, QueuedSlice, QueueRun } from "./queue.js";
import { shardName } from "./slices.js";

/** The queue's tables stand in a schema of their own: a database may hold a pg-boss of somebody else. */
export const QUEUE_SCHEMA = "seed_bulk_queue";

/** A worker that was not heard of for so long counts as dead; pg-boss looks as often as said below. */
const HEARTBEAT_SECONDS = 30;
const TOUCH_MS = 10_000;
const MONITOR_SECONDS = 15;
/** Dead workers are tried again without end: what no attempt mends stops the run itself. */
const RETRIES_MAX = 1_000_000;
/** Longer than any slice takes; pg-boss allows less than a day. */
const EXPIRE_SECONDS_MAX = 23 * 3600;

/** What a job says: nothing but which shards. */
interface SliceJob {
  readonly entity: string;
  readonly first: number;
  readonly last: number;
}

/**
 * Opens the queue of a run in the target database, and puts into it what the ledger lacks and the queue has not: the
 * first worker fills it, and where it was lost, the next one does.
 * @throws SeedBulkError SB_QUEUE_UNAVAILABLE where pg-boss is not installed, or its tables cannot be made
 */
export async function openPgBoss(run: QueueRun): Promise<Queue> {
  const boss = await PgBossQueue.start(run);
  try {
    await boss.fill();
    return boss;
  } catch (cause) {
    await boss.close();
    throw unavailable(cause);
  }
}

/** Throws a run's queue away and fills it anew from the ledger. */
export async function requeue(run: QueueRun): Promise<number> {
  const boss = await PgBossQueue.start(run);
  try {
    await boss.drop();
    return await boss.fill();
  } finally {
    await boss.close();
  }
}

class PgBossQueue implements Queue {
  #boss: PgBoss;
  readonly #connection: KeptConnection;
  readonly #run: QueueRun;
  /** Jobs that this worker has, by their IDs. */
  readonly #held = new Map<string, JobWithMetadata<SliceJob>>();
  readonly #touching: NodeJS.Timeout;
  #filling: Promise<void> | undefined;

  private constructor(boss: PgBoss, connection: KeptConnection, run: QueueRun) {
    this.#boss = boss;
    this.#connection = connection;
    this.#run = run;
    this.#touching = setInterval(() => void this.#touch(), TOUCH_MS);
  }

  static async start(run: QueueRun): Promise<PgBossQueue> {
    const connection = new KeptConnection(run.url, "queue", 1);
    try {
      return new PgBossQueue(await startBoss(connection), connection, run);
    } catch (cause) {
      await connection.close();
      throw unavailable(cause);
    }
  }

  /** Puts in what the ledger lacks; what is in already stays. Returns the slices that lack something. */
  async fill(): Promise<number> {
    const { runId, slices } = this.#run;
    const committed = await this.#run.committed();
    await this.#boss.createQueue(runId, {
      retryLimit: RETRIES_MAX,
      retryDelay: 0,
      expireInSeconds: EXPIRE_SECONDS_MAX,
      heartbeatSeconds: HEARTBEAT_SECONDS,
    });
    const lacking = slices.filter(({ shards }) => shards.some((shard) => !committed.has(shardName(shard))));
    const jobs = lacking.map(({ entity, level, shards }) => {
      const data: SliceJob = { entity, first: shards[0].index, last: shards[shards.length - 1].index };
      return { id: jobId(runId, data), data, priority: -level };
    });
    if (jobs.length > 0) await this.#boss.insert(runId, jobs);
    return jobs.length;
  }

  async next(): Promise<QueuedSlice | undefined> {
    const { runId } = this.#run;
    const [job] = await this.#again(() => this.#boss.fetch<SliceJob>(runId, { batchSize: 1, includeMetadata: true }));
    if (job === undefined) return undefined;
    this.#held.set(job.id, job);
    return {
      ...job.data,
      also: await this.#completion(job),
      done: () => {
        this.#held.delete(job.id);
        // Where it is done already, in the transaction of its last shard, nothing is left to complete: nobody waits for it.
        void this.#boss.complete(runId, job).catch(() => {});
      },
    };
  }

  async drop(): Promise<void> {
    await this.#boss.deleteQueue(this.#run.runId).catch(() => {});
  }

  async close(): Promise<void> {
    clearInterval(this.#touching);
    const held = [...this.#held.values()];
    // Another worker may have them at once, and need not wait until this one counts as dead.
    if (held.length > 0) await this.#boss.fail(this.#run.runId, held).catch(() => {});
    await this.#boss.stop({ graceful: false }).catch(() => {});
    await this.#connection.close();
  }

  async #touch(): Promise<void> {
    const held = [...this.#held.values()];
    if (held.length > 0) await this.#boss.touch(this.#run.runId, held).catch(() => {});
  }

  /** What pg-boss would say to complete a job, for a thread to say in a transaction of its own. */
  async #completion(job: JobWithMetadata<SliceJob>): Promise<Statement> {
    let said: Statement | undefined;
    const db = {
      executeSql: async (text: string, values: unknown[] = []) => {
        said = { text, values };
        return { rows: [{ count: 0 }] };
      },
    };
    await this.#boss.complete(this.#run.runId, job, null, { db });
    return said!;
  }

  /**
   * Asks again, after what may pass, such as a restart of the server; else the queue is gone: somebody has dropped its
   * tables, and the ledger says what was in it.
   */
  async #again<T>(ask: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask();
      } catch (cause) {
        const { code, message } = cause as { code?: string; message: string };
        if (attempt >= ATTEMPTS_TOGETHER_MAX) throw unavailable(cause);
        if (!isTransient(code, message)) {
          this.#run.onNotice(`the queue has failed (${message}): filling it anew from the ledger`);
          await this.#fillAnew();
        } else await delay(retryDelayMs(attempt));
      }
    }
  }

  /** Once for all lanes that find it gone at the same time. */
  #fillAnew(): Promise<void> {
    this.#filling ??= this.#restart().finally(() => {
      this.#filling = undefined;
    });
    return this.#filling;
  }

  async #restart(): Promise<void> {
    await this.#boss.stop({ graceful: false }).catch(() => {});
    this.#boss = await startBoss(this.#connection);
    await this.fill();
  }
}

/** Starts pg-boss, which makes its tables where they are not there: several workers at once get in each other's way. */
async function startBoss(connection: KeptConnection): Promise<PgBoss> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await newBoss(connection);
    } catch (cause) {
      const { code, message } = cause as { code?: string; message: string };
      const isOurs = cause instanceof SeedBulkError && !isTransient(code, message);
      if (attempt >= ATTEMPTS_TOGETHER_MAX || isOurs) throw cause;
      await delay(retryDelayMs(attempt));
    }
  }
}

async function newBoss(connection: KeptConnection): Promise<PgBoss> {
  const { PgBoss } = await loadPgBoss();
  const boss = new PgBoss({
    db: { executeSql: (text, values) => connection.run((client) => rowsOf(client, text, values)) },
    schema: QUEUE_SCHEMA,
    schedule: false,
    reindex: false,
    monitorVacuum: false,
    superviseIntervalSeconds: MONITOR_SECONDS,
    monitorIntervalSeconds: MONITOR_SECONDS,
  });
  // Its monitor works beside: what fails there, as while a server restarts, is tried again at its next turn.
  boss.on("error", () => {});
  await boss.start();
  return boss;
}

/** What pg-boss wants of a text, which may be of several statements: the rows of all of them. */
async function rowsOf(client: pg.Client, text: string, values: unknown[] | undefined): Promise<{ rows: unknown[] }> {
  const result: pg.QueryResult | pg.QueryResult[] = await client.query(text, values);
  return { rows: [result].flat().flatMap(({ rows }) => rows) };
}

/** A job's ID hangs on what it says: putting it in twice is once. A UUID of version 8, whose form is the maker's. */
function jobId(runId: string, { entity, first, last }: SliceJob): string {
  const hash = createHash("sha256").update(`${runId} ${entity} ${first} ${last}`).digest("hex");
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

async function loadPgBoss(): Promise<typeof import("pg-boss")> {
  try {
    return await import("pg-boss");
  } catch (cause) {
    throw new SeedBulkError("SB_QUEUE_UNAVAILABLE", "pg-boss, which --engine pg-boss takes, is not installed", {
      cause,
      hint: "Install it beside seed-bulk: `npm install pg-boss@12`. It asks for Node 22.12; 20.19 runs it too, with a warning from npm.",
    });
  }
}

function unavailable(cause: unknown): SeedBulkError {
  if (cause instanceof SeedBulkError) return cause;
  return new SeedBulkError("SB_QUEUE_UNAVAILABLE", `the queue cannot be opened: ${(cause as Error).message}`, {
    cause,
    hint: `Its tables stand in the schema ${QUEUE_SCHEMA} of the target database, which the first worker makes. --part needs no queue.`,
  });
}
