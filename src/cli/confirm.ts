import { createInterface } from "node:readline/promises";
import { SeedBulkError } from "../errors.js";
import { ownObjects } from "../ledger/objects.js";
import { hasLedger } from "../ledger/schema.js";
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
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new SeedBulkError("SB_CONFIRMATION_NEEDED", `--replace would drop ${what}: ${tables.join(", ")}`, {
      hint: "Add --yes to agree where nobody can be asked.",
    });
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`This drops ${what}. Go on? [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    prompt.close();
  }
  throw new SeedBulkError("SB_CONFIRMATION_NEEDED", "nothing was dropped and nothing loaded");
}
