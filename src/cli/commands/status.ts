import { setTimeout as delay } from "node:timers/promises";
import { Command } from "commander";
import type pg from "pg";
import { plural } from "../../core/thousands.js";
import { adviceOf, lookAtWaits, type Pace } from "../../fleet/pace.js";
import { leasedSchemas } from "../../ledger/lease.js";
import { FINAL_STATES, findRun, GONE_STATES, type LedgerRun, listRuns, withPlan } from "../../ledger/runs.js";
import { committedSums, type Sums } from "../../ledger/shards.js";
import { type Share, sharesOf } from "../../ledger/shares.js";
import { finishedSteps } from "../../ledger/steps.js";
import { type CheckedRun, checkedRuns } from "../../ledger/verifications.js";
import { close, connect } from "../../postgres/connection.js";
import { openDatabase, withDatabaseOption } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { formatCount, formatTimeLeft, isVerbose } from "../screen/index.js";
import { LiveArea } from "../screen/live-area.js";
import { layOutTable } from "../screen/table.js";

interface Options {
  readonly job?: string;
  readonly databaseUrl?: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** A run and how far it is, as `status --json` prints it. */
interface RunStatus {
  readonly runId: string;
  readonly scenario: string;
  readonly schema: string;
  readonly state: LedgerRun["state"];
  /** Whether a process holds the schema: an unfinished run that none does was interrupted. */
  readonly isAtWork: boolean;
  /** What the last checks came to; null where none were made. */
  readonly checked: Omit<CheckedRun, "runId"> | null;
  readonly seed: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly rows: number;
  readonly rowsTotal: number;
  readonly shards: number;
  readonly shardsTotal: number;
  readonly steps: number;
  readonly lastError: string | null;
  /** Processes of `seed-bulk work` that are at it. */
  readonly workers: readonly Share[];
  /** Whether another machine would help, where that can be seen. */
  readonly advice?: string;
  readonly entities: readonly { readonly entity: string; readonly rows: number; readonly rowsTotal: number }[];
}

/** `seed-bulk status`. */
export function statusCommand(): Command {
  const command = new Command("status").argument("[run]", "a run's ID or its beginning, with its tables and workers");
  return withDatabaseOption(command)
    .option("--job <run>", "the same as the argument")
    .option("--watch", "show it again every two seconds until it is done")
    .option("--json", "print one JSON document on standard output; with --watch, one a line")
    .action((runId: string | undefined, options: Options) => run(runId ?? options.job, options));
}

async function run(runId: string | undefined, options: Options): Promise<void> {
  await untilInterrupted(async (signal) => {
    const database = await openDatabase(options.databaseUrl, { signal, onNotice: () => {}, isReading: true });
    const client = await connect(database.url, "status");
    try {
      if (options.watch) await watch(client, runId, options, signal);
      else await show(client, runId, options);
    } finally {
      await close(client);
      await database.release();
    }
  });
}

async function show(client: pg.Client, runId: string | undefined, { json }: Options): Promise<void> {
  const runs = runId === undefined ? await listRuns(client) : [await findRun(client, runId)];
  const statuses: RunStatus[] = [];
  for (const listed of runs) {
    const paces: Pace[] = [];
    // One plan at a time: the entities are in it.
    statuses.push(await statusOf(client, await withPlan(client, listed), paces));
  }
  const text =
    statuses.length === 0
      ? "The database has no runs.\n"
      : `${statuses.map((status) => linesOf(status, runId !== undefined).join("\n")).join("\n\n")}\n`;
  process.stdout.write(json ? `${JSON.stringify({ runs: statuses }, null, 2)}\n` : text);
}

/** Between two looks. */
const WATCH_MS = 2000;

async function watch(
  client: pg.Client,
  named: string | undefined,
  { json }: Options,
  signal: AbortSignal,
): Promise<void> {
  const { runId } = await findRun(client, named);
  const paces: Pace[] = [];
  const area = process.stdout.isTTY && !json ? new LiveArea(process.stdout) : undefined;
  try {
    while (!signal.aborted) {
      const status = await statusOf(client, await findRun(client, runId), paces);
      if (area) area.draw(linesOf(status, true));
      else process.stdout.write(json ? `${JSON.stringify(status)}\n` : `${linesOf(status, false).join("\n")}\n`);
      if (FINAL_STATES.has(status.state) || status.state === "stopped") return;
      await delay(WATCH_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    area?.close();
  }
}

/** @param paces earlier moments of the run, to which this one is added */
async function statusOf(client: pg.Client, found: LedgerRun, paces: Pace[]): Promise<RunStatus> {
  const { plan, runId, options } = found;
  const { unlogged } = options;
  const sums = await committedSums(client, { runId, unlogged });
  const workers = await sharesOf(client, runId);
  if (workers.length > 0) paces.push({ workers: workers.length, rowsPerSecond: rateOf(workers) });
  const advice = workers.length > 0 ? adviceOf(await lookAtWaits(client), paces) : undefined;
  const total = (of: (sum: Sums) => number): number => [...sums.values()].reduce((all, sum) => all + of(sum), 0);
  return {
    runId,
    scenario: found.scenario,
    schema: found.schema,
    state: found.state,
    isAtWork: workers.length > 0 || (await leasedSchemas(client, [found.schema])).has(found.schema),
    checked: await checkedOf(client, runId),
    seed: plan.scenario.seed,
    startedAt: found.startedAt.toISOString(),
    finishedAt: found.finishedAt?.toISOString() ?? null,
    rows: total(({ rows }) => rows),
    rowsTotal: plan.rows,
    shards: total(({ shards }) => shards),
    shardsTotal: plan.shardCount,
    steps: (await finishedSteps(client, runId)).size,
    lastError: found.lastError,
    workers,
    ...(advice !== undefined && { advice }),
    entities: plan.entities.map(({ entity, rows }) => ({ entity, rows: sums.get(entity)?.rows ?? 0, rowsTotal: rows })),
  };
}

async function checkedOf(client: pg.Client, runId: string): Promise<RunStatus["checked"]> {
  const found = (await checkedRuns(client, [runId])).get(runId);
  if (found === undefined) return null;
  const { runId: _, ...checked } = found;
  return checked;
}

function rateOf(workers: readonly Share[]): number {
  return workers.reduce((sum, { rowsPerSecond }) => sum + rowsPerSecond, 0);
}

function linesOf(status: RunStatus, withDetails: boolean): string[] {
  const percent = status.rowsTotal === 0 ? 100 : Math.floor((status.rows / status.rowsTotal) * 100);
  const lines = [
    `${status.runId}  ${status.scenario}, seed ${status.seed}, schema ${status.schema}`,
    GONE_STATES.has(status.state)
      ? `  ${status.state}: its tables are gone, ${plural(status.rowsTotal, "row")} they were`
      : `  ${standing(status)}: ${formatCount(status.rows)} of ${plural(status.rowsTotal, "row")} (${percent}%)`,
    ...(isVerbose()
      ? [
          `  ${formatCount(status.shards)} of ${formatCount(status.shardsTotal)} shards, ${status.steps} finishing steps`,
        ]
      : []),
    `  started ${status.startedAt}${status.finishedAt ? `, ended ${status.finishedAt}` : ""}`,
  ];
  if (status.checked) lines.push(`  ${checkedLine(status.checked)}`);
  if (status.lastError) lines.push(`  last error: ${status.lastError}`);
  if (status.workers.length > 0) lines.push(...workerLines(status, withDetails));
  if (withDetails) {
    const width = Math.max(...status.entities.map(({ entity }) => entity.length));
    for (const { entity, rows, rowsTotal } of status.entities) {
      lines.push(`    ${entity.padEnd(width)}  ${formatCount(rows)} of ${formatCount(rowsTotal)}`);
    }
  }
  return lines;
}

/** A state in words; a run that nobody works on does not load, whatever its last process has written down. */
function standing({ state, isAtWork }: RunStatus): string {
  return FINAL_STATES.has(state) || state === "stopped" || isAtWork ? state : `interrupted while ${state}`;
}

function checkedLine({ madeAt, ok, checks, failed, isExact }: NonNullable<RunStatus["checked"]>): string {
  const what = `${plural(checks, "check")}${isExact ? ", every byte among them" : ""}`;
  return `checked ${madeAt.toISOString()}: ${what}, ${ok ? "all hold" : `${formatCount(failed)} failed`}`;
}

/** Workers that are listed; of more, the slowest. */
const WORKERS_LISTED_MAX = 20;

function workerLines({ workers, advice, rows, rowsTotal, state }: RunStatus, withDetails: boolean): string[] {
  const rate = rateOf(workers);
  const left = state === "loading" && rate > 0 ? `, ${formatTimeLeft((rowsTotal - rows) / rate)} left of loading` : "";
  const count = workers.length === 1 ? "1 process" : `${workers.length} processes`;
  const lines = [`  ${count} at work, ${formatCount(rate)} rows/s together${left}`];
  if (advice !== undefined) lines.push(`  ${advice}`);
  if (!withDetails) return lines;
  const listed = [...workers].sort((a, b) => a.rowsPerSecond - b.rowsPerSecond).slice(0, WORKERS_LISTED_MAX);
  const table = layOutTable(
    {
      columns: [
        { heading: "process", align: "left" },
        { heading: "threads", align: "right", dropOrder: 2 },
        { heading: "doing", align: "left" },
        { heading: "rows/s", align: "right" },
        { heading: "rows", align: "right", dropOrder: 3 },
        { heading: "told by", align: "left", dropOrder: 1 },
        { heading: "seen", align: "right" },
      ],
      rows: listed.map((worker) => [
        `${worker.host} ${worker.pid}`,
        formatCount(worker.threads),
        worker.doing,
        formatCount(worker.rowsPerSecond),
        formatCount(worker.rows),
        worker.toldBy,
        `${Math.max(0, Math.round(worker.secondsSinceSeen))} s ago`,
      ]),
    },
    (process.stdout.columns || 80) - 4,
  );
  return [...lines, ...table.map((line) => `    ${line}`)];
}
