import type pg from "pg";
import { deferredKeys } from "../../ledger/deferred.js";
import type { Lease } from "../../ledger/lease.js";
import { requireLease } from "../../ledger/lease.js";
import { type RunState, setRunState } from "../../ledger/runs.js";
import { type LedgerShard, requireWhole } from "../../ledger/shards.js";
import { takenOff } from "../../ledger/taken-off.js";
import type { Entity } from "../../model/entity.js";
import type { Universe } from "../../model/universe.js";
import { inTransaction } from "../../postgres/connection.js";
import { literalForms } from "../../postgres/literals.js";
import { workersGiven } from "../../postgres/workers-given.js";
import { type FinishingStep, finishingSteps } from "../schedule/finishing-steps.js";
import type { SinkSpec } from "../threads/protocol.js";
import { recordFailure } from "./failure.js";
import { finish } from "./finish.js";
import { heldAlone } from "./lease-keeper.js";
import { loadPhase } from "./load.js";
import { isOrderedLoad, loadInOrder } from "./load-in-order.js";
import type { GenerateOptions } from "./options.js";
import { patiently } from "./patiently.js";
import { type RunReport, reportOf } from "./report.js";
import { whileHeld } from "./while-held.js";

/** What is to be built: what the model declares, or what was taken off tables that were there. */
export async function stepsOf(
  client: pg.Client,
  { runId, beside }: Pick<RunProgress, "runId" | "beside">,
  { model, scenario }: Universe,
  entities: readonly Entity[],
): Promise<FinishingStep[]> {
  if (model.existing) return (await takenOff(client, runId)) as FinishingStep[];
  return finishingSteps(scenario.schema, entities, { tables: beside, keys: await deferredKeys(client, runId) });
}

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
  const onFailure = (error: unknown): Promise<void> => recordFailure(url, { runId, lease }, options, error);
  return whileHeld(url, heldAlone(lease), { signal: options.signal, onFailure }, (signal) =>
    loadAndFinish(progress, { ...options, workers, signal }, before),
  );
}

async function loadAndFinish(
  progress: RunProgress,
  options: GenerateOptions,
  before: Readonly<Record<string, number>>,
): Promise<RunReport> {
  const { universe, plan, workers, observer, signal, threads, stallSecondsMax = STALL_SECONDS_MAX } = options;
  const { runId, url, unlogged, lease, beside, committed, steps } = progress;
  const { schema } = plan.scenario;
  const common = { ...(signal && { signal }), ...(observer && { observer }) };
  const entities = plan.entities.map(({ entity }) => universe.entity(entity));
  universe.literals = await patiently(url, (client) =>
    inTransaction(client, () => literalForms(client, universe.entities)),
  );
  const sink: SinkSpec = { kind: "postgres", url, schema, runId, unlogged, lease, stallSecondsMax };
  const all = await patiently(url, (client) => stepsOf(client, progress, universe, entities));
  const isOrdered = isOrderedLoad(universe, all, steps) && committed.length < plan.shardCount;
  const loadAll = isOrdered ? loadInOrder : loadPhase;
  const loaded = await loadAll({ plan, universe, sink, workers, committed, ...common, ...(threads && { threads }) });
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
    runId,
    lease,
    done: steps,
    steps: all,
    connections: workers,
    stallSecondsMax,
    rowsOf: (entity) => universe.rowCount(entity),
    ...common,
  });
  await moveOn("done");
  return reportOf({ runId, options, url, loaded, beside, phases: { ...before, load: loaded.seconds, ...finished } });
}
