import { redactUrl } from "../../postgres/redact.js";
import type { SinkSpec } from "../threads/protocol.js";
import type { LatencySummary } from "./latencies.js";
import type { LoadResult } from "./load.js";
import type { GenerateOptions } from "./options.js";

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

/** Puts a run's report together. */
export function reportOf(run: {
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
