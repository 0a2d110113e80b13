import { createInterface } from "node:readline/promises";
import { plural } from "../core/thousands.js";
import { heldTables, rowsOfTables } from "../engine/cleanup.js";
import { filledTables } from "../engine/run/fill-tables.js";
import { SeedBulkError } from "../errors.js";
import type { Entity } from "../model/entity.js";
import type { Plan } from "../model/plan.js";
import { close, connect, toldDatabase } from "../postgres/connection.js";
import type { Target } from "./database.js";

/** What is about to be loaded, and where. */
interface Asked {
  readonly database: Pick<Target, "url" | "embedded">;
  readonly plan: Plan;
  readonly yes: boolean;
}

/**
 * Asks before what earlier runs loaded is dropped; nothing is asked where there is nothing to drop.
 * @param only the tables that are made anew; all of the schema without it
 * @throws SeedBulkError SB_CONFIRMATION_NEEDED where nobody can be asked or the answer is no
 */
export async function confirmReplace(asked: Asked, only?: readonly string[]): Promise<void> {
  if (asked.yes) return;
  const held = await looking(asked, (client) => heldTables(client, asked.plan.scenario.schema));
  const tables = held.filter(({ table }) => only === undefined || only.includes(table));
  if (tables.length === 0) return;
  const rows = rowsOfTables(tables);
  const what = `${plural(tables.length, "table")}${rows === undefined ? "" : ` (about ${plural(rows, "row")})`} that earlier runs loaded`;
  await confirm(asked, { flag: "--replace", verb: "drop", what, tables: tables.map(({ table }) => table) });
}

/**
 * Asks before rows that are not ours go; nothing is asked where there are none.
 * @param entities those whose tables are to be emptied
 * @throws SeedBulkError SB_CONFIRMATION_NEEDED where nobody can be asked or the answer is no
 */
export async function confirmTruncate(asked: Asked, entities: readonly Entity[]): Promise<void> {
  if (asked.yes) return;
  const tables = await looking(asked, async (client) => {
    try {
      return await filledTables(client, asked.plan.scenario.schema, entities);
    } catch (error) {
      // What is not there is told by the load itself.
      if ((error as { code?: string }).code !== "42P01") throw error;
      return [];
    }
  });
  if (tables.length === 0) return;
  await confirm(asked, { flag: "--truncate", verb: "empty", what: plural(tables.length, "table"), tables });
}

async function looking<T>(
  { database }: Asked,
  look: (client: Awaited<ReturnType<typeof connect>>) => Promise<T>,
): Promise<T> {
  const client = await connect(database.url);
  try {
    return await look(client);
  } finally {
    await close(client);
  }
}

async function confirm(
  { database, plan }: Asked,
  {
    flag,
    verb,
    what,
    tables,
  }: {
    readonly flag: string;
    readonly verb: "drop" | "empty";
    readonly what: string;
    readonly tables: readonly string[];
  },
): Promise<void> {
  const where = `the schema "${plan.scenario.schema}" in ${toldDatabase(database)}`;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    const error = `${flag} would ${verb} ${what} in ${where}: ${tables.join(", ")}`;
    throw new SeedBulkError("SB_CONFIRMATION_NEEDED", error, {
      hint: "Add --yes to agree where nobody can be asked.",
    });
  }
  const [done, goes] = verb === "drop" ? ["dropped", "drops"] : ["emptied", "empties"];
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    process.stderr.write(`This fills ${where} with ${plural(plan.rows, "row")}.\nFirst it ${goes} ${what}.\n`);
    if (/^y(es)?$/i.test((await prompt.question("Go on? [y/N] ")).trim())) return;
  } finally {
    prompt.close();
  }
  throw new SeedBulkError("SB_CONFIRMATION_NEEDED", `nothing was ${done} and nothing loaded`);
}
