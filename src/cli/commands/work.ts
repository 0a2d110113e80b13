import { Command, Option } from "commander";
import { plural } from "../../core/thousands.js";
import type { RunObserver } from "../../engine/observer.js";
import { SeedBulkError } from "../../errors.js";
import { type Part, partOf } from "../../fleet/parts.js";
import { openPgBoss } from "../../fleet/pg-boss.js";
import { type Rehearsal, rehearse } from "../../fleet/rehearse.js";
import { type ToldBy, type WorkReport, work } from "../../fleet/work.js";
import {
  databaseArgument,
  openDatabase,
  runTarget,
  type SafetyOptions,
  type SessionOptions,
  withDatabaseOption,
  withSafetyOptions,
  withSessionOption,
} from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { wholeNumber, withWorkersOption } from "../options.js";
import { formatByteRate, formatCount, formatSeconds } from "../screen/index.js";

interface Options extends SafetyOptions, SessionOptions {
  readonly workers: number;
  readonly databaseUrl?: string;
  readonly engine?: "pg-boss";
  readonly part?: string;
  readonly parts?: number;
  readonly steal?: boolean;
  readonly sink: "postgres" | "discard";
  readonly stallTimeout: number;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** `seed-bulk work`. */
export function workCommand(): Command {
  const command = new Command("work").argument(
    "[run]",
    "a run's ID or its beginning; the last unfinished run without it",
  );
  return withSessionOption(withSafetyOptions(withDatabaseOption(withWorkersOption(command))))
    .option("--part <i/n>", "make the i-th of n parts; `auto`: what an array scheduler says in the environment")
    .option("--parts <n>", "how many parts there are, where the scheduler does not say", wholeNumber(1))
    .option("--steal", "after the own part, make what other parts lack, and see the run to its end")
    .addOption(new Option("--engine <name>", "a queue that says who makes what").choices(["pg-boss"]))
    .addOption(
      new Option("--sink <kind>", "where the rows go; `discard` shows what this machine can make")
        .choices(["postgres", "discard"])
        .default("postgres"),
    )
    .option("--stall-timeout <s>", "seconds the server may leave a worker without an answer", wholeNumber(1), 120)
    .option("--json", "print one JSON document on standard output")
    .addHelpText(
      "after",
      `
Any number of these, on any number of machines, share a run that was begun with
\`seed-bulk generate … --workers 0\`. Without --part and --engine, it makes all that is missing.
Exit code 42: the run cannot go on, and trying again would not help.`,
    )
    .action((runId: string | undefined, options: Options) => run(runId, options));
}

async function run(runId: string | undefined, options: Options): Promise<void> {
  const toldBy = toldByOf(options);
  await untilInterrupted(async (signal) => {
    const log = new WorkLog();
    const database = await openDatabase(options.databaseUrl, {
      signal,
      onNotice: (text) => log.notice(text),
      isReading: true,
    });
    try {
      const { workers } = options;
      const common = {
        target: runTarget(database, options),
        workers,
        signal,
        ...(!options.quiet && { observer: log }),
        ...(runId !== undefined && { runId }),
      };
      if (options.sink === "discard")
        return printRehearsal(await rehearse({ ...common, part: partTold(toldBy) }), options);
      const report = await work({ ...common, toldBy, stallSecondsMax: options.stallTimeout });
      if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      else process.stdout.write(`${summaryOf(report, databaseArgument(database))}\n`);
    } finally {
      await database.release();
    }
  });
}

function toldByOf({ engine, part, parts, steal = false }: Options): ToldBy {
  if (engine !== undefined) {
    if (part === undefined && parts === undefined && !steal) return { kind: "queue", open: openPgBoss };
    throw new SeedBulkError("SB_USAGE", "expected --engine or --part, not both", {
      hint: "A queue hands out all of a run, and takes back what a dead worker had.",
    });
  }
  if (part !== undefined) return { kind: "part", part: partOf(part, parts, process.env), steal };
  if (parts !== undefined) throw new SeedBulkError("SB_USAGE", "--parts goes with --part auto");
  return { kind: "part", part: { index: 1, of: 1 }, steal: true };
}

function partTold(toldBy: ToldBy): Part {
  if (toldBy.kind === "part") return toldBy.part;
  throw new SeedBulkError("SB_USAGE", "--sink discard makes a part, and --engine hands out what is to be written", {
    hint: "Say which part: --part 1/2 --sink discard.",
  });
}

function printRehearsal(rehearsal: Rehearsal, { json }: Options): void {
  const { rows, bytes, seconds } = rehearsal;
  const text =
    `Made and thrown away: ${plural(rows, "row")} in ${formatSeconds(seconds)}, ` +
    `${formatCount(rows / seconds)} rows/s, ${formatByteRate(bytes / seconds)}. Nothing was written.\n`;
  process.stdout.write(json ? `${JSON.stringify(rehearsal, null, 2)}\n` : text);
}

/** Why a worker left, in words for people. */
function summaryOf({ runId, state, rows, seconds, loadSeconds, steps, schema }: WorkReport, database: string): string {
  const rate = loadSeconds > 0 ? `, ${formatCount(rows / loadSeconds)} rows/s` : "";
  const did =
    `Loaded ${plural(rows, "row")} here in ${formatSeconds(loadSeconds)}${rate}` +
    `${steps > 0 ? `; ${steps} finishing ${steps === 1 ? "step" : "steps"}` : ""}. ${formatSeconds(seconds)} in all.`;
  if (state === "done") {
    return [
      did,
      `Run ${runId} is done: rows, keys and indexes of the schema "${schema}" are there.`,
      `Check it: seed-bulk verify --run ${runId}${database}`,
    ].join("\n");
  }
  if (state === "loading") return `${did}\nThis part is made. Run ${runId} waits for others' parts.`;
  return `${did}\nRun ${runId} is ${state}: nothing is left to do.`;
}

/** Between two lines of progress. */
const TOLD_MS = 10_000;

/** Quicker steps are told by their number alone. */
const STEP_SECONDS_TOLD = 1;

/** Tells on standard error what a worker does, a line at a time: it may run beside hundreds, and its log is read later. */
class WorkLog implements RunObserver {
  #toldMs = performance.now();
  #toldRows = 0;

  planned({ scenario, rows }: Parameters<NonNullable<RunObserver["planned"]>>[0]): void {
    this.#print(`works on ${scenario.model}/${scenario.name}, seed ${scenario.seed}: ${plural(rows, "row")} in all`);
  }

  phaseStarted(phase: string): void {
    this.#print(`${phase}  started`);
  }

  phaseEnded(phase: string, seconds: number): void {
    this.#print(`${phase}  done here in ${formatSeconds(seconds)}`);
  }

  progress(rows: readonly number[]): void {
    const nowMs = performance.now();
    const passedMs = nowMs - this.#toldMs;
    if (passedMs < TOLD_MS) return;
    const made = rows.reduce((sum, count) => sum + count, 0);
    const rate = ((made - this.#toldRows) / passedMs) * 1000;
    this.#print(`load  ${formatCount(made)} rows made here  ${formatCount(Math.max(0, rate))} rows/s`);
    this.#toldMs = nowMs;
    this.#toldRows = made;
  }

  stepEnded(step: string, seconds: number): void {
    if (seconds >= STEP_SECONDS_TOLD) this.#print(`${step}  ${formatSeconds(seconds)}`);
  }

  notice(message: string): void {
    this.#print(message);
  }

  #print(line: string): void {
    process.stderr.write(`${line}\n`);
  }
}
