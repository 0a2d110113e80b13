import { Command, Option } from "commander";
import { makeDictionaries } from "../../engine/dictionaries.js";
import { refuseChanges } from "../../engine/run/plan-changes.js";
import { resume } from "../../engine/run/resume.js";
import { SeedBulkError } from "../../errors.js";
import type { LedgerRun } from "../../ledger/runs.js";
import { buildPlan, type Plan } from "../../model/plan.js";
import { Universe } from "../../model/universe.js";
import { loadModel } from "../../models/load.js";
import { runVerification } from "../../verify/run-verification.js";
import {
  openDatabase,
  runTarget,
  type SafetyOptions,
  type Target,
  withDatabaseOption,
  withSafetyOptions,
} from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { type ScenarioOptions, universeOf, withWorkersOption } from "../options.js";
import { createScreen } from "../screen/index.js";
import { printRun } from "./generate.js";

interface Options extends SafetyOptions {
  readonly workers: number;
  readonly databaseUrl?: string;
  readonly onFailure: "keep" | "rollback";
  readonly verify: boolean;
  readonly json?: boolean;
}

/** `seed-bulk resume`. */
export function resumeCommand(): Command {
  const command = new Command("resume")
    .description("load what an unfinished run lacks, and finish it")
    .argument("[run]", "a run's ID or its beginning; the last unfinished run without it");
  return withSafetyOptions(withDatabaseOption(withWorkersOption(command)))
    .addOption(
      new Option("--on-failure <what>", "what to do with the rows of a run that fails again")
        .choices(["keep", "rollback"])
        .default("keep"),
    )
    .option("--no-verify", "do not check the data at the end")
    .option("--json", "print one JSON document on standard output")
    .action((runId: string | undefined, options: Options) => run(runId, options));
}

async function run(runId: string | undefined, options: Options): Promise<void> {
  await untilInterrupted(async (signal) => {
    let database: Target | undefined;
    const screen = createScreen({ out: process.stderr, env: process.env });
    try {
      database = await openDatabase(options.databaseUrl, { signal, onNotice: (text) => screen.notice?.(text) });
      const { workers, onFailure } = options;
      let resumed: LedgerRun | undefined;
      let universe: Universe | undefined;
      const outcome = await resume({
        target: runTarget(database, options),
        workers,
        onFailure,
        signal,
        observer: screen,
        universeOf: async (found) => {
          resumed = found;
          universe = await recordedUniverse(found);
          await refuseOtherScenario(found, (text) => screen.notice?.(text));
          return universe;
        },
        ...(runId !== undefined && { runId }),
      });
      const verification =
        resumed && universe && options.verify
          ? await runVerification({
              url: database.url,
              schema: resumed.schema,
              universe,
              plan: plannedNow(universe, resumed),
              workers,
              signal,
              observer: screen,
            })
          : undefined;
      screen.close();
      if ("state" in outcome) {
        const text = `Run ${outcome.runId} is ${outcome.state}: nothing is left to do.\n`;
        process.stdout.write(
          options.json ? `${JSON.stringify({ runId: outcome.runId, state: outcome.state })}\n` : text,
        );
      } else printRun(outcome, verification, { json: options.json ?? false, lookAt: database.lookAt });
    } finally {
      screen.close();
      await database?.release();
    }
  });
}

/** The plan of what a run's schema holds: its own tables, and those that it was fitted to. */
export function plannedNow(universe: Universe, { options }: LedgerRun): Plan {
  return buildPlan(universe, options.only ? [...options.only, ...(options.beside ?? [])] : undefined);
}

/**
 * Compares a run's scenario with what its name stands for now. Where its file is gone, the recorded one holds.
 * @throws SeedBulkError SB_RUN_CHANGED, and what loading a scenario throws
 */
async function refuseOtherScenario(run: LedgerRun, onNotice: (text: string) => void): Promise<void> {
  const { source, only } = run.options;
  if (source === undefined) return;
  try {
    const universe = await universeOf(source as unknown as ScenarioOptions);
    refuseChanges(run, buildPlan(universe, only ?? undefined));
  } catch (error) {
    if (!(error instanceof SeedBulkError) || error.code !== "SB_SCENARIO_NOT_FOUND") throw error;
    onNotice(
      `the scenario ${String(source["scenario"])} is not there any more: the run goes on with what it began with`,
    );
  }
}

/** The universe of the scenario that a run's plan holds, whatever its file says by now. */
export async function recordedUniverse({ plan }: LedgerRun): Promise<Universe> {
  const model = await loadModel(plan.scenario.model);
  if (model === undefined) {
    throw new SeedBulkError("SB_RUN_CHANGED", `the run's model "${plan.scenario.model}" is not known here`);
  }
  return new Universe(model, plan.scenario, makeDictionaries(model));
}
