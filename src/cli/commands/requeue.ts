import { Command } from "commander";
import { requeueRun } from "../../fleet/requeue.js";
import { openDatabase, withDatabaseOption } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { formatCount } from "../screen/index.js";

interface Options {
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** `seed-bulk requeue`. */
export function requeueCommand(): Command {
  const command = new Command("requeue").argument(
    "[run]",
    "a run's ID or its beginning; the last unfinished run without it",
  );
  return withDatabaseOption(command)
    .option("--json", "print one JSON document on standard output")
    .action((runId: string | undefined, options: Options) => run(runId, options));
}

async function run(runId: string | undefined, options: Options): Promise<void> {
  await untilInterrupted(async (signal) => {
    const onNotice = (text: string): boolean => process.stderr.write(`${text}\n`);
    const database = await openDatabase(options.databaseUrl, { signal, onNotice, isReading: true });
    try {
      const requeued = await requeueRun(database.url, { runId, onNotice });
      const { slices } = requeued;
      const text = `Run ${requeued.runId}: ${formatCount(slices)} ${slices === 1 ? "slice waits" : "slices wait"} in the queue.\n`;
      process.stdout.write(options.json ? `${JSON.stringify(requeued)}\n` : text);
    } finally {
      await database.release();
    }
  });
}
