import { existsSync, writeFileSync } from "node:fs";
import { SeedBulkError } from "../../errors.js";
import { introspectDatabase } from "../../introspect/introspect.js";
import type { IntrospectedModel } from "../../introspect/model-of.js";
import { modelFileText } from "../../introspect/write.js";
import { defineModel } from "../../model/file/read.js";
import { buildPlan } from "../../model/plan.js";
import { describeNotes, describeRefused, ROWS_USUAL } from "../commands/introspect.js";
import { scenarioOfModel } from "../options.js";
import type { Prompts } from "./prompts.js";

/** More rows in all are asked for on the command line, with what the guard asks for them. */
const ROWS_MAX = 2_000_000_000;

/** Tables of a database that were looked at, and how they are filled. */
export interface OwnTables {
  readonly plan: ReturnType<typeof buildPlan>;
  /** The model file, as `--model` takes it; it is not there yet. */
  readonly file: string;
  readonly text: string;
  readonly rows: number;
}

/**
 * Asks how many rows the tables of a database are to have, and works out how they are filled; nothing is written.
 * @throws SeedBulkError as `introspectDatabase`
 */
export async function askOwnTables(prompts: Prompts, url: string): Promise<OwnTables> {
  const rows = Number(
    (
      await prompts.text("Rows of all tables together", { initial: String(ROWS_USUAL), problem: rowsProblem })
    ).replaceAll(",", ""),
  );
  prompts.say("Reading the catalog, and trying rows of each table");
  const model = await introspectDatabase(url, { rows });
  tell(prompts, model);
  const plan = buildPlan(await scenarioOfModel(defineModel(model.declaration), { rows }));
  return { plan, file: freeFile(model.declaration.model), text: modelFileText(model), rows };
}

function rowsProblem(text: string): string | undefined {
  const rows = Number(text.replaceAll(",", ""));
  return Number.isInteger(rows) && rows >= 1 && rows <= ROWS_MAX
    ? undefined
    : "A whole number from 1 to 2,000,000,000.";
}

function tell(prompts: Prompts, model: IntrospectedModel): void {
  const lines = [...describeRefused(model), ...describeNotes(model)];
  if (lines.length > 0) prompts.warn(lines.join("\n"));
}

/** A model file's name that nothing in the working directory has. */
function freeFile(name: string): string {
  for (let i = 1; ; i++) {
    const file = `./${name}${i === 1 ? "" : `_${i}`}.model.yaml`;
    if (!existsSync(file)) return file;
  }
}

/** The arguments of `generate` that fill the tables. */
export function ownTablesArguments({ file, rows }: OwnTables, databaseUrl: string | undefined): string[] {
  return [
    "--model",
    file,
    "--rows",
    String(rows),
    ...(databaseUrl === undefined ? [] : ["--database-url", databaseUrl]),
  ];
}

/** Writes the model file. @throws SeedBulkError SB_FILE_EXISTS where there is one by now */
export function saveOwnTables({ file, text }: OwnTables): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    if ((cause as { code?: string }).code !== "EEXIST") throw cause;
    throw new SeedBulkError("SB_FILE_EXISTS", `there is a file ${file} by now; nothing was written`, { cause });
  }
}
