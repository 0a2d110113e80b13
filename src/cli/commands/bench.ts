import { readFile } from "node:fs/promises";
import { Argument, Command, InvalidArgumentError } from "commander";
import { BASELINES, type BaselineName, SCOPES, type Scope } from "../../../bench/context.js";
import type { BenchReport, Comparison } from "../../../bench/index.js";
import { SeedBulkError } from "../../errors.js";
import { packageRoot, packageVersion, scenarioDirs } from "../../platform/package.js";
import { openDatabase, type Target, withDatabaseOption } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { nameList, wholeNumber, withWorkersOption } from "../options.js";
import { wantsColor } from "../screen/index.js";

interface Options {
  readonly scenario?: string;
  readonly scale?: number;
  readonly seed?: number;
  readonly workers: number;
  readonly runs?: number;
  readonly databaseUrl?: string;
  readonly baselines?: readonly BaselineName[];
  readonly baseline?: string;
  readonly failBelow: number;
  readonly judge?: readonly string[];
  readonly floorMs?: number;
  readonly queries?: string;
  readonly quick?: boolean;
  readonly validate?: boolean;
  readonly json?: boolean;
  readonly html?: string;
  readonly out?: string;
}

/** What a bench measures where nobody says: a minute or two with --quick, else as long as it takes. */
const DEFAULTS = {
  quick: { scenario: "development", runs: 3, baselines: ["copy-file", "insert"] as const },
  full: { scenario: "load_test", runs: 5, baselines: BASELINES },
};

/** `seed-bulk bench`. */
export function benchCommand(): Command {
  const command = new Command("bench")
    .addArgument(new Argument("[scope...]", "what to measure; everything without it").choices(SCOPES))
    .option("-s, --scenario <name>", "the scenario; load_test, or development with --quick")
    .option("--scale <x>", "multiply the scenario's sizes", positiveNumber)
    .option("--seed <n>", "another seed than the scenario's", wholeNumber(0));
  return withDatabaseOption(withWorkersOption(command))
    .option("--runs <n>", "runs of each, in turns; 5, or 3 with --quick", wholeNumber(1, 100))
    .option("--baselines <names>", `of ${BASELINES.join(", ")}, or none`, baselineList)
    .option("--baseline <file>", "compare with an earlier report; exit code 1 where something became slower")
    .option("--fail-below <ratio>", "with --baseline: the ratio of medians that fails", share, 0.9)
    .option(
      "--judge <names>",
      "with --baseline: only figures that begin so may fail, such as load,verify; or all",
      nameList,
    )
    .option("--floor-ms <n>", "with --baseline: a time that grew by less fails nothing", wholeNumber(0))
    .option("--queries <file>", "SQL whose queries' times are measured; each behind a line `-- name: …`")
    .option("--quick", "small figures in a minute or two")
    .option("--validate", "verify what is loaded, every byte of it, and count what others loaded")
    .option("--json", "print one JSON document on standard output")
    .option("--html <file>", "write a report with plots")
    .option("--out <dir>", "write the report as JSON and HTML into a directory")
    .action(run);
}

/** Only a bench needs the harness: no other command is to wait for it to load. */
type Harness = typeof import("../../../bench/index.js");

async function run(scopes: readonly Scope[], options: Options): Promise<void> {
  const harness = await import("../../../bench/index.js");
  // A baseline that cannot be read is better known before an hour of measuring.
  const before = options.baseline === undefined ? undefined : await harness.readReport(options.baseline);
  refuseIdle(harness, before, options);
  const queries = options.queries === undefined ? [] : await queriesOf(harness, options.queries);
  const wanted = scopes.length > 0 ? scopes : SCOPES;
  // Whoever names queries means them to be measured.
  const report = await measure(harness, queries.length > 0 ? [...wanted, "queries"] : wanted, { ...options, queries });
  const { failBelow, judge: judged, floorMs } = options;
  const limits = { failBelow, ...(judged && { judged }), ...(floorMs !== undefined && { floorMs }) };
  const comparison = before && harness.compare(report, before, limits);
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  if (options.html !== undefined) await harness.writeHtml(options.html, report, comparison);
  if (options.out !== undefined)
    for (const file of await harness.writeInto(options.out, report, comparison)) say(`wrote ${file}`);
  print(harness, report, comparison, options.json ?? false);
  failOnFindings(report, comparison, options);
}

/** @throws SeedBulkError SB_USAGE where a name judges no figure of the earlier report: a misspelt one would let all pass */
function refuseIdle({ judgingNothing }: Harness, before: BenchReport | undefined, { judge, floorMs }: Options): void {
  if (before === undefined && (judge !== undefined || floorMs !== undefined)) {
    throw new SeedBulkError("SB_USAGE", "--judge and --floor-ms say what of --baseline fails, and there is none");
  }
  const [idle] = before === undefined ? [] : judgingNothing(judge ?? [], before);
  if (idle === undefined) return;
  throw new SeedBulkError("SB_USAGE", `--judge: no figure of the earlier report begins with "${idle}"`, {
    hint: `Its figures are: ${before!.metrics
      .filter(({ gated }) => gated)
      .map(({ name }) => name)
      .join(", ")}.`,
  });
}

/** @throws SeedBulkError SB_USAGE where a file cannot be read, or has no query */
async function queriesOf({ readQueries }: Harness, file: string): Promise<BenchQueries> {
  const text = await readFile(file, "utf8").catch((cause: Error) => {
    throw new SeedBulkError("SB_USAGE", `cannot read ${file}: ${cause.message}`, { cause });
  });
  const queries = readQueries(text);
  if (queries.length > 0) return queries;
  throw new SeedBulkError("SB_USAGE", `${file} has no query`, {
    hint: "Each stands behind a line such as `-- name: top customers`.",
  });
}

type BenchQueries = Parameters<Harness["runBench"]>[0]["queries"];

async function measure(
  { runBench }: Harness,
  scopes: readonly Scope[],
  options: Omit<Options, "queries"> & { readonly queries: BenchQueries },
): Promise<BenchReport> {
  const { quick = false, validate = false, scale, seed, workers, databaseUrl } = options;
  const defaults = quick ? DEFAULTS.quick : DEFAULTS.full;
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  let report: BenchReport | undefined;
  await untilInterrupted(async (signal) => {
    let server: Target | undefined;
    try {
      report = await runBench({
        // In one order, each once: scopes share what they have loaded, and a report lists them so.
        scopes: SCOPES.filter((scope) => scopes.includes(scope)),
        scenario: {
          name: options.scenario ?? defaults.scenario,
          searchDirs: scenarioDirs(),
          overrides: { ...(scale !== undefined && { scale }), ...(seed !== undefined && { seed }) },
        },
        workers,
        runs: options.runs ?? defaults.runs,
        quick,
        validate,
        baselines: options.baselines ?? defaults.baselines,
        queries: options.queries,
        version: packageVersion(),
        root: packageRoot(),
        embedded: (databaseUrl ?? process.env["DATABASE_URL"]) === undefined,
        openServer: async () => (server = await openDatabase(databaseUrl, { signal, onNotice: say })),
        signal,
        say,
      });
    } finally {
      await server?.release();
    }
  });
  return report!;
}

function print(
  { formatReport, formatComparison }: Harness,
  report: BenchReport,
  comparison: Comparison | undefined,
  json: boolean,
): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...report, ...(comparison && { comparison }) }, null, 2)}\n`);
    return;
  }
  const look = { columns: process.stdout.columns || 80, color: wantsColor(process.stdout, process.env) };
  process.stdout.write(`${formatReport(report, look)}\n`);
  if (comparison) process.stdout.write(`\n${formatComparison(comparison, look)}\n`);
}

/** @throws SeedBulkError SB_VERIFICATION_FAILED, SB_BENCH_SLOWER */
function failOnFindings({ validation }: BenchReport, comparison: Comparison | undefined, options: Options): void {
  if (validation && !validation.ok) {
    throw new SeedBulkError("SB_VERIFICATION_FAILED", `the loaded data is wrong: ${validation.failed.join("; ")}`);
  }
  const slower = (comparison?.changes ?? []).filter(({ fails }) => fails);
  if (slower.length === 0) return;
  const named = slower.map(({ name, ratio }) => `${name} (${ratio.value.toFixed(2)})`).join(", ");
  throw new SeedBulkError("SB_BENCH_SLOWER", `below ${options.failBelow} of ${options.baseline}: ${named}`, {
    hint: "Measure again before you believe it; a report of this run lists every figure with its noise.",
  });
}

function baselineList(text: string): readonly BaselineName[] {
  if (text === "none") return [];
  const names = nameList(text);
  const unknown = names.find((name) => !BASELINES.includes(name as BaselineName));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${BASELINES.join(", ")}, none.`);
  return names as BaselineName[];
}

function share(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0 || value > 1) {
    throw new InvalidArgumentError("It is a ratio above 0 and up to 1, such as 0.9.");
  }
  return value;
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0))
    throw new InvalidArgumentError("It is a number above 0, such as 0.1.");
  return value;
}
