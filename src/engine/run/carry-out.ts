import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { deferredKeys } from "../../ledger/deferred.js";
import type { Lease } from "../../ledger/lease.js";
import { requireLease } from "../../ledger/lease.js";
import { type RunState, setRunState } from "../../ledger/runs.js";
import { type LedgerShard, requireWhole } from "../../ledger/shards.js";
import { close, connect, inTransaction } from "../../postgres/connection.js";
import { isTransient } from "../../postgres/transient.js";
import { workersGiven } from "../../postgres/workers-given.js";
import type { SinkSpec } from "../threads/protocol.js";
import { recordFailure } from "./failure.js";
import { finish } from "./finish.js";
import { LeaseKeeper } from "./lease-keeper.js";
import { loadPhase } from "./load.js";
import type { GenerateOptions } from "./options.js";
import { type RunReport, reportOf } from "./report.js";

/** A checkpoint on a slow disk may hold a COPY up for a minute; a network that is gone never answers. */
const STALL_SECONDS_MAX = 120;

/** How far a run has come. */
export interface RunProgress {
  readonly runId: string;
  readonly url: string;
  readonly unlogged: boolean;
  /** The right to write to the schema. */
  readonly lease: Lease;
  /** Entities of the same plan that were there before. */
  readonly beside: readonly string[];
  readonly committed: readonly LedgerShard[];
  /** Names of the finishing steps that are done. */
  readonly steps: ReadonlySet<string>;
}

/**
 * Does what is left of a run whose tables are there, and gives the lease back.
 * @param before seconds of the phases that this process has done already
 */
export async function carryOut(
  progress: RunProgress,
  options: GenerateOptions,
  before: Readonly<Record<string, number>>,
): Promise<RunReport> {
  const { runId, url, lease } = progress;
  // Before the lease is renewed, which takes a connection too.
  const workers = await workersGiven(url, {
    workers: options.workers,
    signal: options.signal,
    onNotice: options.observer?.notice?.bind(options.observer),
  });
  const keeper = new LeaseKeeper(url, lease);
  const signal = options.signal ? AbortSignal.any([options.signal, keeper.lost]) : keeper.lost;
  try {
    return await loadAndFinish(progress, { ...options, workers, signal }, before);
  } catch (error) {
    const told = keeper.lost.aborted && !options.signal?.aborted ? keeper.lost.reason : error;
    await recordFailure(url, { runId, lease }, options, told);
    throw told;
  } finally {
    await keeper.close();
  }
}

async function loadAndFinish(
  progress: RunProgress,
  options: GenerateOptions,
  before: Readonly<Record<string, number>>,
): Promise<RunReport> {
  const { universe, plan, workers, observer, signal, threads } = options;
  const { runId, url, unlogged, lease, beside, committed, steps } = progress;
  const { schema } = plan.scenario;
  const common = { ...(signal && { signal }), ...(observer && { observer }) };
  const sink = sinkOf(options, progress);
  const loaded = await loadPhase({ plan, universe, sink, workers, committed, ...common, ...(threads && { threads }) });
  const moveOn = (state: RunState): Promise<unknown> =>
    patiently(url, (client) =>
      inTransaction(client, async () => {
        await requireLease(client, lease);
        await requireWhole(client, { runId, unlogged }, plan);
        await setRunState(client, runId, state);
      }),
    );
  await moveOn("finishing");
  const finished = await finish({
    url,
    schema,
    runId,
    lease,
    done: steps,
    beside,
    deferred: await patiently(url, (client) => deferredKeys(client, runId)),
    entities: plan.entities.map(({ entity }) => universe.entity(entity)),
    connections: workers,
    rowsOf: (entity) => universe.rowCount(entity),
    ...common,
  });
  await moveOn("done");
  return reportOf({ runId, options, url, loaded, beside, phases: { ...before, load: loaded.seconds, ...finished } });
}

function sinkOf(
  { plan, stallSecondsMax = STALL_SECONDS_MAX }: GenerateOptions,
  { runId, url, unlogged, lease }: RunProgress,
): SinkSpec {
  return { kind: "postgres", url, schema: plan.scenario.schema, runId, unlogged, lease, stallSecondsMax };
}

/** How often work on the ledger is tried while a server restarts: as often as a shard. */
const ATTEMPTS_MAX = 5;
/** Before the second attempt; doubled before each further one. */
const RETRY_DELAY_MS = 200;

/**
 * Does short work on a connection of its own, again where what failed may pass.
 * @param work may be done twice: a commit whose answer is lost may have gone through
 * @throws SeedBulkError SB_CONNECTION_LOST, and what `work` throws
 */
async function patiently<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const client = await connect(url);
      try {
        return await work(client);
      } finally {
        await close(client);
      }
    } catch (cause) {
      const { code, message } = cause as { code?: string; message: string };
      if (!isTransient(code, message)) throw cause;
      if (attempt >= ATTEMPTS_MAX) {
        throw new SeedBulkError("SB_CONNECTION_LOST", `the ledger could not be written: ${message}`, {
          cause,
          hint: "Check the server and its log, then `seed-bulk resume`.",
        });
      }
      await delay(RETRY_DELAY_MS * 2 ** (attempt - 1));
    }
  }
}
