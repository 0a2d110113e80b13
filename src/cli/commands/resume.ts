import { Command, Option } from "commander";
import { makeDictionaries } from "../../engine/dictionaries.js";
import { resume } from "../../engine/resume.js";
import { SeedBulkError } from "../../errors.js";
import { buildPlan } from "../../model/plan.js";
import { Universe } from "../../model/universe.js";
import { MODELS } from "../../models/index.js";
import type { LedgerRun } from "../../postgres/ledger.js";
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
import { withWorkersOption } from "../options.js";
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
          universe = recordedUniverse(found);
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
              plan: buildPlan(universe, resumed.options.only ?? undefined),
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

/** The universe of the scenario that a run's plan holds, whatever its file says by now. */
export function recordedUniverse({ plan }: LedgerRun): Universe {
  const model = MODELS.get(plan.scenario.model);
  if (model === undefined) {
    throw new SeedBulkError("SB_RUN_CHANGED", `the run's model "${plan.scenario.model}" is not known here`);
  }
  return new Universe(model, plan.scenario, makeDictionaries(model));
}
