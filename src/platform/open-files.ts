import { SeedBulkError } from "../errors.js";

/** Below this not even one thread can load its code. */
const OPEN_FILES_MIN = 256;

/** What to do where the system allows a process too few open files. */
export const OPEN_FILES_HINT =
  "The system allows too few open files (ulimit -n): allow more, 4096 say, or choose fewer threads with --workers.";

/**
 * Refuses to begin where the system allows a process so few open files that nothing can come of it.
 * @throws SeedBulkError SB_OPEN_FILES
 */
export function requireOpenFiles(): void {
  // Otherwise each address of the machine would be looked up by name.
  const report = Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = report.getReport() as { readonly userLimits?: { readonly open_files?: { soft: unknown } } };
  const allowed = Number(userLimits?.open_files?.soft);
  if (!(allowed < OPEN_FILES_MIN)) return;
  throw new SeedBulkError("SB_OPEN_FILES", `the system allows a process ${allowed} open files, fewer than are needed`, {
    hint: OPEN_FILES_HINT,
  });
}

/** Whether something failed for want of open files: this process's, or all the system's. */
export function lacksOpenFiles({ message }: Error): boolean {
  return /\bE[MN]FILE\b/.test(message);
}
