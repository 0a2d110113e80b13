import type pg from "pg";
import type { z } from "zod";
import type { LedgerRun } from "../../ledger/runs.js";
import type { ReportAnswer } from "../schemas.js";

type Report = z.infer<typeof ReportAnswer>;

interface ShardTotals {
  readonly entity: string;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** Phases one after another; of a run that several processes shared they overlap, and it took no longer than it did. */
function wholeSeconds({ startedAt, finishedAt }: LedgerRun, phases: Readonly<Record<string, number>>): number {
  const sum = Object.values(phases).reduce((all, seconds) => all + seconds, 0);
  return finishedAt === null ? sum : Math.min(sum, (finishedAt.getTime() - startedAt.getTime()) / 1000);
}

/**
 * A run's report, worked out from its shards and steps: times are those of transactions, without the moments between
 * them, and of a run that was resumed they span the pause too.
 */
export async function ledgerReport(client: pg.Client, run: LedgerRun): Promise<Report> {
  const shards = run.options.unlogged ? "seed_bulk.shards_unlogged" : "seed_bulk.shards";
  const span = "coalesce(extract(epoch FROM max(finished_at) - min(started_at)), 0)::float8 AS seconds";
  const { rows: entities } = await client.query<ShardTotals>(
    `SELECT entity, sum(row_end - row_start)::float8 AS rows, sum(bytes)::float8 AS bytes, ${span} ` +
      `FROM ${shards} WHERE run_id = $1 GROUP BY entity`,
    [run.runId],
  );
  const ms = "extract(epoch FROM finished_at - started_at) * 1000";
  const { rows: totals } = await client.query(
    `SELECT ${span}, count(*)::int4 AS count, coalesce(sum(attempt - 1), 0)::int4 AS retries, ` +
      `count(DISTINCT worker)::int4 AS workers, coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY ${ms}), 0)::float8 AS p50, ` +
      `coalesce(percentile_cont(0.99) WITHIN GROUP (ORDER BY ${ms}), 0)::float8 AS p99, coalesce(max(${ms}), 0)::float8 AS max ` +
      `FROM ${shards} WHERE run_id = $1`,
    [run.runId],
  );
  const { rows: steps } = await client.query<{ phase: string; seconds: number }>(
    "SELECT phase, extract(epoch FROM max(finished_at) - min(finished_at - make_interval(secs => seconds)))::float8 AS seconds " +
      "FROM seed_bulk.steps WHERE run_id = $1 GROUP BY phase ORDER BY min(finished_at)",
    [run.runId],
  );
  const [{ seconds, count, retries, workers, p50, p99, max }] = totals;
  const { scenario, entities: planned } = run.plan;
  const phases = { load: seconds, ...Object.fromEntries(steps.map((step) => [step.phase, step.seconds])) };
  const rows = entities.reduce((sum, entity) => sum + entity.rows, 0);
  return {
    source: "ledger",
    runId: run.runId,
    scenario: scenario.name,
    model: scenario.model,
    seed: scenario.seed,
    scale: scenario.scale,
    planHash: run.planHash,
    sink: "postgres",
    schema: run.schema,
    workers,
    rows,
    bytes: entities.reduce((sum, entity) => sum + entity.bytes, 0),
    seconds: wholeSeconds(run, phases),
    rowsPerSecond: seconds > 0 ? rows / seconds : 0,
    phases,
    latencies: { chunkMs: null, shardMs: { count, p50, p99, max } },
    retries,
    peakMemoryBytes: null,
    entities: planned.map(({ entity }) => {
      const found = entities.find((totals) => totals.entity === entity);
      return { rows: 0, bytes: 0, seconds: 0, ...found, entity, table: `${run.schema}.${entity}` };
    }),
  };
}
