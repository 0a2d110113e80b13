import { Command } from "commander";
import { findRun, type LedgerRun, listRuns, withPlan } from "../../ledger/runs.js";
import { committedShards } from "../../ledger/shards.js";
import { finishedSteps } from "../../ledger/steps.js";
import { connect } from "../../postgres/connection.js";
import { openDatabase, withDatabaseOption } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { formatCount } from "../screen/index.js";

interface Options {
  readonly job?: string;
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** A run and how far it is, as `status --json` prints it. */
interface RunStatus {
  readonly runId: string;
  readonly scenario: string;
  readonly schema: string;
  readonly state: string;
  readonly seed: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly rows: number;
  readonly rowsTotal: number;
  readonly shards: number;
  readonly shardsTotal: number;
  readonly steps: number;
  readonly lastError: string | null;
  readonly entities: readonly { readonly entity: string; readonly rows: number; readonly rowsTotal: number }[];
}

/** `seed-bulk status`. */
export function statusCommand(): Command {
  return withDatabaseOption(new Command("status"))
    .option("--job <run>", "only this run, with its entities")
    .option("--json", "print one JSON document on standard output")
    .action(run);
}

async function run(options: Options): Promise<void> {
  await untilInterrupted(async (signal) => {
    const database = await openDatabase(options.databaseUrl, { signal, onNotice: () => {} });
    try {
      const statuses = await readStatuses(database.url, options.job);
      if (options.json) process.stdout.write(`${JSON.stringify({ runs: statuses }, null, 2)}\n`);
      else process.stdout.write(format(statuses, options.job !== undefined));
    } finally {
      await database.release();
    }
  });
}

async function readStatuses(url: string, job: string | undefined): Promise<RunStatus[]> {
  const client = await connect(url, "status");
  try {
    const runs = job === undefined ? await listRuns(client) : [await findRun(client, job)];
    const statuses: RunStatus[] = [];
    for (const { runId } of runs) {
      // One plan at a time: the entities are in it.
      const found = await withPlan(client, { runId });
      statuses.push(statusOf(found, await committedShards(client, found), await finishedSteps(client, runId)));
    }
    return statuses;
  } finally {
    await client.end();
  }
}

function statusOf(
  found: LedgerRun,
  shards: Awaited<ReturnType<typeof committedShards>>,
  steps: ReadonlySet<string>,
): RunStatus {
  const { plan } = found;
  const rowsOf = new Map<string, number>();
  for (const { entity, rows } of shards) rowsOf.set(entity, (rowsOf.get(entity) ?? 0) + rows);
  return {
    runId: found.runId,
    scenario: found.scenario,
    schema: found.schema,
    state: found.state,
    seed: plan.scenario.seed,
    startedAt: found.startedAt.toISOString(),
    finishedAt: found.finishedAt?.toISOString() ?? null,
    rows: shards.reduce((sum, { rows }) => sum + rows, 0),
    rowsTotal: plan.rows,
    shards: shards.length,
    shardsTotal: plan.shardCount,
    steps: steps.size,
    lastError: found.lastError,
    entities: plan.entities.map(({ entity, rows }) => ({ entity, rows: rowsOf.get(entity) ?? 0, rowsTotal: rows })),
  };
}

function format(statuses: readonly RunStatus[], withEntities: boolean): string {
  if (statuses.length === 0) return "The database has no runs.\n";
  return `${statuses.map((status) => formatRun(status, withEntities)).join("\n\n")}\n`;
}

function formatRun(status: RunStatus, withEntities: boolean): string {
  const percent = status.rowsTotal === 0 ? 100 : Math.floor((status.rows / status.rowsTotal) * 100);
  const lines = [
    `${status.runId}  ${status.scenario}, seed ${status.seed}, schema ${status.schema}`,
    `  ${status.state}: ${formatCount(status.rows)} of ${formatCount(status.rowsTotal)} rows (${percent}%), ` +
      `${status.shards} of ${status.shardsTotal} shards, ${status.steps} finishing steps`,
    `  started ${status.startedAt}${status.finishedAt ? `, ended ${status.finishedAt}` : ""}`,
  ];
  if (status.lastError) lines.push(`  last error: ${status.lastError}`);
  if (withEntities) {
    const width = Math.max(...status.entities.map(({ entity }) => entity.length));
    for (const { entity, rows, rowsTotal } of status.entities) {
      lines.push(`    ${entity.padEnd(width)}  ${formatCount(rows)} of ${formatCount(rowsTotal)}`);
    }
  }
  return lines.join("\n");
}
