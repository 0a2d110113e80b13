import { SeedBulkError } from "../../errors.js";
import { type Lease, requireLease } from "../../ledger/lease.js";
import { ownObjects } from "../../ledger/objects.js";
import { setRunState } from "../../ledger/runs.js";
import { close, connect, cut, inTransaction } from "../../postgres/connection.js";
import { toldError } from "../../postgres/sqlstate.js";
import { dropObjects } from "./drop-objects.js";
import { emptyFilled } from "./empty-filled.js";
import type { GenerateOptions } from "./options.js";

/** How long noting a failure may take; undoing one has no limit. */
const NOTE_MS_MAX = 5000;

/**
 * Notes why a run stopped, or undoes it; where the server is gone too, the ledger keeps what it has. Whoever has lost
 * the lease writes nothing: the run is another process's by now.
 */
export async function recordFailure(
  url: string,
  { runId, lease }: { readonly runId: string; readonly lease: Lease },
  { onFailure, observer }: GenerateOptions,
  error: unknown,
): Promise<void> {
  if (error instanceof SeedBulkError && error.code === "SB_LEASE_LOST") return;
  const told = toldError(error);
  const message = told instanceof SeedBulkError ? `${told.code}: ${told.message}` : String(told);
  try {
    const client = await connect(url, "coordinator", NOTE_MS_MAX / 1000);
    const timer = setTimeout(() => onFailure !== "rollback" && cut(client), NOTE_MS_MAX);
    try {
      await inTransaction(client, async () => {
        await requireLease(client, lease);
        if (onFailure === "rollback") {
          await emptyFilled(client, runId);
          await dropObjects(client, await ownObjects(client, { runId }));
          await setRunState(client, runId, "rolled back", message);
        } else {
          await client.query(
            "UPDATE seed_bulk.runs SET last_error = $2, updated_at = clock_timestamp() WHERE run_id = $1",
            [runId, message],
          );
        }
      });
    } finally {
      clearTimeout(timer);
      await close(client);
    }
  } catch (cause) {
    observer?.notice?.(`the ledger could not be told: ${(cause as Error).message}`);
  }
}
