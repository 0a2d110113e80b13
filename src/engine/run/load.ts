import { setTimeout as delay } from "node:timers/promises";
import { plural, withThousands } from "../../core/thousands.js";
import { ERROR_CODES, type ErrorCode, SeedBulkError } from "../../errors.js";
import { hasShard, isCommittedAlready, type LedgerShard } from "../../ledger/shards.js";
import { originOf } from "../../model/origin.js";
import { entityShards, type Plan, type Shard, shardsOf } from "../../model/plan.js";
import type { Universe } from "../../model/universe.js";
import { hintOf, isTransient, serverError } from "../../postgres/sqlstate.js";
import type { RunObserver } from "../observer.js";
import { type ShardSource, type ShardWork, shardQueues, workOf } from "../schedule/shard-queues.js";
import type { LoadData, ShardDone, ShardFailed, ShardOutcome, ShardTask, SinkSpec } from "../threads/protocol.js";
import { ATTEMPTS_MAX, retryDelayMs } from "../threads/retrying.js";
import { startThreads } from "../threads/shard-threads.js";
import { Supervisor } from "../threads/supervisor.js";
import type { ThreadPool } from "../threads/thread-pool.js";
import { LatencyRecorder, type LatencySummary } from "./latencies.js";
import { orderedDigests } from "./ordered-digests.js";
import { patiently } from "./patiently.js";

/** A summary walks the whole histogram: once a second is enough for people. */
const TICKS_PER_LATENCIES = 5;

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
  /** Who says which shards to make, where others make some too; all that are not committed without it. */
  readonly source?: ShardSource;
  /** Threads that were started for it before; without them it starts and ends its own. */
  readonly threads?: ThreadPool;
  /** How often a shard is tried, where not as usual. */
  readonly attemptsMax?: number;
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
  const supervisor = new Supervisor(entities, { signal, observer });
  for (const { entity, rows } of committed) supervisor.skip(entity, rows);
  const data: LoadData = { universe: universe.share(), sink, ...supervisor.shared };
  const wanted = Math.max(1, options.source ? options.workers : Math.min(options.workers, shards.length));
  const threads = options.threads ?? startThreads(originOf(universe.model), wanted);
  const run = new LoadRun(threads, { data, plan, shards, options, stopOthers: () => supervisor.stopThreads() });
  let ticks = 0;
  supervisor.begin(
    () => threads.close(),
    () => {
      if (++ticks % TICKS_PER_LATENCIES === 0) observer?.latencies?.(run.latencies());
    },
  );
  try {
    return await run.all(Math.min(wanted, threads.count));
  } finally {
    supervisor.end();
    await threads.close();
  }
}

/** The same as a phase that the observer is told of. */
export async function loadPhase(options: LoadOptions): Promise<LoadResult> {
  options.observer?.phaseStarted?.("load");
  const { committed = [], plan } = options;
  if (committed.length > 0) {
    const rowsOf = (entity: string): number =>
      committed.reduce((sum, shard) => (shard.entity === entity ? sum + shard.rows : sum), 0);
    options.observer?.skipped?.(plan.entities.map(({ entity }) => rowsOf(entity)));
  }
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
  readonly #threads: ThreadPool;
  readonly #data: LoadData;
  readonly #plan: Plan;
  readonly #shards: readonly Shard[];
  readonly #options: LoadOptions;
  readonly #tallies = new Map<string, Tally>();
  readonly #chunkLatencies = new LatencyRecorder();
  readonly #shardLatencies = new LatencyRecorder();
  readonly #stopOthers: () => void;
  #retries = 0;
  #failure: SeedBulkError | undefined;

  constructor(
    threads: ThreadPool,
    load: {
      readonly data: LoadData;
      readonly plan: Plan;
      readonly shards: readonly Shard[];
      readonly options: LoadOptions;
      /** Asks the other lanes' workers to stop, once one has failed for good. */
      readonly stopOthers: () => void;
    },
  ) {
    this.#threads = threads;
    this.#stopOthers = load.stopOthers;
    this.#data = load.data;
    this.#plan = load.plan;
    this.#shards = load.shards;
    this.#options = load.options;
  }

  async all(workers: number): Promise<LoadResult> {
    const began = performance.now();
    const digests = this.#options.sink.kind === "digest" ? orderedDigests(this.#plan, 2 * workers) : undefined;
    // Digests take shards in the order of rows, whoever makes them.
    const source = this.#options.source ?? shardQueues(this.#shards, digests ? 1 : workers);
    let next = 0;
    const lane = async (_: unknown, own: number): Promise<void> => {
      while (this.#failure === undefined && !this.#options.signal?.aborted) {
        const sequence = next++;
        const work = digests ? workOf(this.#shards[sequence]) : await source.take(own);
        if (work === undefined) return;
        const { shard } = work;
        const done = await this.#makeShard(work);
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
  async #makeShard(work: ShardWork): Promise<ShardDone | undefined> {
    const { shard } = work;
    const { attemptsMax = ATTEMPTS_MAX } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(work, attempt);
      if (outcome.ok) return outcome;
      if (isCommittedAlready(outcome) || (isClash(outcome) && (await this.#isCommitted(shard))))
        return { ...ALREADY_COMMITTED, rows: shard.end - shard.start };
      if (outcome.cancelled || this.#failure || this.#options.signal?.aborted) return undefined;
      if (attempt >= attemptsMax || !isTransient(outcome.code, outcome.message)) {
        this.#fail(shardError(shard, outcome, attempt));
        return undefined;
      }
      this.#retries++;
      const waitMs = retryDelayMs(attempt);
      this.#options.observer?.notice?.(
        `${describe(shard)} failed (${outcome.message}); attempt ${attempt + 1} of ${attemptsMax} in ${waitMs} ms`,
      );
      await delay(waitMs, undefined, { signal: this.#options.signal }).catch(() => {});
    }
  }

  /** Keys that stay on may meet rows of the same shard before the ledger's does: its other maker has committed it. */
  async #isCommitted(shard: Shard): Promise<boolean> {
    const { sink } = this.#options;
    if (sink.kind !== "postgres") return false;
    return patiently(sink.url, (client) => hasShard(client, sink, shard)).catch(() => false);
  }

  async #attempt({ shard, also }: ShardWork, attempt: number): Promise<ShardOutcome> {
    try {
      const task: ShardTask = { load: this.#data, shard, attempt, ...(also && { also }) };
      return (await this.#threads.run(task)) as ShardOutcome;
    } catch (error) {
      if (error instanceof SeedBulkError) this.#fail(error);
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

  #fail(error: SeedBulkError): void {
    this.#failure ??= error;
    this.#stopOthers();
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
    const held = entities
      .filter((entity) => entity.rows > 0)
      .map((entity) => `${entity.entity} ${withThousands(entity.rows)}`);
    const where =
      this.#options.sink.kind === "postgres"
        ? `The database holds ${plural(rows, "row")}${held.length > 0 ? ` (${held.join(", ")})` : ""}, without keys or indexes.`
        : `${plural(rows, "row")} were made.`;
    return new SeedBulkError("SB_INTERRUPTED", `stopped while loading. ${where}`, {
      hint: "`seed-bulk resume` goes on where it stopped.",
    });
  }
}

/** Whether a row has met another that is there. */
function isClash({ code }: ShardFailed): boolean {
  return code === "23505" || code === "23P01";
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
