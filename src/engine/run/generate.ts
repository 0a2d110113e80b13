import { randomUUID } from "node:crypto";
import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { claimSchema } from "../../ledger/claim.js";
import { deferredKeys } from "../../ledger/deferred.js";
import { ownObjects } from "../../ledger/objects.js";
import { insertRun, setRunState } from "../../ledger/runs.js";
import { ensureLedger } from "../../ledger/schema.js";
import type { LedgerShard } from "../../ledger/shards.js";
import type { Plan } from "../../model/plan.js";
import type { Universe } from "../../model/universe.js";
import { close, connect, cut, inTransaction, redactUrl } from "../../postgres/connection.js";
import { type GuardRequest, guard } from "../guard/guard.js";
import type { RunObserver } from "../observer.js";
import type { SinkSpec } from "../threads/protocol.js";
import { tablesBeside } from "./beside.js";
import { dropObjects } from "./drop-objects.js";
import { finish } from "./finish.js";
import type { LatencySummary } from "./latencies.js";
import { type LoadOptions, type LoadResult, load, startThreads, type Threads } from "./load.js";
import { makeTables } from "./make-tables.js";

/** What a run did, as `--json` prints it. */
export interface RunReport {
  readonly runId: string;
  readonly scenario: string;
  readonly model: string;
  readonly seed: number;
  readonly scale: number;
  readonly planHash: string;
  readonly sink: SinkSpec["kind"];
  /** The database's URL without its password; null where none was written to. */
  readonly database: string | null;
  readonly schema: string;
  readonly workers: number;
  readonly rows: number;
  /** Of binary COPY. */
  readonly bytes: number;
  /** All phases. */
  readonly seconds: number;
  /** Of the load phase. */
  readonly rowsPerSecond: number;
  /** Seconds a phase, in their order. */
  readonly phases: Readonly<Record<string, number>>;
  readonly latencies: { readonly chunkMs: LatencySummary; readonly shardMs: LatencySummary };
  readonly retries: number;
  /** Tables of the same plan that were there already and stay. */
  readonly beside: readonly string[];
  readonly peakMemoryBytes: number;
  readonly entities: readonly {
    readonly entity: string;
    readonly table: string;
    readonly rows: number;
    readonly bytes: number;
    readonly seconds: number;
    readonly digest?: string;
  }[];
}

/** Where a run's rows go. */
export type RunTarget =
  | { readonly kind: "discard" | "digest" }
  | {
      readonly kind: "postgres";
      readonly url: string;
      /** Whether it is the embedded server, which needs no enabling. */
      readonly embedded: boolean;
      readonly safety: Safety;
    };

/** What the guard is told of the caller's wishes and surroundings. */
export type Safety = Pick<GuardRequest, "adoptSchema" | "maxRows" | "env">;

export interface GenerateOptions {
  /** The run's ID, a UUID, where the caller must know it before; a new one without it. */
  readonly runId?: string;
  readonly universe: Universe;
  readonly plan: Plan;
  readonly workers: number;
  /** Threads that were started for it before, which are then its to end. */
  readonly threads?: Threads;
  readonly target: RunTarget;
  /** Drop what earlier runs made in the schema; without it, existing tables are an error. */
  readonly replace?: boolean;
  /** Tables that Postgres does not log: faster, and empty after a crash of the server. */
  readonly unlogged?: boolean;
  /** What to do with a run that fails: keep what is committed, so that it can be resumed, or drop it all. */
  readonly onFailure?: "keep" | "rollback";
  /** The entities that `plan` is limited to; with `replace`, the others of the schema stay. */
  readonly only?: readonly string[];
  /** What the scenario was named by, for the ledger. */
  readonly source?: Readonly<Record<string, unknown>>;
  /** How long the server may leave a worker without an answer; 120 without it. */
  readonly stallSecondsMax?: number;
  readonly signal?: AbortSignal;
  readonly observer?: RunObserver;
}

/**
 * Executes a plan: tables, rows, then keys, indexes and statistics.
 * @throws SeedBulkError SB_RUN_BUSY, SB_REFUSED, SB_TABLE_EXISTS, and what loading and finishing throw
 */
export async function generate(options: GenerateOptions): Promise<RunReport> {
  const { universe, plan, target, replace = false, unlogged = false, only } = options;
  const { runId = randomUUID() } = options;
  if (target.kind !== "postgres") return makeOnly(runId, options, target.kind);
  const { schema } = plan.scenario;
  const client = await connect(target.url);
  const threads = options.threads ?? startThreads(plan.scenario.model, Math.min(options.workers, plan.shardCount));
  try {
    await claimSchema(client, schema);
    const beside = replace && only ? await tablesBeside(client, { plan, unlogged }) : [];
    await guard(client, { ...target, ...target.safety, schema, plan, replace });
    announce(options, target.url);
    const seconds = await timed(options.observer, "schema", () =>
      withRights(client, async () => {
        await ensureLedger(client);
        const entities = plan.entities.map(({ entity }) => universe.entity(entity));
        await makeTables(client, { runId, schema, entities, unlogged, replace, beside });
        const { source } = options;
        await insertRun(client, runId, plan, { unlogged, only: only ?? null, beside, ...(source && { source }) });
      }),
    );
    const progress: RunProgress = { runId, url: target.url, unlogged, beside, committed: [], steps: new Set() };
    return await carryOut(client, progress, { ...options, threads }, { schema: seconds });
  } finally {
    await Promise.all([threads.pool.destroy(), close(client)]);
  }
}

/** Runs work in a transaction; a right that the user lacks is told as what it is. */
async function withRights(client: pg.Client, work: () => Promise<void>): Promise<void> {
  try {
    await inTransaction(client, work);
  } catch (cause) {
    if ((cause as { code?: string }).code !== "42501") throw cause;
    throw new SeedBulkError("SB_DATABASE_AUTH", `the user may not do this: ${(cause as Error).message}`, {
      cause,
      hint: "The user needs CREATE on the database, for the schema of the data and for the ledger's, seed_bulk.",
    });
  }
}

/** A checkpoint on a slow disk may hold a COPY up for a minute; a network that is gone never answers. */
const STALL_SECONDS_MAX = 120;

/** How far a run has come. */
export interface RunProgress {
  readonly runId: string;
  readonly url: string;
  readonly unlogged: boolean;
  /** Entities of the same plan that were there before. */
  readonly beside: readonly string[];
  readonly committed: readonly LedgerShard[];
  /** Names of the finishing steps that are done. */
  readonly steps: ReadonlySet<string>;
}

/**
 * Does what is left of a run whose tables are there.
 * @param client the coordinator's connection, which holds the claim on the schema
 * @param before seconds of the phases that this process has done already
 */
export async function carryOut(
  client: pg.Client,
  progress: RunProgress,
  options: GenerateOptions,
  before: Readonly<Record<string, number>>,
): Promise<RunReport> {
  const { universe, plan, workers, observer, signal, threads } = options;
  const { runId, url, beside, committed, steps } = progress;
  const { schema } = plan.scenario;
  const common = { ...(signal && { signal }), ...(observer && { observer }) };
  const sink = sinkOf(options, progress);
  try {
    const loaded = await loadPhase({
      plan,
      universe,
      sink,
      workers,
      committed,
      ...common,
      ...(threads && { threads }),
    });
    await setRunState(client, runId, "finishing");
    const finished = await finish({
      url,
      schema,
      runId,
      done: steps,
      beside,
      deferred: await deferredKeys(client, runId),
      entities: plan.entities.map(({ entity }) => universe.entity(entity)),
      connections: workers,
      rowsOf: (entity) => universe.rowCount(entity),
      ...common,
    });
    await setRunState(client, runId, "done");
    return reportOf({ runId, options, url, loaded, beside, phases: { ...before, load: loaded.seconds, ...finished } });
  } catch (error) {
    await recordFailure(client, runId, options, error);
    throw error;
  }
}

function sinkOf(
  { plan, stallSecondsMax = STALL_SECONDS_MAX }: GenerateOptions,
  { runId, url, unlogged }: Pick<RunProgress, "runId" | "url" | "unlogged">,
): SinkSpec {
  return { kind: "postgres", url, schema: plan.scenario.schema, runId, unlogged, stallSecondsMax };
}

/** How long noting a failure may take; undoing one has no limit. */
const NOTE_MS_MAX = 5000;

/** Notes why a run stopped, or undoes it; where the connection is gone too, the ledger keeps what it has. */
async function recordFailure(
  client: pg.Client,
  runId: string,
  options: GenerateOptions,
  error: unknown,
): Promise<void> {
  const message = error instanceof SeedBulkError ? `${error.code}: ${error.message}` : String(error);
  const timer = setTimeout(() => options.onFailure !== "rollback" && cut(client), NOTE_MS_MAX);
  try {
    if (options.onFailure === "rollback") {
      await inTransaction(client, async () => {
        await dropObjects(client, await ownObjects(client, { runId }));
        await setRunState(client, runId, "rolled back", message);
      });
    } else {
      await client.query(
        "UPDATE seed_bulk.runs SET last_error = $2, updated_at = clock_timestamp() WHERE run_id = $1",
        [runId, message],
      );
    }
  } catch (cause) {
    options.observer?.notice?.(`the ledger could not be told: ${(cause as Error).message}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Makes the rows and writes them nowhere. */
async function makeOnly(runId: string, options: GenerateOptions, kind: "discard" | "digest"): Promise<RunReport> {
  const { plan, universe, workers, observer, signal, threads } = options;
  announce(options);
  const common = { ...(signal && { signal }), ...(observer && { observer }), ...(threads && { threads }) };
  const loaded = await loadPhase({ plan, universe, sink: { kind }, workers, ...common });
  return reportOf({ runId, options, url: null, loaded, beside: [], phases: { load: loaded.seconds } });
}

/** Tells the observer what is about to happen. */
export function announce({ observer, plan, workers, target }: GenerateOptions, url?: string): void {
  observer?.planned?.(plan, { workers, sink: target.kind, ...(url !== undefined && { database: redactUrl(url) }) });
}

async function loadPhase(options: LoadOptions): Promise<LoadResult> {
  options.observer?.phaseStarted?.("load");
  const loaded = await load(options);
  options.observer?.phaseEnded?.("load", loaded.seconds);
  return loaded;
}

function reportOf(run: {
  readonly runId: string;
  readonly options: GenerateOptions;
  readonly url: string | null;
  readonly loaded: LoadResult;
  readonly beside: readonly string[];
  readonly phases: Readonly<Record<string, number>>;
}): RunReport {
  const { runId, options, url, loaded, beside, phases } = run;
  const { plan, workers, target } = options;
  const { scenario } = plan;
  return {
    runId,
    scenario: scenario.name,
    model: scenario.model,
    seed: scenario.seed,
    scale: scenario.scale,
    planHash: plan.hash,
    sink: target.kind,
    database: url === null ? null : redactUrl(url),
    schema: scenario.schema,
    workers,
    rows: loaded.rows,
    bytes: loaded.bytes,
    seconds: Object.values(phases).reduce((sum, phase) => sum + phase, 0),
    rowsPerSecond: loaded.seconds > 0 ? loaded.rows / loaded.seconds : 0,
    phases,
    latencies: { chunkMs: loaded.chunkLatencyMs, shardMs: loaded.shardLatencyMs },
    retries: loaded.retries,
    beside,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    entities: loaded.entities.map((entity) => ({ ...entity, table: `${scenario.schema}.${entity.entity}` })),
  };
}

/** Times a phase and tells the observer of it. */
export async function timed(
  observer: RunObserver | undefined,
  phase: string,
  work: () => Promise<void>,
): Promise<number> {
  observer?.phaseStarted?.(phase);
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  observer?.phaseEnded?.(phase, seconds);
  return seconds;
}
