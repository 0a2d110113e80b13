import { SeedBulkError } from "../errors.js";
import { Encoders, type EncodersOptions } from "./encoders.js";
import { inOrder } from "./in-order.js";
import { filePieces } from "./jobs.js";
import { plannedFiles } from "./layout.js";
import { openOutput } from "./stream-output.js";

/** What went out. */
export interface StreamReport {
  readonly rows: number;
  readonly bytes: number;
  /** False where the reader closed the pipe before the end. */
  readonly complete: boolean;
}

/**
 * Writes one entity, or a whole script, to a file descriptor; a reader that goes away ends it, and the report says so.
 * @throws SeedBulkError SB_USAGE, SB_INTERRUPTED, and what encoding and writing throw
 */
export async function exportStream(options: EncodersOptions, descriptor: number): Promise<StreamReport> {
  const { plan, format, signal } = options;
  if (format === "parquet") {
    throw new SeedBulkError("SB_USAGE", "Parquet is not written to standard output", {
      hint: "Name a directory with --out.",
    });
  }
  const files = plannedFiles(plan, { ...options, rowsPerFile: null });
  if (files.length !== 1) {
    throw new SeedBulkError("SB_USAGE", `--out - takes one entity, and there are ${files.length}`, {
      hint: "Name it with --only, or choose --format sql, which is one script.",
    });
  }
  const encoders = new Encoders(options);
  const output = openOutput(descriptor, signal);
  let bytes = 0;
  try {
    await inOrder(
      filePieces(files[0], options),
      encoders.window,
      (piece) => (piece.kind === "text" ? encoders.text(piece.text) : encoders.rows(piece)),
      async (_piece, encoded) => {
        await output.write(encoded.bytes);
        bytes += encoded.bytes.length;
        encoded.release();
      },
    );
    return { rows: plan.rows, bytes, complete: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EPIPE") return { rows: plan.rows, bytes, complete: false };
    // Nothing can be gone on with here, whatever the hint for files says.
    throw signal?.aborted ? new SeedBulkError("SB_INTERRUPTED", "stopped while exporting to standard output") : error;
  } finally {
    await encoders.close();
  }
}
