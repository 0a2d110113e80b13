import { type CleanupTable, heldTables } from "../../engine/cleanup.js";
import { guard } from "../../engine/guard/guard.js";
import { MAX_ROWS_DEFAULT } from "../../engine/guard/guard-request.js";
import type { Plan } from "../../model/plan.js";
import { close, connect } from "../../postgres/connection.js";
import { embeddedHome, embeddedStatus } from "../../postgres/embedded/index.js";
import { openDatabase, type Target } from "../database.js";
import { type DatabaseChoice, databaseOption } from "./choices.js";

/**
 * Opens the chosen database to look into it, or gives undefined for an embedded one that was never made: looking must
 * not make it.
 */
export async function openToLook(
  choice: DatabaseChoice,
  options: { readonly signal: AbortSignal; readonly onNotice: (text: string) => void },
): Promise<Target | undefined> {
  if (choice.kind === "embedded") {
    const { dataDir } = await embeddedStatus(embeddedHome(process.env, process.cwd()));
    if (dataDir === null) return undefined;
  }
  return openDatabase(databaseOption(choice, process.env), options);
}

/**
 * The tables in the plan's schema that a run with --replace drops. Writes nothing.
 * @throws SeedBulkError SB_REFUSED where the guard would refuse the run
 */
export async function tablesToDrop({ url, embedded }: Target, plan: Plan): Promise<CleanupTable[]> {
  const { schema } = plan.scenario;
  const client = await connect(url, "wizard");
  try {
    const tables = await heldTables(client, schema);
    const replace = tables.length > 0;
    const safety = { adoptSchema: false, maxRows: MAX_ROWS_DEFAULT, env: process.env };
    await guard(client, { url, embedded, schema, plan, replace, ...safety });
    return tables;
  } finally {
    await close(client);
  }
}
