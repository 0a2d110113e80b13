import { Command } from "commander";
import { plural } from "../../core/thousands.js";
import {
  type CleanupPlan,
  type CleanupResult,
  type CleanupTable,
  cleanup,
  NOTHING_CLEANED,
  planCleanup,
} from "../../engine/cleanup.js";
import { SeedBulkError } from "../../errors.js";
import { close, connect, toldDatabase } from "../../postgres/connection.js";
import { openDatabase, type Target, withDatabaseOption } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { escapeControls, formatBytes } from "../screen/index.js";

/** What --confirm has to say, to the letter. */
export const CLEANUP_TOKEN = "DELETE_ALL_MOCK_DATA";

interface Options {
  readonly run?: string;
  readonly confirm?: string;
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** `seed-bulk cleanup`. */
export function cleanupCommand(): Command {
  return withDatabaseOption(new Command("cleanup"))
    .option("--run <run>", "only what this run made; an ID's beginning is enough")
    .option("--confirm <token>", `really drop them; the token is ${CLEANUP_TOKEN}`)
    .option("--json", "print one JSON document on standard output")
    .action(run);
}

async function run(options: Options): Promise<void> {
  await untilInterrupted(async (signal) => {
    const onNotice = (text: string): void => void process.stderr.write(`${text}\n`);
    const database = await openDatabase(options.databaseUrl, { signal, onNotice, isReading: true });
    try {
      await cleanUp(database, options);
    } finally {
      await database.release();
    }
  });
}

async function cleanUp(database: Target, options: Options): Promise<void> {
  const client = await connect(database.url, "cleanup");
  try {
    const isConfirmed = options.confirm === CLEANUP_TOKEN;
    const plan = await planCleanup(client, options.run);
    if (!options.json) process.stdout.write(formatCleanup(plan, toldDatabase(database)));
    if (plan.runs.length > 0 && !isConfirmed) {
      if (options.json) printJson(plan, null);
      throw notConfirmed(plan, options.confirm);
    }
    const result = plan.runs.length > 0 ? await cleanup(client, plan) : NOTHING_CLEANED;
    if (options.json) printJson(plan, result);
    else if (plan.runs.length > 0) process.stdout.write(formatResult(plan, result));
  } finally {
    await close(client);
  }
}

function notConfirmed({ tables, emptied }: CleanupPlan, token: string | undefined): SeedBulkError {
  const why = token === undefined ? "nobody agreed to it" : "--confirm has another token";
  return new SeedBulkError("SB_CONFIRMATION_NEEDED", `${whatGoes(tables.length, emptied.length)}, and ${why}`, {
    hint: `Nothing was dropped. To drop them: --confirm ${CLEANUP_TOKEN}`,
  });
}

function whatGoes(dropped: number, emptied: number): string {
  if (emptied === 0) return `${plural(dropped, "table")} would be dropped`;
  return `${dropped > 0 ? `${plural(dropped, "table")} would be dropped and ` : ""}${plural(emptied, "table")} would be emptied`;
}

function formatCleanup(plan: CleanupPlan, database: string): string {
  if (plan.runs.length === 0) return `There is nothing to clean up in ${database}.\n`;
  const named = (schema: string, name: string): string => escapeControls(`${schema}.${name}`);
  const width = Math.max(
    0,
    ...[...plan.tables, ...plan.emptied].map(({ schema, table }) => named(schema, table).length),
  );
  const lines = [
    ...plan.runs.map((run) => `run     ${run.runId}  ${escapeControls(run.scenario)}, ${run.state}`),
    ...plan.tables.map((row) => `table   ${named(row.schema, row.table).padEnd(width)}  ${sizeOf(row)}`),
    ...plan.emptied.map((row) => `rows    ${named(row.schema, row.table).padEnd(width)}  ${sizeOf(row)}`),
    ...plan.types.map(({ schema, type }) => `type    ${named(schema, type)}`),
    ...plan.schemas.map((schema) => `schema  ${escapeControls(schema)}, if nothing else is in it`),
  ];
  return `In ${database}, to be dropped${plan.emptied.length > 0 ? ", or emptied (rows)" : ""}:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function sizeOf({ rows, bytes }: CleanupTable): string {
  return rows === null || bytes === null ? "not counted yet" : `about ${plural(rows, "row")}, ${formatBytes(bytes)}`;
}

function formatResult({ tables, emptied }: CleanupPlan, { schemasKept, othersRows }: CleanupResult): string {
  const kept = [
    ...schemasKept.map((schema) => `The schema ${escapeControls(schema)} is kept: something else is in it.\n`),
    ...othersRows.map((table) => `${escapeControls(table)} held other rows than the run's: these are as they were.\n`),
  ];
  const done = [
    ...(tables.length > 0 || emptied.length === 0 ? ["Dropped.\n"] : []),
    ...(emptied.length > 0 ? ["Emptied; what the runs took off is put back.\n"] : []),
  ];
  return [...done, ...kept].join("");
}

function printJson(plan: CleanupPlan, result: CleanupResult | null): void {
  process.stdout.write(
    `${JSON.stringify({ dropped: result !== null && plan.runs.length > 0, ...plan, ...result }, null, 2)}\n`,
  );
}
