import { setTimeout as delay } from "node:timers/promises";
import type { Piscina } from "piscina";
import { ERROR_CODES, type ErrorCode, SeedBulkError } from "../../errors.js";
import { isCommittedAlready, type LedgerShard } from "../../ledger/shards.js";
import { entityShards, type Plan, type Shard, shardsOf } from "../../model/plan.js";
import type { Universe } from "../../model/universe.js";
import { hintOf, serverError } from "../../postgres/sqlstate.js";
import { isTransient } from "../../postgres/transient.js";
import type { RunObserver } from "../observer.js";
import { shardQueues } from "../schedule/shard-queues.js";
import type { LoadData, ShardDone, ShardFailed, ShardOutcome, ShardTask, SinkSpec } from "../threads/protocol.js";
import type { Threads } from "../threads/shard-threads.js";
import { startThreads } from "../threads/shard-threads.js";
import { LatencyRecorder, type LatencySummary } from "./latencies.js";
import { orderedDigests } from "./ordered-digests.js";

/** How often a shard is tried before the run fails. */
const ATTEMPTS_MAX = 5;
/** Before the second attempt; doubled before each further one: 3 s in all, as long as a server takes to restart. */
const RETRY_DELAY_MS = 200;
/** Between two looks at the workers' counters. */
const PROGRESS_INTERVAL_MS = 200;
/** A summary walks the whole histogram: once a second is enough for people. */
const TICKS_PER_LATENCIES = 5;
/** How long workers may take to roll back once asked to stop; then their threads are ended. */
const STOP_GRACE_MS = 1000;

/** What became of one entity. */
export interface LoadedEntity {
  readonly entity: string;
  readonly rows: number;
  readonly bytes: number;
  /** From its first shard's start to its last shard's end. */
  readonly seconds: number;
  /** SHA-256 of its bytes in ID order, with the digest sink. */
  readonly digest?: string;
}

/** What a load did. */
export interface LoadResult {
  readonly entities: readonly LoadedEntity[];
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly chunkLatencyMs: LatencySummary;
  readonly shardLatencyMs: LatencySummary;
  readonly retries: number;
}

export interface LoadOptions {
  readonly plan: Plan;
  readonly universe: Universe;
  readonly sink: SinkSpec;
  readonly workers: number;
  /** Shards to leave out: those that are committed already. */
  readonly committed?: readonly LedgerShard[];
  /** Threads that were started for it before; without them it starts and ends its own. */
  readonly threads?: Threads;
  readonly signal?: AbortSignal;
  readonly observer?: RunObserver;
}

/**
 * Makes all shards of a plan on a pool of threads.
 * @throws SeedBulkError SB_INTERRUPTED after an abort, SB_COPY_REJECTED, SB_CONNECTION_LOST, SB_WORKER_FAILED
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { plan, universe, sink, observer, signal } = options;
  const committed = options.committed ?? [];
  const known = new Set(committed.map(({ entity, index }) => `${entity} ${index}`));
  const all = sink.kind === "digest" ? plan.entities.flatMap(entityShards) : shardsOf(plan);
  const shards = all.filter(({ entity, index }) => !known.has(`${entity} ${index}`));
  const entities = plan.entities.map(({ entity }) => entity);
  const progress = new BigInt64Array(new SharedArrayBuffer(8 * Math.max(1, entities.length)));
  for (const { entity, rows } of committed) progress[entities.indexOf(entity)] += BigInt(rows);
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const data: LoadData = {
    universe: universe.share(),
    sink,
    progress: progress.buffer as SharedArrayBuffer,
    entities,
    cancel: cancel.buffer as SharedArrayBuffer,
  };
  const wanted = Math.max(1, Math.min(options.workers, shards.length));
  const threads = options.threads ?? startThreads(plan.scenario.model, wanted);
  const { pool } = threads;
  const workers = Math.min(wanted, threads.count);
  const run = new LoadRun(pool, { data, plan, shards, options });
  let ticks = 0;
  const report = (): void => {
    observer?.progress?.(Array.from(progress, Number));
    if (++ticks % TICKS_PER_LATENCIES === 0) observer?.latencies?.(run.latencies());
  };
  const ticker = setInterval(report, PROGRESS_INTERVAL_MS);
  let grace: NodeJS.Timeout | undefined;
  const stop = (): void => {
    Atomics.store(cancel, 0, 1);
    grace = setTimeout(() => void pool.destroy(), STOP_GRACE_MS);
  };
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  run.stopOthers = () => Atomics.store(cancel, 0, 1);
  try {
    return await run.all(workers);
  } finally {
    clearInterval(ticker);
    clearTimeout(grace);
    signal?.removeEventListener("abort", stop);
    report();
    await pool.destroy();
  }
}

/** The same as a phase that the observer is told of. */
export async function loadPhase(options: LoadOptions): Promise<LoadResult> {
  options.observer?.phaseStarted?.("load");
  const loaded = await load(options);
  options.observer?.phaseEnded?.("load", loaded.seconds);
  return loaded;
}

/** Entities' sums while shards come in. */
interface Tally {
  rows: number;
  bytes: number;
  startedMs: number;
  endedMs: number;
}

/** One load: lanes that each take the next shard until none is left. */
class LoadRun {
  /** Asks the other lanes' workers to stop, once one has failed for good. */
  stopOthers: () => void = () => {};
  readonly #pool: Piscina;
  readonly #data: LoadData;
  readonly #plan: Plan;
  readonly #shards: readonly Shard[];
  readonly #options: LoadOptions;
  readonly #tallies = new Map<string, Tally>();
  readonly #chunkLatencies = new LatencyRecorder();
  readonly #shardLatencies = new LatencyRecorder();
  #retries = 0;
  #failure: SeedBulkError | undefined;

  constructor(
    pool: Piscina,
    load: {
      readonly data: LoadData;
      readonly plan: Plan;
      readonly shards: readonly Shard[];
      readonly options: LoadOptions;
    },
  ) {
    this.#pool = pool;
    this.#data = load.data;
    this.#plan = load.plan;
    this.#shards = load.shards;
    this.#options = load.options;
  }

  async all(workers: number): Promise<LoadResult> {
    const began = performance.now();
    const digests = this.#options.sink.kind === "digest" ? orderedDigests(this.#plan, 2 * workers) : undefined;
    // Digests take shards in the order of rows, whoever makes them.
    const queues = shardQueues(this.#shards, digests ? 1 : workers);
    let next = 0;
    const lane = async (_: unknown, own: number): Promise<void> => {
      while (this.#failure === undefined && !this.#options.signal?.aborted) {
        const sequence = next++;
        const shard = digests ? this.#shards[sequence] : queues.take(own);
        if (shard === undefined) return;
        const done = await this.#makeShard(shard);
        if (done === undefined) return;
        this.#record(shard, done);
        await digests?.add(sequence, shard.entity, done.chunks ?? []);
      }
    };
    await Promise.all(Array.from({ length: workers }, lane));
    if (this.#failure) throw this.#failure;
    if (this.#options.signal?.aborted) throw this.#interrupted();
    return this.#result((performance.now() - began) / 1000, digests?.finish());
  }

  latencies(): { readonly chunkMs: LatencySummary; readonly shardMs: LatencySummary } {
    return { chunkMs: this.#chunkLatencies.summaryMs(), shardMs: this.#shardLatencies.summaryMs() };
  }

  /** Makes one shard, again where a failure may pass; undefined where the run has ended instead. */
  async #makeShard(shard: Shard): Promise<ShardDone | undefined> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(shard, attempt);
      if (outcome.ok) return outcome;
      if (isCommittedAlready(outcome)) return { ...ALREADY_COMMITTED, rows: shard.end - shard.start };
      if (outcome.cancelled || this.#failure || this.#options.signal?.aborted) return undefined;
      if (attempt >= ATTEMPTS_MAX || !isTransient(outcome.code, outcome.message)) {
        this.#failure = shardError(shard, outcome, attempt);
        this.stopOthers();
        return undefined;
      }
      this.#retries++;
      const waitMs = RETRY_DELAY_MS * 2 ** (attempt - 1);
      this.#options.observer?.notice?.(
        `${describe(shard)} failed (${outcome.message}); attempt ${attempt + 1} of ${ATTEMPTS_MAX} in ${waitMs} ms`,
      );
      await delay(waitMs, undefined, { signal: this.#options.signal }).catch(() => {});
    }
  }

  async #attempt(shard: Shard, attempt: number): Promise<ShardOutcome> {
    try {
      const task: ShardTask = { load: this.#data, shard, attempt };
      return (await this.#pool.run(task)) as ShardOutcome;
    } catch (error) {
      const cancelled = this.#options.signal?.aborted ?? false;
      return {
        ok: false,
        message: (error as Error).message,
        code: "SB_WORKER_FAILED",
        schema: undefined,
        table: undefined,
        constraint: undefined,
        cancelled,
      };
    }
  }

  #record(shard: Shard, done: ShardDone): void {
    const now = performance.now();
    const tally = this.#tallies.get(shard.entity) ?? { rows: 0, bytes: 0, startedMs: now, endedMs: now };
    tally.rows += done.rows;
    tally.bytes += done.bytes;
    tally.startedMs = Math.min(tally.startedMs, now - done.seconds * 1000);
    tally.endedMs = now;
    this.#tallies.set(shard.entity, tally);
    for (const us of done.chunkLatenciesUs) this.#chunkLatencies.recordUs(us);
    this.#shardLatencies.recordUs(done.seconds * 1e6);
  }

  #result(seconds: number, digests: Record<string, string> | undefined): LoadResult {
    const entities = this.#plan.entities.map(({ entity }): LoadedEntity => {
      const { rows, bytes, startedMs, endedMs } = this.#tallies.get(entity) ?? NOTHING;
      const digest = digests?.[entity];
      return { entity, rows, bytes, seconds: (endedMs - startedMs) / 1000, ...(digest && { digest }) };
    });
    return {
      entities,
      rows: entities.reduce((sum, { rows }) => sum + rows, 0),
      bytes: entities.reduce((sum, { bytes }) => sum + bytes, 0),
      seconds,
      chunkLatencyMs: this.#chunkLatencies.summaryMs(),
      shardLatencyMs: this.#shardLatencies.summaryMs(),
      retries: this.#retries,
    };
  }

  #interrupted(): SeedBulkError {
    const { entities, rows } = this.#result(0, undefined);
    const held = entities.filter((entity) => entity.rows > 0).map((entity) => `${entity.entity} ${entity.rows}`);
    const where =
      this.#options.sink.kind === "postgres"
        ? `The database holds ${rows} rows in whole shards${held.length > 0 ? ` (${held.join(", ")})` : ""}, without keys or indexes.`
        : `${rows} rows were made.`;
    return new SeedBulkError("SB_INTERRUPTED", `stopped while loading. ${where}`, {
      hint: "`seed-bulk resume` goes on where it stopped.",
    });
  }
}

const NOTHING: Tally = { rows: 0, bytes: 0, startedMs: 0, endedMs: 0 };

/**
 * What is told of a shard that an earlier attempt committed although the answer was lost: the ledger's key refused the
 * second copy whole, and the shard is there once.
 */
const ALREADY_COMMITTED: ShardDone = {
  ok: true,
  rows: 0,
  bytes: 0,
  seconds: 0,
  chunkLatenciesUs: new Float64Array(),
};

function describe({ entity, start, end }: Shard): string {
  return `${entity}, rows [${start}, ${end})`;
}

function shardError(shard: Shard, { code, message }: ShardFailed, attempts: number): SeedBulkError {
  const times = attempts > 1 ? ` after ${attempts} attempts` : "";
  const text = `COPY into ${describe(shard)} failed${times}: ${message}`;
  const again = "`seed-bulk resume` goes on where it stopped.";
  if (code !== undefined && code in ERROR_CODES) {
    const hint = hintOf(code as ErrorCode);
    return new SeedBulkError(code as ErrorCode, text, hint === undefined ? {} : { hint: `${hint} ${again}` });
  }
  const told = serverError({ code, message: text }, { refusal: "SB_COPY_REJECTED", next: again });
  return told ?? new SeedBulkError("SB_COPY_REJECTED", text);
}
