import { randomUUID } from "node:crypto";
import { SeedBulkError } from "../errors.js";
import type { Entity } from "../model/entity.js";
import type { Plan } from "../model/plan.js";
import type { Universe } from "../model/universe.js";
import { connect, redactUrl } from "../postgres/connection.js";
import { createStatements, dropStatements } from "../postgres/ddl.js";
import { finish } from "./finish.js";
import type { LatencySummary } from "./latencies.js";
import { load } from "./load.js";
import type { RunObserver } from "./observer.js";
import type { SinkSpec } from "./protocol.js";

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

export interface GenerateOptions {
  readonly universe: Universe;
  readonly plan: Plan;
  readonly workers: number;
  readonly sink: SinkSpec;
  /** Drop the plan's tables where they exist; without it, existing tables are an error. */
  readonly replace: boolean;
  readonly signal?: AbortSignal;
  readonly observer?: RunObserver;
}

/** Executes a plan: tables, rows, then keys, indexes and statistics. */
export async function generate(options: GenerateOptions): Promise<RunReport> {
  const { universe, plan, workers, sink, observer, signal } = options;
  const began = performance.now();
  const entities = plan.entities.map(({ entity }) => universe.entity(entity));
  const common = { ...(signal && { signal }), ...(observer && { observer }) };
  const phases: Record<string, number> = {};
  observer?.planned?.(plan, { workers, sink: sink.kind, ...(sink.kind === "postgres" && { database: redactUrl(sink.url) }) });

  if (sink.kind === "postgres") {
    phases["schema"] = await timed(observer, "schema", () => prepareSchema(sink, entities, options.replace));
  }
  observer?.phaseStarted?.("load");
  const loaded = await load({ plan, universe, sink, workers, ...common });
  phases["load"] = loaded.seconds;
  observer?.phaseEnded?.("load", loaded.seconds);
  if (sink.kind === "postgres") {
    const rowsOf = (entity: string): number => universe.rowCount(entity);
    Object.assign(phases, await finish({ ...sink, entities, connections: workers, rowsOf, ...common }));
  }
  return {
    runId: randomUUID(),
    scenario: plan.scenario.name,
    model: plan.scenario.model,
    seed: plan.scenario.seed,
    scale: plan.scenario.scale,
    planHash: plan.hash,
    sink: sink.kind,
    database: sink.kind === "postgres" ? redactUrl(sink.url) : null,
    schema: plan.scenario.schema,
    workers,
    rows: loaded.rows,
    bytes: loaded.bytes,
    seconds: (performance.now() - began) / 1000,
    rowsPerSecond: loaded.rows / loaded.seconds,
    phases,
    latencies: { chunkMs: loaded.chunkLatencyMs, shardMs: loaded.shardLatencyMs },
    retries: loaded.retries,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    entities: loaded.entities.map((entity) => ({ ...entity, table: `${plan.scenario.schema}.${entity.entity}` })),
  };
}

async function timed(observer: RunObserver | undefined, phase: string, work: () => Promise<void>): Promise<number> {
  observer?.phaseStarted?.(phase);
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  observer?.phaseEnded?.(phase, seconds);
  return seconds;
}

/** Makes the tables, in one transaction: an error leaves the schema as it was. */
async function prepareSchema(
  { url, schema }: { readonly url: string; readonly schema: string },
  entities: readonly Entity[],
  replace: boolean,
): Promise<void> {
  const client = await connect(url);
  try {
    const names = entities.map(({ name }) => name);
    const { rows: existing } = await client.query<{ name: string }>(
      "SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " +
        "WHERE n.nspname = $1 AND c.relname = ANY ($2) ORDER BY 1",
      [schema, names],
    );
    if (existing.length > 0 && !replace) {
      const found = existing.map(({ name }) => name).join(", ");
      throw new SeedBulkError("SB_TABLE_EXISTS", `the schema "${schema}" already holds tables of these names: ${found}`, {
        hint: "Use --replace to drop them first, or --schema to load into another schema.",
      });
    }
    await client.query("BEGIN");
    for (const sql of replace ? dropStatements(schema, entities) : []) await client.query(sql);
    for (const sql of createStatements(schema, entities)) await client.query(sql);
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}
