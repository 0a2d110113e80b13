import { Command } from "commander";
import type pg from "pg";
import { refuseChanges } from "../../engine/run/plan-changes.js";
import { findRun } from "../../engine/run/resume.js";
import { SeedBulkError } from "../../errors.js";
import { type LedgerRun, listRuns } from "../../ledger/runs.js";
import { buildPlan } from "../../model/plan.js";
import { connect } from "../../postgres/connection.js";
import type { VerificationReport } from "../../verify/result.js";
import { runVerification } from "../../verify/run-verification.js";
import { openDatabase, type Target, withDatabaseOption } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { withWorkersOption } from "../options.js";
import { createScreen, wantsColor } from "../screen/index.js";
import { formatVerification } from "../screen/verification.js";
import { plannedNow, recordedUniverse } from "./resume.js";

interface Options {
  readonly run?: string;
  readonly exact?: boolean;
  readonly explain?: boolean;
  readonly workers: number;
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** `seed-bulk verify`. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("check that a database holds what a run's plan says it must; writes nothing")
    .option("--run <run>", "a run's ID or its beginning; the newest finished run without it")
    .option("--exact", "also read all tables back and compare each byte")
    .option("--explain", "also show how Postgres makes the model's queries");
  return withDatabaseOption(withWorkersOption(command))
    .option("--json", "print one JSON document on standard output")
    .action(run);
}

async function run(options: Options): Promise<void> {
  await untilInterrupted(async (signal) => {
    let database: Target | undefined;
    const screen = createScreen({ out: process.stderr, env: process.env });
    try {
      database = await openDatabase(options.databaseUrl, { signal, onNotice: (text) => screen.notice?.(text) });
      const { url } = database;
      const found = await runToVerify(url, options.run);
      const universe = await recordedUniverse(found);
      refuseChanges(found, buildPlan(universe, found.options.only ?? undefined));
      const plan = plannedNow(universe, found);
      const { exact = false, explain = false, workers } = options;
      const verifyOptions = { url, schema: found.schema, universe, plan, workers, exact, explainPlans: explain };
      const report = await runVerification({ ...verifyOptions, signal, observer: screen });
      screen.close();
      printVerification(report, options.json ? { runId: found.runId, ...report } : undefined);
      failOnFault(report);
    } finally {
      screen.close();
      await database?.release();
    }
  });
}

/** States of runs whose tables are gone. */
const GONE = new Set<LedgerRun["state"]>(["rolled back", "replaced", "cleaned up"]);

async function runToVerify(url: string, runId: string | undefined): Promise<LedgerRun> {
  const client = await connect(url, "verify");
  try {
    const found = runId === undefined ? await newestFinishedRun(client) : await findRun(client, runId);
    if (!GONE.has(found.state)) return found;
    throw new SeedBulkError("SB_RUN_NOT_FOUND", `run ${found.runId} is ${found.state}: its tables are gone`, {
      hint: "`seed-bulk status` lists the runs there are.",
    });
  } finally {
    await client.end();
  }
}

async function newestFinishedRun(client: pg.Client): Promise<LedgerRun> {
  const runs = await listRuns(client);
  const found = runs.find(({ state }) => state === "done");
  if (found) return found;
  throw new SeedBulkError("SB_RUN_NOT_FOUND", "the database has no finished run", {
    hint: "`seed-bulk status` lists the runs there are; `seed-bulk resume` finishes one.",
  });
}

/**
 * Prints what checks found on standard output.
 * @param json the document to print in place of lines for people
 */
export function printVerification(report: VerificationReport, json?: object): void {
  if (json !== undefined) {
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
    return;
  }
  const look = { columns: process.stdout.columns ?? 80, color: wantsColor(process.stdout, process.env) };
  process.stdout.write(`${formatVerification(report, look)}\n`);
}

/** Checks that an error names. */
const NAMED_MAX = 5;

/** @throws SeedBulkError SB_VERIFICATION_FAILED where a check failed */
export function failOnFault(report: VerificationReport): void {
  const failed = report.checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return;
  const named = failed.slice(0, NAMED_MAX).map(({ name }) => name);
  const more = failed.length > NAMED_MAX ? `; and ${failed.length - NAMED_MAX} more` : "";
  throw new SeedBulkError(
    "SB_VERIFICATION_FAILED",
    `${failed.length} of ${report.checks.length} checks failed in the schema "${report.schema}": ${named.join("; ")}${more}`,
    { hint: "Load it again with --replace; where that fails too, the model and its checks disagree." },
  );
}
