import { Command, Option } from "commander";
import { plural } from "../../core/thousands.js";
import { SeedBulkError } from "../../errors.js";
import { type ExportReport, exportFiles } from "../../export/export-files.js";
import { exportStream, type StreamReport } from "../../export/export-stream.js";
import { COMPRESSIONS, type Compression, EXPORT_FORMATS, type ExportFormat } from "../../export/protocol.js";
import { untilInterrupted } from "../interrupt.js";
import {
  type ExpectedPlanOptions,
  expectedPlan,
  nameList,
  type RowsOptions,
  requireEntity,
  type ScenarioOptions,
  universeOf,
  wholeNumber,
  withExpectedPlanOption,
  withRowsOption,
  withScenarioOptions,
  withWorkersOption,
} from "../options.js";
import {
  escapeControls,
  formatByteRate,
  formatBytes,
  formatCount,
  formatSeconds,
  screenHere,
} from "../screen/index.js";

/** The name that stands for standard output. */
const STDOUT = "-";

interface Options extends ScenarioOptions, RowsOptions, ExpectedPlanOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly only?: string[];
  readonly compress?: Compression;
  readonly rowsPerFile?: number;
  readonly workers: number;
  readonly replace?: boolean;
  readonly json?: boolean;
}

/** `seed-bulk export`. */
export function exportCommand(): Command {
  const command = new Command("export");
  return withWorkersOption(withExpectedPlanOption(withRowsOption(withScenarioOptions(command))))
    .addOption(new Option("-f, --format <format>", "what to write").choices([...EXPORT_FORMATS]).makeOptionMandatory())
    .requiredOption("-o, --out <dir>", "the directory for the files; - for standard output")
    .option("--only <entities>", "only these entities, with commas between them", nameList)
    .addOption(new Option("--compress <method>", "compress the files").choices([...COMPRESSIONS]))
    .option("--rows-per-file <n>", "begin another file after so many rows", wholeNumber(1))
    .option("--replace", "delete the files of the export that the directory holds first")
    .option("--json", "print one JSON document on standard output")
    .action(run);
}

async function run(options: Options): Promise<void> {
  refuseContradictions(options);
  const universe = await universeOf(options, options);
  for (const name of options.only ?? []) requireEntity(universe, name);
  const plan = expectedPlan(universe, options.only, options);
  const { format, out, workers, compress: compression = null, rowsPerFile = null, replace = false } = options;
  await untilInterrupted(async (signal) => {
    if (out === STDOUT) {
      const streamed = await exportStream({ universe, plan, format, compression, workers, signal }, process.stdout.fd);
      if (!streamed.complete) throw readerLeft(streamed);
      return;
    }
    const screen = screenHere();
    try {
      const files = { universe, plan, format, compression, rowsPerFile, dir: out, workers, replace };
      const report = await exportFiles({ ...files, signal, observer: screen });
      screen.close();
      process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${formatReport(report)}\n`);
    } finally {
      screen.close();
    }
  });
}

/** What has its reader in `psql` or `gzip` is not whole, and a script must not take it for that. */
function readerLeft({ bytes }: StreamReport): SeedBulkError {
  return new SeedBulkError(
    "SB_OUTPUT_FAILED",
    `the reader of standard output left after ${formatBytes(bytes)}, before the end of the export`,
  );
}

/** @throws SeedBulkError SB_USAGE */
function refuseContradictions({ out, json, replace, rowsPerFile }: Options): void {
  if (out !== STDOUT) return;
  const given = Object.entries({ "--json": json, "--replace": replace, "--rows-per-file": rowsPerFile });
  const [flag] = given.find(([, value]) => value !== undefined) ?? [];
  if (flag !== undefined) throw new SeedBulkError("SB_USAGE", `${flag} has no meaning with --out -`);
}

/** A summary in a few lines. */
function formatReport({ dir, manifest, filesMade, filesKept, bytesMade, seconds }: ExportReport): string {
  const { files, rows, bytes, format, planHash, sha256 } = manifest;
  const kept = filesKept > 0 ? ` (${formatCount(filesKept)} of them were there already)` : "";
  const made =
    filesMade > 0
      ? `${formatBytes(bytesMade)} in ${formatSeconds(seconds)}, ${formatByteRate(bytesMade / seconds)}`
      : "nothing was left to do";
  return [
    `${plural(rows, "row")} as ${format}: ${plural(files.length, "file")}${kept}, ${formatBytes(bytes)}, in ${escapeControls(dir)}`,
    made,
    `manifest.json lists them with their digests; of all together ${sha256?.slice(0, 16)} (plan ${planHash.slice(0, 16)})`,
    ...(format === "sql" ? [] : ["schema.sql makes their tables, keys.sql the keys and indexes once the rows are in"]),
  ].join("\n");
}
