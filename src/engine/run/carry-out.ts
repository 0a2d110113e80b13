import type pg from "pg";
import { deferredKeys } from "../../ledger/deferred.js";
import { setRunState } from "../../ledger/runs.js";
import type { LedgerShard } from "../../ledger/shards.js";
import type { SinkSpec } from "../threads/protocol.js";
import { recordFailure } from "./failure.js";
import { finish } from "./finish.js";
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
