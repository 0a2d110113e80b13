import type { JobStatus } from "../api/types.js";
import { lookOf } from "../text/statuses.js";

/** A job's status as a word with its tone. */
export function StatusBadge({ status, dryRun }: { status: JobStatus["status"]; dryRun: boolean }) {
  const { text, tone } = lookOf(status, dryRun);
  return <span class={`badge ${tone}`}>{text}</span>;
}
