import { type ErrorCode, SeedBulkError } from "../errors.js";
import { type Lease, requireLease } from "../ledger/lease.js";
import { setRunState } from "../ledger/runs.js";
import { inTransaction } from "../postgres/connection.js";
import { together } from "./together.js";

/** Faults of the data, the plan or the tables: whoever tries again, on whatever machine, meets them again. */
const FINAL_FAULTS: ReadonlySet<ErrorCode> = new Set([
  "SB_COPY_REJECTED",
  "SB_CONSTRAINT_FAILED",
  "SB_VALUE_INVALID",
  "SB_TABLE_MISSING",
  "SB_LOAD_INCOMPLETE",
]);

/** Whether a fault stops a run, for all who work on it. */
export function isFinalFault(error: unknown): boolean {
  return error instanceof SeedBulkError && FINAL_FAULTS.has(error.code);
}

/** The error of whoever works on a run that cannot go on; its exit code tells schedulers not to try again. */
export function runStopped(runId: string, lastError: string | null): SeedBulkError {
  const why = lastError === null ? "another worker met a fault that cannot pass" : lastError;
  return new SeedBulkError("SB_RUN_STOPPED", `run ${runId} has stopped: ${why}`, {
    hint: `Mend the cause, then \`seed-bulk resume ${runId}\`, or with --workers 0 to let workers go on.`,
  });
}

/** Stops a run: all others that work on it leave. */
export async function stopRun(
  url: string,
  { runId, lease }: { readonly runId: string; readonly lease: Lease },
  error: unknown,
): Promise<void> {
  const { code, message } = error as SeedBulkError;
  await together(url, (client) =>
    inTransaction(client, async () => {
      await requireLease(client, lease);
      await setRunState(client, runId, "stopped", `${code}: ${message}`);
    }),
  );
}
