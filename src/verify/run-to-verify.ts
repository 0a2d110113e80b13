import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import { findRun, GONE_STATES, type LedgerRun, listRuns, withPlan } from "../ledger/runs.js";
import { close, connect } from "../postgres/connection.js";

/**
 * The run that is to be verified.
 * @param runId its ID or the beginning of it; the newest finished one without it
 * @throws SeedBulkError SB_RUN_NOT_FOUND, also where its tables are gone
 */
export async function runToVerify(url: string, runId: string | undefined): Promise<LedgerRun> {
  const client = await connect(url, "verify");
  try {
    const found = runId === undefined ? await newestFinishedRun(client) : await findRun(client, runId);
    if (!GONE_STATES.has(found.state)) return found;
    throw new SeedBulkError("SB_RUN_NOT_FOUND", `run ${found.runId} is ${found.state}: its tables are gone`, {
      hint: "`seed-bulk status` lists the runs there are.",
    });
  } finally {
    await close(client);
  }
}

async function newestFinishedRun(client: pg.Client): Promise<LedgerRun> {
  const runs = await listRuns(client);
  const found = runs.find(({ state }) => state === "done");
  if (found) return withPlan(client, found);
  throw new SeedBulkError("SB_RUN_NOT_FOUND", "the database has no finished run", {
    hint: "`seed-bulk status` lists the runs there are; `seed-bulk resume` finishes one.",
  });
}
