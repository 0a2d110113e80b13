import type { JobStatus } from "../api/types.js";

/** How a status is shown. */
export interface StatusLook {
  readonly text: string;
  readonly tone: "quiet" | "busy" | "good" | "bad" | "warn";
}

const LOOKS: Readonly<Record<JobStatus["status"], StatusLook>> = {
  queued: { text: "waiting", tone: "quiet" },
  started: { text: "starting", tone: "busy" },
  generating: { text: "loading rows", tone: "busy" },
  finishing: { text: "finishing", tone: "busy" },
  verifying: { text: "checking", tone: "busy" },
  completed: { text: "completed", tone: "good" },
  failed: { text: "failed", tone: "bad" },
  cancelled: { text: "cancelled", tone: "warn" },
  interrupted: { text: "interrupted", tone: "warn" },
  rolled_back: { text: "rolled back", tone: "quiet" },
  replaced: { text: "replaced", tone: "quiet" },
  cleaned_up: { text: "cleaned up", tone: "quiet" },
};

/** A status in words, and its tone. */
export function lookOf(status: JobStatus["status"], dryRun: boolean): StatusLook {
  const look = LOOKS[status];
  return status === "generating" && dryRun ? { ...look, text: "making rows" } : look;
}

/** What a status means for whoever reads it, and what can be done. */
export function meaningOf({ status, kind, dryRun, canResume, position }: JobStatus): string {
  switch (status) {
    case "queued":
      return position === null ? "It waits for its turn." : `Jobs before it: ${position}.`;
    case "completed":
      if (kind === "export") return "All files are written.";
      return dryRun ? "All rows were made; none were written." : "All rows, keys and indexes are there.";
    case "failed":
    case "cancelled":
    case "interrupted":
      if (dryRun) return "A dry run writes nothing.";
      return canResume ? "What is committed is kept and can be resumed." : "Nothing of it can be resumed.";
    case "rolled_back":
    case "replaced":
    case "cleaned_up":
      return "Its tables are gone.";
    default:
      return "";
  }
}
