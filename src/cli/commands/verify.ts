import { Command } from "commander";
import { recordedRun } from "../../engine/run/recorded.js";
import { SeedBulkError } from "../../errors.js";
import type { Plan } from "../../model/plan.js";
import type { Universe } from "../../model/universe.js";
import { workersGiven } from "../../postgres/workers-given.js";
import { failOnFault } from "../../verify/fail-on-fault.js";
import { runToVerify } from "../../verify/run-to-verify.js";
import { runVerification } from "../../verify/run-verification.js";
import { openDatabase, type Target, withDatabaseOption } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import {
  type ExpectedPlanOptions,
  expectedPlan,
  nameList,
  type RowsOptions,
  requireEntity,
  type ScenarioOptions,
  universeOf,
  withExpectedPlanOption,
  withRowsOption,
  withScenarioOptions,
  withWorkersOption,
} from "../options.js";
import { printVerification } from "../reports.js";
import { screenHere } from "../screen/index.js";

interface Options extends ScenarioOptions, RowsOptions, ExpectedPlanOptions {
  readonly run?: string;
  readonly only?: string[];
  readonly exact?: boolean;
  readonly explain?: boolean;
  readonly workers: number;
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** `seed-bulk verify`. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .option("--run <run>", "a run's ID or its beginning; the newest finished run without it")
    .option("--only <entities>", "with --scenario: only these entities, with commas between them", nameList)
    .option("--exact", "also read all tables back and compare each byte")
    .option("--explain", "also show how Postgres makes the model's queries");
  return withDatabaseOption(withWorkersOption(withExpectedPlanOption(withRowsOption(withScenarioOptions(command)))))
    .option("--json", "print one JSON document on standard output")
    .action(run);
}

async function run(options: Options): Promise<void> {
  await untilInterrupted(async (signal) => {
    let database: Target | undefined;
    const screen = screenHere();
    try {
      database = await openDatabase(options.databaseUrl, {
        signal,
        onNotice: (text) => screen.notice?.(text),
        isReading: true,
      });
      const { url } = database;
      const subject = await subjectOf(url, options);
      const { universe, plan, schema, runId, unlogged } = subject;
      const { exact = false, explain = false } = options;
      const onNotice = (text: string): void => screen.notice?.(text);
      const workers = await workersGiven(url, { workers: options.workers, signal, onNotice });
      const verifyOptions = { url, schema, universe, plan, workers, exact, explainPlans: explain };
      const report = await runVerification({
        ...verifyOptions,
        ...(runId !== undefined && { runId }),
        ...(unlogged !== undefined && { unlogged }),
        signal,
        observer: screen,
      });
      screen.close();
      printVerification(report, options.json ? { runId: runId ?? null, ...report } : undefined);
      failOnFault(report);
    } finally {
      screen.close();
      await database?.release();
    }
  });
}

/** What is checked: a run of the ledger, or what a scenario says a schema holds, whoever put it there. */
interface Subject {
  readonly universe: Universe;
  readonly plan: Plan;
  readonly schema: string;
  readonly runId?: string;
  readonly unlogged?: boolean;
}

/** @throws SeedBulkError SB_USAGE, SB_RUN_NOT_FOUND, SB_PLAN_UNEXPECTED, and what opening a scenario throws */
async function subjectOf(url: string, options: Options): Promise<Subject> {
  const { run: runId, scenario, model, only } = options;
  if (scenario === undefined && model === undefined) {
    const run = await runToVerify(url, runId);
    const { universe, whole: plan } = await recordedRun(run);
    return { universe, plan, schema: run.schema, runId: run.runId, unlogged: run.options.unlogged };
  }
  if (runId !== undefined) {
    throw new SeedBulkError("SB_USAGE", "expected --run or a scenario, not both", {
      hint: "A run is checked by the plan that the database has of it.",
    });
  }
  const universe = await universeOf(options, options);
  const named = only?.map((name) => requireEntity(universe, name));
  return { universe, plan: expectedPlan(universe, named, options), schema: universe.scenario.schema };
}
