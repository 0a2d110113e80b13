import { randomInt } from "node:crypto";
import type pg from "pg";
import { guard } from "../engine/guard/guard.js";
import { guardBeforehand } from "../engine/guard/guard-beforehand.js";
import type { RunObserver } from "../engine/observer.js";
import { stepsOf } from "../engine/run/carry-out.js";
import type { Holding } from "../engine/run/lease-keeper.js";
import { type LoadResult, load } from "../engine/run/load.js";
import { isOrderedLoad, loadingSteps, refersToItself } from "../engine/run/load-in-order.js";
import type { RunTarget } from "../engine/run/options.js";
import { type RecordedRun, recordedRun } from "../engine/run/recorded.js";
import { requireKept } from "../engine/run/require-kept.js";
import { requireOwnTables } from "../engine/run/resume.js";
import { sessionUrl } from "../engine/run/session-url.js";
import { whileHeld } from "../engine/run/while-held.js";
import type { FinishingStep } from "../engine/schedule/finishing-steps.js";
import type { ShardSource } from "../engine/schedule/shard-queues.js";
import type { SinkSpec } from "../engine/threads/protocol.js";
import { ATTEMPTS_TOGETHER_MAX } from "../engine/threads/retrying.js";
import { startThreads } from "../engine/threads/shard-threads.js";
import type { ThreadPool } from "../engine/threads/thread-pool.js";
import { SeedBulkError } from "../errors.js";
import type { Lease } from "../ledger/lease.js";
import { FINAL_STATES, findRun, type LedgerRun, type RunState, runState } from "../ledger/runs.js";
import { ensureLedger } from "../ledger/schema.js";
import { committedShards } from "../ledger/shards.js";
import { joinLease, leaveLease, renewShare } from "../ledger/shares.js";
import { finishedSteps } from "../ledger/steps.js";
import { originOf } from "../model/origin.js";
import type { Universe } from "../model/universe.js";
import { packageVersion } from "../platform/package.js";
import { inTransaction } from "../postgres/connection.js";
import { literalForms } from "../postgres/literals.js";
import { redactUrl } from "../postgres/redact.js";
import { StatementWatch } from "../postgres/statement-watch.js";
import { workersGiven } from "../postgres/workers-given.js";
import { Figures } from "./figures.js";
import { Finishing } from "./finishing.js";
import { KeptConnection } from "./kept-connection.js";
import { PartSource } from "./part-source.js";
import type { Part } from "./parts.js";
import { type Queue, type QueueRun, QueueSource } from "./queue.js";
import {
  type ShardRange,
  SLICES_IN_QUEUE_MIN,
  SLICES_PER_PART_MIN,
  type Slicing,
  shardName,
  slicesOf,
} from "./slices.js";
import { isFinalFault, runStopped, stopRun } from "./stopping.js";
import { together } from "./together.js";

/** Who tells a worker what to make. */
export type ToldBy =
  /** A part of the run by its number; with `steal` what others lack as well. */
  | { readonly kind: "part"; readonly part: Part; readonly steal: boolean }
  /** A queue of slices, opened for the run. */
  | { readonly kind: "queue"; readonly open: (run: QueueRun) => Promise<Queue> };

export interface WorkOptions {
  readonly target: Extract<RunTarget, { kind: "postgres" }>;
  /** A run's ID; the newest unfinished one without it. */
  readonly runId?: string;
  readonly toldBy: ToldBy;
  readonly workers: number;
  readonly stallSecondsMax: number;
  readonly signal?: AbortSignal;
  readonly observer?: RunObserver;
}

/** What one worker did of a run. */
export interface WorkReport {
  readonly runId: string;
  /** Where it leaves the run. */
  readonly state: RunState;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Seconds of loading. */
  readonly loadSeconds: number;
  readonly steps: number;
  readonly retries: number;
  readonly schema: string;
}

/**
 * Does what it is told of a run that any number of processes work on, and leaves. What is there already is not made
 * again; the ledger decides what is.
 * @throws SeedBulkError SB_RUN_STOPPED for what no further attempt would mend, and what loading and finishing throw
 */
export async function work(options: WorkOptions): Promise<WorkReport> {
  const began = performance.now();
  const { target } = options;
  guardBeforehand({ ...target, ...target.safety, rows: 0 });
  const joined = await together(target.url, (client) => join(client, options), options.signal);
  if ("state" in joined) return { ...NOTHING_DONE, ...joined, seconds: 0 };
  const mine = joined;
  const { run, lease } = mine;
  const url = sessionUrl(target, mine.recorded.universe.model);
  const { runId, schema } = run;
  const figures = new Figures(options.observer);
  const stopped = new AbortController();
  const holding: Holding = {
    lease,
    renew: async (renewing) => {
      const { state, lastError } = await runState(renewing, runId);
      if (state === "stopped") stopped.abort(runStopped(runId, lastError));
      return renewShare(renewing, lease, figures.now());
    },
    release: (leaving) => leaveLease(leaving, lease),
  };
  const signal = AbortSignal.any([stopped.signal, ...(options.signal ? [options.signal] : [])]);
  const onFailure = async (error: unknown): Promise<void> => {
    if (isFinalFault(error)) await stopRun(url, { runId, lease }, error);
  };
  // They load their code while the ledger and the queue are asked.
  const threads = startThreads(originOf(mine.recorded.universe.model), options.workers);
  try {
    const done = await whileHeld(url, holding, { signal, onFailure }, (held) =>
      loadAndFinish({ ...mine, url, figures, threads }, options, held),
    );
    return { runId, schema, ...done, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    if (stopped.signal.aborted && !options.signal?.aborted) throw stopped.signal.reason;
    throw isFinalFault(error) ? runStopped(runId, toldOf(error)) : error;
  } finally {
    await threads.close();
  }
}

function toldOf(error: unknown): string {
  return error instanceof SeedBulkError ? `${error.code}: ${error.message}` : String(error);
}

const NOTHING_DONE = { rows: 0, bytes: 0, loadSeconds: 0, steps: 0, retries: 0 };

/** What a worker has, once it has a share in a run. */
interface Joined {
  readonly run: LedgerRun;
  readonly recorded: RecordedRun;
  readonly lease: Lease;
}

/** Takes a share in a run; where nothing is left to do, says what became of it. */
async function join(
  client: pg.Client,
  options: WorkOptions,
): Promise<Joined | Pick<WorkReport, "runId" | "state" | "schema">> {
  const { target, workers, toldBy } = options;
  const found = await findRun(client, options.runId);
  const { runId, schema, state, lastError } = found;
  if (FINAL_STATES.has(state)) return { runId, state, schema };
  if (state === "stopped") throw runStopped(runId, lastError);
  refuseOtherVersion(found);
  const recorded = await recordedRun(found);
  const { plan, universe } = recorded;
  const committed = await committedShards(client, found);
  const bytesDone = committed.reduce((sum, { bytes }) => sum + bytes, 0);
  await guard(client, { ...target, ...target.safety, adoptSchema: true, schema, plan, bytesDone, replace: false });
  await requireOwnTables(client, found, universe);
  await requireKept(client, { universe, schema });
  if (found.options.unlogged && committed.length === 0 && (await finishedSteps(client, runId)).size > 0) {
    throw new SeedBulkError("SB_LOAD_INCOMPLETE", "the server lost the run's unlogged tables", {
      hint: `\`seed-bulk resume ${runId}\` makes them anew.`,
    });
  }
  const lease = await inTransaction(client, async () => {
    await ensureLedger(client);
    return joinLease(client, { schema, runId, threads: workers, toldBy: wordsFor(toldBy) });
  });
  return { run: found, recorded, lease };
}

function wordsFor(toldBy: ToldBy): string {
  if (toldBy.kind === "queue") return "queue";
  const { part, steal } = toldBy;
  return part.of === 1 ? "all that is missing" : `part ${part.index} of ${part.of}${steal ? ", then others" : ""}`;
}

/** @throws SeedBulkError SB_RUN_CHANGED */
function refuseOtherVersion({ runId, options }: LedgerRun): void {
  const here = packageVersion();
  if (options.packageVersion === here) return;
  const there = options.packageVersion ?? "an earlier version";
  throw new SeedBulkError("SB_RUN_CHANGED", `run ${runId} was begun by seed-bulk ${there}, and this is ${here}`, {
    hint: "All machines that work on a run use the same version. Nothing was written.",
  });
}

async function loadAndFinish(
  {
    run,
    recorded,
    lease,
    url,
    figures,
    threads,
  }: Joined & {
    readonly url: string;
    readonly figures: Figures;
    readonly threads: ThreadPool;
  },
  options: WorkOptions,
  signal: AbortSignal,
): Promise<Omit<WorkReport, "runId" | "schema" | "seconds">> {
  const { toldBy, stallSecondsMax } = options;
  const { universe, plan } = recorded;
  const { runId, schema } = run;
  const { unlogged, beside = [] } = run.options;
  const { observer } = figures;
  const attemptsMax = ATTEMPTS_TOGETHER_MAX;
  observer.planned?.(plan, { workers: options.workers, sink: "postgres", database: redactUrl(url) });
  const workers = await workersGiven(url, { workers: options.workers, signal, onNotice: observer.notice });
  const entities = plan.entities.map(({ entity }) => universe.entity(entity));
  universe.literals = await together(url, (client) =>
    inTransaction(client, () => literalForms(client, universe.entities)),
  );
  const steps = await together(url, (client) => stepsOf(client, { runId, beside }, universe, entities));
  const watch = new StatementWatch(url, { stallSecondsMax, signal });
  const ledger = new KeptConnection(url, "ledger", attemptsMax);
  const finishing = new Finishing({
    url,
    runId,
    lease,
    plan,
    unlogged,
    ledger,
    steps,
    connections: workers,
    stallSecondsMax,
    watch,
    attemptsMax,
    signal,
    observer,
    rowsOf: (entity) => universe.rowCount(entity),
  });
  const committed = async (of?: ShardRange): Promise<ReadonlySet<string>> => {
    const shards = await ledger.run((client) => committedShards(client, run, of));
    return new Set(shards.map(shardName));
  };
  let queue: Queue | undefined;
  try {
    const slices = slicesOf(plan, await slicingOf(url, run, universe, steps, toldBy));
    const common = { slices, committed, signal };
    if (toldBy.kind === "queue") {
      const onNotice = (text: string): void => observer.notice?.(text);
      queue = await toldBy.open({ runId, url, slices, committed, onNotice });
    }
    const source: ShardSource =
      toldBy.kind === "part"
        ? new PartSource({ ...common, ...toldBy, random: () => randomInt(2 ** 31) / 2 ** 31 })
        : new QueueSource({ ...common, queue: queue! });
    const sink: SinkSpec = { kind: "postgres", url, schema, runId, unlogged, lease, stallSecondsMax };
    const loaded = await loadBeside(finishing, {
      plan,
      universe,
      sink,
      workers,
      threads,
      source,
      signal,
      observer,
      attemptsMax,
    });
    figures.enter("finishing");
    observer.phaseStarted?.("finishing");
    const began = performance.now();
    const state = await finishing.toTheEnd(toldBy.kind === "queue" || toldBy.steal);
    observer.phaseEnded?.("finishing", (performance.now() - began) / 1000);
    if (state === "done") await queue?.drop();
    if (state === "stopped") throw runStopped(runId, null);
    const { rows, bytes, seconds, retries } = loaded;
    return { state, rows, bytes, loadSeconds: seconds, retries, steps: finishing.stepsDone };
  } finally {
    await finishing.close();
    watch.close();
    await queue?.close();
    await ledger.close();
  }
}

/** Loads what the source says, and builds indexes of tables that are complete beside it. */
async function loadBeside(finishing: Finishing, options: Parameters<typeof load>[0]): Promise<LoadResult> {
  const over = new AbortController();
  const beside = finishing.besideLoad(over.signal);
  // Its failure is met below, or is that of the load.
  beside.catch(() => {});
  try {
    options.observer?.phaseStarted?.("load");
    const loaded = await load(options);
    options.observer?.phaseEnded?.("load", loaded.seconds);
    return loaded;
  } finally {
    over.abort();
    await beside.catch(() => {});
  }
}

/** How a run is cut: where keys stay on while rows come in, each table after those that it refers to. */
async function slicingOf(
  url: string,
  run: LedgerRun,
  universe: Universe,
  steps: readonly FinishingStep[],
  toldBy: ToldBy,
): Promise<Slicing> {
  const slicesMin = toldBy.kind === "queue" ? SLICES_IN_QUEUE_MIN : SLICES_PER_PART_MIN * toldBy.part.of;
  const done = await together(url, (client) => finishedSteps(client, run.runId));
  if (!isOrderedLoad(universe, steps, done)) return { slicesMin };
  const entities = run.plan.entities.map(({ entity }) => universe.entity(entity));
  const inOrder = new Set(entities.filter(refersToItself).map(({ name }) => name));
  return { slicesMin, levels: loadingSteps(entities), inOrder };
}
