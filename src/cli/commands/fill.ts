import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { Command } from "commander";
import { plural } from "../../core/thousands.js";
import { SeedBulkError } from "../../errors.js";
import { introspectDatabase } from "../../introspect/introspect.js";
import { defineModel } from "../../model/file/read.js";
import { buildPlan } from "../../model/plan.js";
import { databaseOfDdl } from "../../postgres/ddl-script.js";
import { openDatabase, psqlLine, refuseBeforehand, runTarget, type SessionOptions, type Target } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { scenarioOfModel, wholeNumber } from "../options.js";
import { screenHere } from "../screen/index.js";
import { type LoadOptions, loadInto, withLoadOptions, withThreads } from "./generate.js";
import {
  catalogRequest,
  describeNotes,
  describeRefused,
  ROWS_USUAL,
  type TableOptions,
  withTableOptions,
} from "./introspect.js";

interface Options extends LoadOptions, TableOptions, SessionOptions {
  readonly databaseUrl?: string;
  readonly ddl?: string;
  readonly rows: number;
  readonly seed?: number;
  readonly strict?: boolean;
}

/** `seed-bulk fill`: introspects a database and fills its tables, with nothing written to disk. */
export function fillCommand(): Command {
  const command = new Command("fill");
  return withTableOptions(withLoadOptions(command))
    .option("--ddl <file>", "a script that makes tables, such as a dump: they are made in the embedded Postgres")
    .option("--rows <n>", "rows of all tables together", wholeNumber(1), ROWS_USUAL)
    .option("--seed <n>", "another seed than the usual one", wholeNumber(0))
    .option("--strict", "load nothing where a table cannot be filled")
    .action((options: Options) => untilInterrupted((signal) => run(options, signal)));
}

async function run(options: Options, signal: AbortSignal): Promise<void> {
  const { ddl, databaseUrl, rows, seed, strict = false } = options;
  if (ddl !== undefined && databaseUrl !== undefined) {
    throw new SeedBulkError("SB_USAGE", "expected --ddl or --database-url, not both", {
      hint: "A script's tables are made in the embedded Postgres.",
    });
  }
  const script = ddl === undefined ? undefined : await readScript(ddl);
  if (script === undefined) refuseBeforehand(options, { schema: "", rows });
  const screen = screenHere(options.verify);
  const notice = (text: string): void => screen.notice?.(text);
  const database = await targetOf(options, { script, signal, notice });
  try {
    const model = await introspectDatabase(database.url, {
      ...catalogRequest(options),
      rows,
      ...(options.set && { settings: options.set }),
    });
    for (const line of [...describeRefused(model), ...describeNotes(model)]) notice(line);
    if (strict && model.refused.length > 0) {
      throw new SeedBulkError("SB_REFUSED", `${plural(model.refused.length, "table")} cannot be filled`, {
        hint: "Nothing was loaded, as --strict asks. Without it, the others are.",
      });
    }
    const universe = await scenarioOfModel(defineModel(model.declaration), {
      rows,
      ...(seed !== undefined && { seed }),
    });
    const plan = buildPlan(universe);
    const target = runTarget(database, options);
    const { lookAt } = database;
    await withThreads({ universe, plan }, options, (threads) =>
      loadInto(options, { universe, plan, threads, target, signal, screen, lookAt }),
    );
  } finally {
    screen.close();
    await database.release();
  }
}

async function targetOf(
  { ddl, databaseUrl }: Options,
  {
    script,
    signal,
    notice,
  }: { readonly script: string | undefined; readonly signal: AbortSignal; readonly notice: (text: string) => void },
): Promise<Target> {
  if (script === undefined) return openDatabase(databaseUrl, { signal, onNotice: notice });
  const server = await openDatabase(undefined, { signal, onNotice: notice, isEmbedded: true });
  try {
    const name = basename(ddl!, extname(ddl!));
    const url = await databaseOfDdl(server.url, { name, script });
    return { ...server, url, lookAt: ["npx seed-bulk db start", psqlLine(url)] };
  } catch (error) {
    await server.release();
    throw error;
  }
}

async function readScript(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === "ENOENT" ? "no such file" : cause.message;
    throw new SeedBulkError("SB_USAGE", `cannot read ${file}: ${why}`, { cause });
  });
}
