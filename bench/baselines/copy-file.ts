import type { CopyFilesTask, ReadyFile, TaskResult } from "../tasks.js";
import { runThreads } from "./threads.js";

/** What a thread that copies files is told. */
export interface CopyThreadData {
  readonly url: string;
  readonly files: readonly ReadyFile[];
  /** Int32: the next file that nobody has taken. */
  readonly next: SharedArrayBuffer;
}

/**
 * Streams ready files into COPY over several connections: what the engine could reach if making rows cost nothing.
 * The files are those of the engine's shards, one COPY and one transaction each, without a ledger or hashes.
 */
export async function copyFiles({ url, connections, files }: CopyFilesTask): Promise<TaskResult> {
  const next = new SharedArrayBuffer(4);
  const seconds = await runThreads(
    "baselines/copy-thread",
    Array.from({ length: connections }, (): CopyThreadData => ({ url, files, next })),
  );
  return {
    seconds,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
