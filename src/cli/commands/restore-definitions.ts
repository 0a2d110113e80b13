import { Command } from "commander";
import { type Restored, restoreDefinitions } from "../../engine/restore-definitions.js";
import { SeedBulkError } from "../../errors.js";
import { openDatabase, withDatabaseOption } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { escapeControls } from "../screen/index.js";

interface Options {
  readonly run?: string;
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** `seed-bulk restore-definitions`: puts back what a run took off tables that were there. */
export function restoreDefinitionsCommand(): Command {
  return withDatabaseOption(new Command("restore-definitions"))
    .option("--run <run>", "the run, by an ID's beginning; the newest one without it")
    .option("--json", "print one JSON document on standard output")
    .action((options: Options) => untilInterrupted((signal) => run(options, signal)));
}

async function run({ run, databaseUrl, json = false }: Options, signal: AbortSignal): Promise<void> {
  const onNotice = (text: string): void => void process.stderr.write(`${text}\n`);
  const database = await openDatabase(databaseUrl, { signal, onNotice, isReading: true });
  try {
    const restored = await restoreDefinitions(database.url, run);
    process.stdout.write(json ? `${JSON.stringify({ restored }, null, 2)}\n` : describe(restored));
    const failed = restored.filter(({ error }) => error !== undefined);
    if (failed.length === 0) return;
    throw new SeedBulkError("SB_CONSTRAINT_FAILED", `${failed.length} of ${restored.length} could not be put back`, {
      hint: "The rows that are there are in their way: `seed-bulk resume` loads the others, `seed-bulk cleanup` takes these out.",
    });
  } finally {
    await database.release();
  }
}

function describe(restored: readonly Restored[]): string {
  if (restored.length === 0) return "Nothing is missing.\n";
  const lines = restored.map(({ name, error }) =>
    escapeControls(error === undefined ? `done    ${name}` : `FAILED  ${name}: ${error}`),
  );
  return `${lines.join("\n")}\n`;
}
