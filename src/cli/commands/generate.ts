import { Command, Option } from "commander";
import { plural } from "../../core/thousands.js";
import { estimateOf, rememberLoad } from "../../engine/estimate.js";
import { rowsAtLeast } from "../../engine/guard/guard-beforehand.js";
import { generate, prepareRun } from "../../engine/run/generate.js";
import type { GenerateOptions } from "../../engine/run/options.js";
import { wholePlan } from "../../engine/run/recorded.js";
import { startThreads } from "../../engine/threads/shard-threads.js";
import type { ThreadPool } from "../../engine/threads/thread-pool.js";
import { withTargets } from "../../engine/with-targets.js";
import { SeedBulkError } from "../../errors.js";
import { originOf } from "../../model/origin.js";
import type { Plan } from "../../model/plan.js";
import type { Universe } from "../../model/universe.js";
import { runVerification } from "../../verify/run-verification.js";
import { confirmReplace, confirmTruncate } from "../confirm.js";
import {
  databaseArgument,
  openDatabase,
  refuseBeforehand,
  runTarget,
  type SafetyOptions,
  type Target,
  withDatabaseOption,
  withSafetyOptions,
  withSessionOption,
} from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import {
  type ExpectedPlanOptions,
  expectedPlan,
  nameList,
  type RowsOptions,
  requireEntity,
  type ScenarioOptions,
  sourceOf,
  universeOf,
  wholeNumber,
  withExpectedPlanOption,
  withRowsOption,
  withScenarioOptions,
  withWorkersOption,
} from "../options.js";
import { printRun } from "../reports.js";
import { formatPlan, isVerbose, screenHere, wantsColor } from "../screen/index.js";
import type { Screen } from "../screen/screen.js";

interface Options extends ScenarioOptions, RowsOptions, LoadOptions, ExpectedPlanOptions {
  readonly databaseUrl?: string;
  readonly only?: string[];
  readonly sink: "postgres" | "discard" | "digest";
  readonly replace?: boolean;
  readonly truncate?: boolean;
  readonly yes?: boolean;
  readonly unlogged?: boolean;
  readonly dryRun?: boolean;
}

/** How rows are loaded, whatever they are. */
export interface LoadOptions extends SafetyOptions {
  readonly workers: number;
  readonly keepIndexes?: boolean;
  readonly triggers: "off" | "on";
  readonly onFailure: "keep" | "rollback";
  readonly stallTimeout: number;
  /** False with --no-verify. */
  readonly verify: boolean;
  readonly deep?: boolean;
  readonly json?: boolean;
}

/** Adds the options of a load. */
export function withLoadOptions(command: Command): Command {
  return withSessionOption(withSafetyOptions(withDatabaseOption(withWorkersOption(command, true))))
    .option("--keep-indexes", "leave the indexes and keys of tables that were there on during the load")
    .addOption(
      new Option("--triggers <which>", "whether triggers of tables that were there fire")
        .choices(["off", "on"])
        .default("off"),
    )
    .addOption(
      new Option("--on-failure <what>", "what to do with the rows of a run that fails")
        .choices(["keep", "rollback"])
        .default("keep"),
    )
    .option("--stall-timeout <s>", "seconds the server may leave a worker without an answer", wholeNumber(1), 120)
    .option("--no-verify", "do not check the data at the end")
    .option("--deep", "also check what Postgres has proved while it loaded, and time the model's queries")
    .option("--json", "print one JSON document on standard output");
}

/** `seed-bulk generate`, the default command. */
export function generateCommand(): Command {
  const command = new Command("generate");
  return withLoadOptions(withExpectedPlanOption(withRowsOption(withScenarioOptions(command))))
    .option("--only <entities>", "only these entities, with commas between them", nameList)
    .addOption(
      new Option("--sink <kind>", "where the rows go").choices(["postgres", "discard", "digest"]).default("postgres"),
    )
    .option("--replace", "drop what earlier runs loaded into the schema first")
    .option("--truncate", "take the rows out of tables that were there before they are filled")
    .option("--yes", "do not ask before --replace drops tables or --truncate empties them")
    .option("--unlogged", "load unlogged tables: faster, and empty after a crash of the server")
    .option("--dry-run", "print the plan and write nothing")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const universe = await universeOf(options, options);
  const named = options.only?.map((name) => requireEntity(universe, name));
  const only = named && universe.model.existing ? withTargets(universe, named) : named;
  const loads = options.sink === "postgres" && !options.dryRun;
  const { schema } = universe.scenario;
  // First by its sizes, since a plan of too many rows takes minutes to make.
  if (loads) refuseBeforehand(options, { schema, rows: rowsAtLeast(universe, only), rowsAreLeast: true });
  const plan = expectedPlan(universe, only, options);
  if (loads) refuseBeforehand(options, { schema, rows: plan.rows });
  if (options.dryRun) return printPlan(options, plan);
  // They load their code while the database is opened and the tables are made. Sooner, they would be in the way of the
  // plan: on two cores the first row of a small scenario is then 60 ms later.
  await untilInterrupted((signal) =>
    withThreads({ universe, plan }, options, (threads) => loadAndVerify(options, { universe, plan, threads, signal })),
  );
}

/** Starts the threads of a load, and ends them after it; none where its rows are left to others. */
export async function withThreads(
  { universe, plan }: { readonly universe: Universe; readonly plan: Plan },
  { workers }: Pick<LoadOptions, "workers">,
  work: (threads: ThreadPool | undefined) => Promise<void>,
): Promise<void> {
  const count = Math.min(workers, plan.shardCount);
  const threads = workers > 0 ? startThreads(originOf(universe.model), count) : undefined;
  try {
    await work(threads);
  } finally {
    await threads?.close();
  }
}

function printPlan({ json }: Options, plan: Plan): void {
  const look = {
    columns: process.stdout.columns || 80,
    color: wantsColor(process.stdout, process.env),
    isVerbose: isVerbose(),
  };
  process.stdout.write(
    json
      ? `${JSON.stringify(plan, null, 2)}\n`
      : `${formatPlan(plan, { ...look, estimate: estimateOf(plan, process.env) })}\n`,
  );
}

async function loadAndVerify(
  options: Options,
  load: {
    readonly universe: Universe;
    readonly plan: Plan;
    readonly threads: ThreadPool | undefined;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { plan, signal } = load;
  const { replace = false, truncate = false, unlogged = false, yes = false } = options;
  const only = options.only && plan.entities.map(({ entity }) => entity);
  let database: Target | undefined;
  const screen = screenHere(options.verify);
  try {
    if (options.sink === "postgres") {
      database = await openDatabase(options.databaseUrl, { signal, onNotice: (text) => screen.notice?.(text) });
      if (replace) await confirmReplace({ database, plan, yes }, only);
      const entities = plan.entities.map(({ entity }) => load.universe.entity(entity));
      if (truncate) await confirmTruncate({ database, plan, yes }, entities);
    }
    const target = database ? runTarget(database, options) : { kind: options.sink as "discard" | "digest" };
    const more = { ...(only && { only }), replace, truncate, unlogged, source: sourceOf(options, options) };
    await loadInto(options, { ...load, ...more, target, screen, lookAt: database?.lookAt ?? [] });
  } finally {
    screen.close();
    await database?.release();
  }
}

/** Loads a plan, checks what was loaded, and prints what came of it. */
export async function loadInto(
  options: LoadOptions,
  load: Pick<
    GenerateOptions,
    "universe" | "plan" | "target" | "only" | "replace" | "truncate" | "unlogged" | "source"
  > & {
    readonly threads: ThreadPool | undefined;
    readonly signal: AbortSignal;
    readonly screen: Screen;
    readonly lookAt: readonly string[];
  },
): Promise<void> {
  const { screen, lookAt, threads, ...run } = load;
  const { universe, plan, target, unlogged = false, signal } = run;
  const {
    workers,
    onFailure,
    keepIndexes = false,
    triggers,
    stallTimeout,
    verify,
    deep = false,
    json = false,
  } = options;
  const how: GenerateOptions = {
    ...run,
    workers,
    keepIndexes,
    triggers: triggers === "on",
    onFailure,
    stallSecondsMax: stallTimeout,
    observer: screen,
    ...(threads && { threads }),
  };
  if (workers === 0) return prepare(how, screen, json);
  const report = await generate(how);
  const common = {
    universe,
    plan: wholePlan(universe, plan, report.beside),
    workers: report.workers,
    signal,
    observer: screen,
  };
  const verification =
    target.kind === "postgres" && verify
      ? await runVerification({
          url: target.url,
          schema: plan.scenario.schema,
          runId: report.runId,
          unlogged,
          isProved: !deep,
          ...common,
        })
      : undefined;
  screen.close();
  if (verification?.ok) {
    rememberLoad({ bytes: report.bytes, seconds: report.seconds + verification.seconds }, process.env);
  }
  printRun(report, verification, { json, lookAt });
}

/** Makes tables and records the run, and says how its rows are loaded. */
async function prepare(how: GenerateOptions, screen: Screen, json: boolean): Promise<void> {
  const { target, plan } = how;
  if (target.kind !== "postgres") {
    throw new SeedBulkError("SB_USAGE", "--workers 0 leaves the rows to others, who need a database", {
      hint: `Leave --sink ${target.kind} out, or give workers.`,
    });
  }
  const runId = await prepareRun({ ...how, target });
  screen.close();
  const { rows, shardCount: shards } = plan;
  if (json) {
    process.stdout.write(`${JSON.stringify({ runId, state: "loading", rows, shards }, null, 2)}\n`);
    return;
  }
  const url = databaseArgument(target);
  // Another database of the embedded server, such as that of a script, is one like any: up while somebody keeps it up.
  const before = target.embedded && url !== "" ? "  seed-bulk db start; export SEED_BULK_ENABLED=true\n" : "";
  process.stdout.write(
    `Run ${runId} is ready: tables without rows, ${plural(rows, "row")} to come.\n` +
      `On every machine, any number, any time:\n${before}` +
      `  seed-bulk work ${runId}${url}\n` +
      "Watch them:\n" +
      `  seed-bulk status ${runId}${url} --watch\n`,
  );
}
