import { Command, Option } from "commander";
import { generate, type RunReport } from "../../engine/generate.js";
import { buildPlan } from "../../model/plan.js";
import { confirmReplace } from "../confirm.js";
import { openDatabase, type Target, withDatabaseOption } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import {
  nameList,
  requireEntity,
  type ScenarioOptions,
  universeOf,
  wholeNumber,
  withScenarioOptions,
  withWorkersOption,
} from "../options.js";
import { createScreen, formatPlan, formatSummary, wantsColor } from "../screen/index.js";
import { RATE_ASSUMED } from "./plan.js";

interface Options extends ScenarioOptions {
  readonly workers: number;
  readonly databaseUrl?: string;
  readonly only?: string[];
  readonly sink: "postgres" | "discard" | "digest";
  readonly replace?: boolean;
  readonly yes?: boolean;
  readonly unlogged?: boolean;
  readonly onFailure: "keep" | "rollback";
  readonly stallTimeout: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `seed-bulk generate`, the default command. */
export function generateCommand(): Command {
  const command = new Command("generate").description("make a scenario's data and load it (the default command)");
  return withDatabaseOption(withWorkersOption(withScenarioOptions(command)))
    .option("--only <entities>", "only these entities, with commas between them", nameList)
    .addOption(
      new Option("--sink <kind>", "where the rows go").choices(["postgres", "discard", "digest"]).default("postgres"),
    )
    .option("--replace", "drop what earlier runs loaded into the schema first")
    .option("--yes", "do not ask before --replace drops tables")
    .option("--unlogged", "load unlogged tables: faster, and empty after a crash of the server")
    .addOption(
      new Option("--on-failure <what>", "what to do with the rows of a run that fails")
        .choices(["keep", "rollback"])
        .default("keep"),
    )
    .option("--stall-timeout <s>", "seconds the server may leave a worker without an answer", wholeNumber(1), 120)
    .option("--dry-run", "print the plan and write nothing")
    .option("--json", "print one JSON document on standard output")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const universe = await universeOf(options);
  for (const name of options.only ?? []) requireEntity(universe, name);
  const plan = buildPlan(universe, options.only);
  if (options.dryRun) {
    const look = { columns: process.stdout.columns ?? 80, color: wantsColor(process.stdout, process.env) };
    process.stdout.write(
      options.json
        ? `${JSON.stringify(plan, null, 2)}\n`
        : `${formatPlan(plan, { ...look, rowsPerSecond: RATE_ASSUMED })}\n`,
    );
    return;
  }
  await untilInterrupted(async (signal) => {
    let database: Target | undefined;
    const screen = createScreen({ out: process.stderr, env: process.env });
    try {
      if (options.sink === "postgres") {
        database = await openDatabase(options.databaseUrl, { signal, onNotice: (text) => screen.notice?.(text) });
        if (options.replace) await confirmReplace(database.url, universe.scenario.schema, options.yes ?? false);
      }
      const { workers, replace = false, unlogged = false, onFailure, only } = options;
      const report = await generate({
        universe,
        plan,
        workers,
        replace,
        unlogged,
        onFailure,
        stallSecondsMax: options.stallTimeout,
        signal,
        observer: screen,
        ...(only && { only }),
        target: database ? { kind: "postgres", url: database.url } : { kind: options.sink as "discard" | "digest" },
      });
      screen.close();
      printReport(report, options.json ?? false, database?.lookAt ?? []);
    } finally {
      screen.close();
      await database?.release();
    }
  });
}

/** Prints a run's report as JSON, or as a summary with how to look at the data. */
export function printReport(report: RunReport, json: boolean, lookAt: readonly string[]): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const look = { columns: process.stdout.columns ?? 80, color: wantsColor(process.stdout, process.env) };
  process.stdout.write(`${formatSummary(report, { ...look, lookAt })}\n`);
}
