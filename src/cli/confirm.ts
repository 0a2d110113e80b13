import { createInterface } from "node:readline/promises";
import { filledTables } from "../engine/run/fill-tables.js";
import { SeedBulkError } from "../errors.js";
import { ownObjects } from "../ledger/objects.js";
import { hasLedger } from "../ledger/schema.js";
import type { Entity } from "../model/entity.js";
import { connect } from "../postgres/connection.js";

/**
 * Asks before what earlier runs loaded is dropped; nothing is asked where there is nothing to drop.
 * @param only the tables that are made anew; all of the schema without it
 * @throws SeedBulkError SB_CONFIRMATION_NEEDED where nobody can be asked or the answer is no
 */
export async function confirmReplace(
  url: string,
  { schema, only, yes }: { readonly schema: string; readonly only?: readonly string[]; readonly yes: boolean },
): Promise<void> {
  if (yes) return;
  const client = await connect(url);
  let tables: string[] = [];
  try {
    if (await hasLedger(client)) {
      tables = (await ownObjects(client, { schema }))
        .filter(({ kind, name }) => kind === "table" && (only === undefined || only.includes(name)))
        .map(({ name }) => name);
    }
  } finally {
    await client.end();
  }
  if (tables.length === 0) return;
  const what = `${tables.length} tables of the schema "${schema}" that earlier runs loaded`;
  await confirm({ flag: "--replace", verb: "drop", done: "dropped", what, tables });
}

/**
 * Asks before rows that are not ours go; nothing is asked where there are none.
 * @param entities those whose tables are to be emptied
 * @throws SeedBulkError SB_CONFIRMATION_NEEDED where nobody can be asked or the answer is no
 */
export async function confirmTruncate(
  url: string,
  { schema, entities, yes }: { readonly schema: string; readonly entities: readonly Entity[]; readonly yes: boolean },
): Promise<void> {
  if (yes) return;
  const client = await connect(url);
  let tables: string[] = [];
  try {
    tables = await filledTables(client, schema, entities);
  } catch (error) {
    // What is not there is told by the load itself.
    if ((error as { code?: string }).code !== "42P01") throw error;
  } finally {
    await client.end();
  }
  if (tables.length === 0) return;
  await confirm({ flag: "--truncate", verb: "empty", done: "emptied", what: `${tables.length} tables`, tables });
}

async function confirm(asked: {
  readonly flag: string;
  readonly verb: string;
  readonly done: string;
  readonly what: string;
  readonly tables: readonly string[];
}): Promise<void> {
  const { flag, verb, done, what, tables } = asked;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new SeedBulkError("SB_CONFIRMATION_NEEDED", `${flag} would ${verb} ${what}: ${tables.join(", ")}`, {
      hint: "Add --yes to agree where nobody can be asked.",
    });
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`This ${verb === "empty" ? "empties" : `${verb}s`} ${what}. Go on? [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    prompt.close();
  }
  throw new SeedBulkError("SB_CONFIRMATION_NEEDED", `nothing was ${done} and nothing loaded`);
}
