import { Command, Option } from "commander";
import { close, connect } from "../../postgres/connection.js";
import { readSwitch, type Switch, writeSwitch } from "../../postgres/switch.js";
import { openDatabase, withDatabaseOption } from "../database.js";
import { untilInterrupted } from "../interrupt.js";

interface Options {
  readonly enable?: boolean;
  readonly disable?: boolean;
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** `seed-bulk toggle`. */
export function toggleCommand(): Command {
  return withDatabaseOption(new Command("toggle"))
    .addOption(new Option("--enable", "let it be filled").conflicts("disable"))
    .addOption(new Option("--disable", "refuse every load from now on"))
    .option("--json", "print one JSON document on standard output")
    .action(run);
}

async function run(options: Options): Promise<void> {
  await untilInterrupted(async (signal) => {
    const onNotice = (text: string): void => void process.stderr.write(`${text}\n`);
    const database = await openDatabase(options.databaseUrl, { signal, onNotice });
    try {
      const state = await toggle(database.url, options);
      process.stdout.write(options.json ? toJson(state) : format(state));
    } finally {
      await database.release();
    }
  });
}

async function toggle(url: string, { enable, disable }: Options): Promise<Switch | null> {
  const client = await connect(url, "toggle");
  try {
    return enable || disable ? await writeSwitch(client, enable === true) : await readSwitch(client);
  } finally {
    await close(client);
  }
}

function format(state: Switch | null): string {
  if (state === null) return "Enabled: nobody has ever switched this database off.\n";
  const { enabled, changedBy, changedAt } = state;
  return `${enabled ? "Enabled" : "Disabled"} by ${changedBy} at ${changedAt.toISOString()}.\n`;
}

function toJson(state: Switch | null): string {
  return `${JSON.stringify({ changedAt: null, changedBy: null, enabled: true, ...state }, null, 2)}\n`;
}
