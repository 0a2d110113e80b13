import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { ownObjects } from "../../ledger/objects.js";
import { setRunState } from "../../ledger/runs.js";
import { cut, inTransaction } from "../../postgres/connection.js";
import { dropObjects } from "./drop-objects.js";
import type { GenerateOptions } from "./options.js";

/** How long noting a failure may take; undoing one has no limit. */
const NOTE_MS_MAX = 5000;

/** Notes why a run stopped, or undoes it; where the connection is gone too, the ledger keeps what it has. */
export async function recordFailure(
  client: pg.Client,
  runId: string,
  options: GenerateOptions,
  error: unknown,
): Promise<void> {
  const message = error instanceof SeedBulkError ? `${error.code}: ${error.message}` : String(error);
  const timer = setTimeout(() => options.onFailure !== "rollback" && cut(client), NOTE_MS_MAX);
  try {
    if (options.onFailure === "rollback") {
      await inTransaction(client, async () => {
        await dropObjects(client, await ownObjects(client, { runId }));
        await setRunState(client, runId, "rolled back", message);
      });
    } else {
      await client.query(
        "UPDATE seed_bulk.runs SET last_error = $2, updated_at = clock_timestamp() WHERE run_id = $1",
        [runId, message],
      );
    }
  } catch (cause) {
    options.observer?.notice?.(`the ledger could not be told: ${(cause as Error).message}`);
  } finally {
    clearTimeout(timer);
  }
}
