import { Command, Option } from "commander";
import { refuseChanges } from "../../engine/run/plan-changes.js";
import { resume } from "../../engine/run/resume.js";
import { SeedBulkError } from "../../errors.js";
import { FINAL_STATES, type LedgerRun } from "../../ledger/runs.js";
import { buildPlan } from "../../model/plan.js";
import { runVerification } from "../../verify/run-verification.js";
import {
  openDatabase,
  refuseBeforehand,
  runTarget,
  type SafetyOptions,
  type SessionOptions,
  type Target,
  withDatabaseOption,
  withSafetyOptions,
  withSessionOption,
} from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { type RowsOptions, type ScenarioOptions, universeOf, withWorkersOption } from "../options.js";
import { printRun } from "../reports.js";
import { screenHere } from "../screen/index.js";

interface Options extends SafetyOptions, SessionOptions {
  readonly workers: number;
  readonly databaseUrl?: string;
  readonly onFailure: "keep" | "rollback";
  readonly verify: boolean;
  readonly deep?: boolean;
  readonly json?: boolean;
}

/** `seed-bulk resume`. */
export function resumeCommand(): Command {
  const command = new Command("resume").argument(
    "[run]",
    "a run's ID or its beginning; the last unfinished run without it",
  );
  return withSessionOption(withSafetyOptions(withDatabaseOption(withWorkersOption(command, true))))
    .addOption(
      new Option("--on-failure <what>", "what to do with the rows of a run that fails again")
        .choices(["keep", "rollback"])
        .default("keep"),
    )
    .option("--no-verify", "do not check the data at the end")
    .option("--deep", "also check what Postgres has proved while it loaded, and time the model's queries")
    .option("--json", "print one JSON document on standard output")
    .action((runId: string | undefined, options: Options) => run(runId, options));
}

async function run(runId: string | undefined, options: Options): Promise<void> {
  await untilInterrupted(async (signal) => {
    let database: Target | undefined;
    const screen = screenHere(options.verify);
    try {
      // How many rows, and where, the ledger says.
      refuseBeforehand(options, { rows: 0 });
      database = await openDatabase(options.databaseUrl, {
        signal,
        onNotice: (text) => screen.notice?.(text),
        isReading: true,
      });
      const { workers, onFailure } = options;
      const { run, work } = await resume({
        target: runTarget(database, options),
        workers,
        onFailure,
        signal,
        observer: screen,
        requireSame: (found) => refuseOtherScenario(found, (text) => screen.notice?.(text)),
        ...(runId !== undefined && { runId }),
      });
      if (work === undefined) return printNothingLeft(run, options);
      const { universe, whole: plan } = work;
      const verifyOptions = {
        url: database.url,
        schema: run.schema,
        runId: run.runId,
        universe,
        plan,
        unlogged: run.options.unlogged,
        isProved: !options.deep,
        workers: work.report.workers,
        signal,
        observer: screen,
      };
      const verification = options.verify ? await runVerification(verifyOptions) : undefined;
      screen.close();
      printRun(work.report, verification, { json: options.json ?? false, lookAt: database.lookAt });
    } finally {
      screen.close();
      await database?.release();
    }
  });
}

function printNothingLeft({ runId, state }: LedgerRun, { json, workers }: Options): void {
  const isReady = workers === 0 && !FINAL_STATES.has(state);
  const text = isReady
    ? `Run ${runId} is ready for \`seed-bulk work ${runId}\`, on any machine.\n`
    : `Run ${runId} is ${state}: nothing is left to do.\n`;
  process.stdout.write(json ? `${JSON.stringify({ runId, state })}\n` : text);
}

/**
 * Compares a run's scenario with what its name stands for now. Where its file is gone, the recorded one holds.
 * @throws SeedBulkError SB_RUN_CHANGED, and what loading a scenario throws
 */
async function refuseOtherScenario(run: LedgerRun, onNotice: (text: string) => void): Promise<void> {
  const { source, only } = run.options;
  if (source === undefined) return;
  try {
    const universe = await universeOf(source as unknown as ScenarioOptions, source as RowsOptions);
    refuseChanges(run, buildPlan(universe, only ?? undefined));
  } catch (error) {
    if (!(error instanceof SeedBulkError) || error.code !== "SB_SCENARIO_NOT_FOUND") throw error;
    onNotice(
      `the scenario ${String(source["scenario"])} is not there any more: the run goes on with what it began with`,
    );
  }
}
