import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import { type GenerateOptions, generate, type RunReport } from "../../engine/generate.js";
import type { SinkSpec } from "../../engine/protocol.js";
import { buildPlan } from "../../model/plan.js";
import { openDatabase, type Target } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import {
  nameList,
  requireEntity,
  type ScenarioOptions,
  universeOf,
  wholeNumber,
  withScenarioOptions,
} from "../options.js";
import { createScreen, formatPlan, formatSummary, wantsColor } from "../screen/index.js";
import { RATE_ASSUMED } from "./plan.js";

/** More threads than this gain nothing and cost memory each. */
const WORKERS_MAX = 256;

interface Options extends ScenarioOptions {
  readonly workers: number;
  readonly databaseUrl?: string;
  readonly only?: string[];
  readonly sink: SinkSpec["kind"];
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `seed-bulk generate`, the default command. */
export function generateCommand(): Command {
  return withScenarioOptions(
    new Command("generate").description("make a scenario's data and load it (the default command)"),
  )
    .option(
      "-w, --workers <n>",
      "worker threads",
      wholeNumber(1, WORKERS_MAX),
      Math.min(WORKERS_MAX, availableParallelism()),
    )
    .option("--database-url <url>", "the database to load into; else DATABASE_URL, else the embedded Postgres")
    .option("--only <entities>", "only these entities, with commas between them", nameList)
    .addOption(
      new Option("--sink <kind>", "where the rows go").choices(["postgres", "discard", "digest"]).default("postgres"),
    )
    .option("--replace", "drop the scenario's tables first, where they exist")
    .option("--dry-run", "print the plan and write nothing")
    .option("--json", "print one JSON document on standard output")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const universe = await universeOf(options);
  for (const name of options.only ?? []) requireEntity(universe, name);
  const plan = buildPlan(universe, options.only);
  if (options.dryRun) {
    const columns = process.stdout.columns ?? 80;
    process.stdout.write(
      options.json
        ? `${JSON.stringify(plan, null, 2)}\n`
        : formatPlan(plan, { columns, rowsPerSecond: RATE_ASSUMED, color: wantsColor(process.stdout, process.env) }),
    );
    return;
  }
  await untilInterrupted(async (signal) => {
    const screen = createScreen({ out: process.stderr, env: process.env });
    const { workers, replace = false } = options;
    const common: Omit<GenerateOptions, "sink"> = { universe, plan, workers, replace, signal, observer: screen };
    let target: Target | undefined;
    try {
      if (options.sink === "postgres") {
        target = await openDatabase(options.databaseUrl, { signal, onNotice: (text) => screen.notice?.(text) });
      }
      const sink: SinkSpec = target
        ? { kind: "postgres", url: target.url, schema: universe.scenario.schema }
        : { kind: options.sink as "discard" | "digest" };
      const report = await generate({ ...common, sink });
      screen.close();
      print(report, options, target);
    } finally {
      screen.close();
      await target?.release();
    }
  });
}

function print(report: RunReport, { json }: Options, target: Target | undefined): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const columns = process.stdout.columns ?? 80;
  const color = wantsColor(process.stdout, process.env);
  process.stdout.write(formatSummary(report, { columns, color, lookAt: target?.lookAt ?? [] }));
}
