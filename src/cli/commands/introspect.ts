import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { withThousands } from "../../core/thousands.js";
import { SeedBulkError } from "../../errors.js";
import { type IntrospectRequest, introspectDatabase } from "../../introspect/introspect.js";
import type { IntrospectedModel } from "../../introspect/model-of.js";
import { type UpdatedFile, updateModelFile } from "../../introspect/update.js";
import { modelFileText } from "../../introspect/write.js";
import { openDatabase, type SessionOptions, withDatabaseOption, withSessionOption } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { nameList, wholeNumber } from "../options.js";

/** Which tables of a database are meant. */
export interface TableOptions {
  readonly schemas?: string[];
  readonly tables?: string[];
  readonly exclude?: string[];
  readonly append?: string[];
}

interface Options extends TableOptions, SessionOptions {
  readonly databaseUrl?: string;
  readonly out?: string;
  readonly name?: string;
  readonly rows: number;
  readonly force?: boolean;
  readonly update?: boolean;
}

/** How many rows a model has in all, where nobody says another number. */
export const ROWS_USUAL = 100_000;

/** Adds the options that choose among a database's tables. */
export function withTableOptions(command: Command): Command {
  return command
    .option(
      "--schema, --schemas <patterns>",
      "only tables of these schemas, with commas between them; * and ? stand for letters",
      nameList,
    )
    .option("--tables <patterns>", "only these tables, by name or schema.name", nameList)
    .option("--exclude <patterns>", "not these tables", nameList)
    .option("--append <patterns>", "of tables that hold rows, add some to these; the others keep theirs", nameList);
}

/** The request that the options stand for. */
export function catalogRequest({ schemas, tables, exclude, append }: TableOptions): Omit<IntrospectRequest, "rows"> {
  return {
    ...(schemas && { schemas }),
    ...(tables && { tables }),
    ...(exclude && { exclude }),
    ...(append && { append }),
  };
}

/** `seed-bulk introspect`: a model file of a database's tables. */
export function introspectCommand(): Command {
  const command = new Command("introspect");
  return withTableOptions(withSessionOption(withDatabaseOption(command)))
    .option("-o, --out <file>", "the model file to write; standard output without it")
    .option("--name <name>", "what the model is called; the database's name without it")
    .option("--rows <n>", "rows of all tables together", wholeNumber(1), ROWS_USUAL)
    .option("--update", "add what is new to the file of --out, and leave what is in it")
    .option("--force", "write over a file that is there")
    .action((options: Options) => untilInterrupted((signal) => run(options, signal)));
}

async function run(options: Options, signal: AbortSignal): Promise<void> {
  const { out, force = false, update = false, databaseUrl, name, rows, set } = options;
  const file = out === undefined ? undefined : resolve(out);
  if (update && (file === undefined || !existsSync(file))) {
    throw new SeedBulkError("SB_USAGE", "--update needs --out with a model file that is there", {
      hint: "Nothing was written. Without --update a new one is.",
    });
  }
  if (file !== undefined && existsSync(file) && !force && !update) {
    throw new SeedBulkError("SB_FILE_EXISTS", `${out} is there already`, {
      hint: "Nothing was written. --update adds to it what is new, --force writes over it.",
    });
  }
  const notice = (text: string): void => void process.stderr.write(`${text}\n`);
  const database = await openDatabase(databaseUrl, { signal, onNotice: notice });
  try {
    const model = await introspectDatabase(database.url, {
      ...catalogRequest(options),
      rows,
      ...(name && { name }),
      ...(set && { settings: set }),
    });
    if (update && file !== undefined) {
      const updated = updateModelFile(readFileSync(file, "utf8"), model);
      if (updated.added.length > 0) writeFileSync(file, updated.text);
      notice(describeUpdate(updated, model));
      return;
    }
    const text = modelFileText(model);
    if (file === undefined) process.stdout.write(text);
    else writeFileSync(file, text);
    notice(describe(model, out));
  } finally {
    await database.release();
  }
}

function describeUpdate({ added, gone }: UpdatedFile, model: IntrospectedModel): string {
  const lines = [
    ...(added.length === 0 ? ["Nothing is new."] : ["New:", ...added.map((name) => `  ${name}`)]),
    ...(gone.length === 0
      ? []
      : ["In the file, and not in the database any more:", ...gone.map((name) => `  ${name}`)]),
    ...describeRefused(model),
    ...describeNotes(model),
  ];
  return lines.join("\n");
}

function describe(model: IntrospectedModel, out: string | undefined): string {
  const count = Object.keys(model.declaration.tables).length;
  const lines = [`${withThousands(count)} ${count === 1 ? "table" : "tables"}${out === undefined ? "" : ` in ${out}`}`];
  lines.push(...describeRefused(model), ...describeNotes(model, out));
  if (out !== undefined) {
    lines.push(
      "Next:",
      `  npx seed-bulk plan --model ${out}`,
      `  npx seed-bulk --model ${out} --database-url URL --rows N`,
    );
  }
  return lines.join("\n");
}

/** More notes than these stand in the file alone. */
const NOTES_SHOWN = 10;

/** What whoever fills the tables should know. */
export function describeNotes({ notes }: Pick<IntrospectedModel, "notes">, out?: string): string[] {
  if (notes.length === 0) return [];
  const more = notes.length - NOTES_SHOWN;
  const where = out === undefined ? "" : `, in ${out}`;
  return [
    "To know; triggers are off while rows are loaded, and --triggers on has them fire:",
    ...notes.slice(0, NOTES_SHOWN).map((note) => `  ${note.replace(/\s+/g, " ")}`),
    ...(more > 0 ? [`  and ${more} more${where}`] : []),
  ];
}

/** What of the database is left out, a line for each table. */
export function describeRefused({ refused }: Pick<IntrospectedModel, "refused">): string[] {
  if (refused.length === 0) return [];
  return [
    `${refused.length} left out, since nothing is known that fills them:`,
    ...refused.map(({ schema, table, reason }) => `  ${schema}.${table}: ${reason}`),
  ];
}
