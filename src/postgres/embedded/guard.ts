import { SeedBulkError } from "../../errors.js";
import { errnoOf } from "../../platform/files.js";

/**
 * Runs the body; what the file system refuses becomes an error that says which home it was about.
 * @throws SB_EMBEDDED_UNSUPPORTED on Windows
 * @throws SB_DISK_FULL, SB_EMBEDDED_FAILED for an error from the operating system
 */
export async function guarded<T>(home: string, body: () => Promise<T>): Promise<T> {
  if (process.platform === "win32") {
    // node-postgres reaches Unix sockets there by another name, and a server is not stopped by a signal.
    throw new SeedBulkError("SB_EMBEDDED_UNSUPPORTED", "the embedded Postgres does not run on Windows", {
      hint: "Pass --database-url to use a Postgres of your own.",
    });
  }
  try {
    return await body();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined || error instanceof SeedBulkError || !(error instanceof Error)) throw error;
    const isDiskFull = errno === "ENOSPC" || errno === "EDQUOT";
    throw new SeedBulkError(
      isDiskFull ? "SB_DISK_FULL" : "SB_EMBEDDED_FAILED",
      `the embedded Postgres of ${home}: ${error.message}`,
      {
        cause: error,
        hint: "Set SEED_BULK_HOME to another directory that you can write to, or pass --database-url.",
      },
    );
  }
}
