import { SeedBulkError } from "../errors.js";

const FULL = new Set(["ENOSPC", "EDQUOT"]);

/** What a file system says, as an error of ours. */
export function fileError(path: string, cause: unknown): SeedBulkError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const text = `cannot write ${path}: ${message}`;
  if (code !== undefined && FULL.has(code)) {
    return new SeedBulkError("SB_DISK_FULL", text, {
      cause,
      hint: "Free some space, then run the same command again: it goes on where it stopped.",
    });
  }
  return new SeedBulkError("SB_EXPORT_FAILED", text, {
    cause,
    hint: "Once that is mended, run the same command again: it goes on where it stopped.",
  });
}

/** Runs work on a file; what the file system refuses is told as that, all else passes. */
export async function onFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw typeof (cause as NodeJS.ErrnoException).errno === "number" ? fileError(path, cause) : cause;
  }
}
