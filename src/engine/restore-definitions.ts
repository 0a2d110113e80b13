import { releaseLease, takeLease } from "../ledger/lease.js";
import { findRun } from "../ledger/runs.js";
import { ensureLedger } from "../ledger/schema.js";
import { recordStep } from "../ledger/steps.js";
import { close, connect, inTransaction } from "../postgres/connection.js";
import { owedSteps } from "./run/empty-filled.js";

/** What became of one thing that a run had taken off. */
export interface Restored {
  readonly name: string;
  /** What keeps it from being put back; undefined where it is there again. */
  readonly error?: string;
}

/**
 * Puts back what a run has taken off tables that were there before it, as far as their rows allow it, and loads nothing.
 * @param runId an ID's beginning is enough; the newest run without it
 * @throws SeedBulkError SB_RUN_NOT_FOUND, SB_RUN_BUSY
 */
export async function restoreDefinitions(url: string, runId?: string): Promise<Restored[]> {
  const client = await connect(url, "restorer");
  try {
    const run = await findRun(client, runId);
    const lease = await inTransaction(client, async () => {
      await ensureLedger(client);
      return takeLease(client, run.schema);
    });
    const restored: Restored[] = [];
    for (const step of await owedSteps(client, run.runId)) {
      const began = performance.now();
      try {
        await inTransaction(client, async () => {
          await client.query(step.sql);
          await recordStep(client, { runId: run.runId, lease }, step, (performance.now() - began) / 1000);
        });
        restored.push({ name: step.name });
      } catch (error) {
        restored.push({ name: step.name, error: (error as Error).message });
      }
    }
    await inTransaction(client, () => releaseLease(client, lease));
    return restored;
  } finally {
    await close(client);
  }
}
