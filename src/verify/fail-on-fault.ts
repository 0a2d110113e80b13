import { SeedBulkError } from "../errors.js";
import type { VerificationReport } from "./result.js";

/** Checks that an error names. */
const NAMED_MAX = 5;

/** @throws SeedBulkError SB_VERIFICATION_FAILED where a check failed */
export function failOnFault(report: VerificationReport): void {
  const failed = report.checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return;
  const named = failed.slice(0, NAMED_MAX).map(({ name }) => name);
  const more = failed.length > NAMED_MAX ? `; and ${failed.length - NAMED_MAX} more` : "";
  throw new SeedBulkError(
    "SB_VERIFICATION_FAILED",
    `${failed.length} of ${report.checks.length} checks failed in the schema "${report.schema}": ${named.join("; ")}${more}`,
    { hint: "Load it again with --replace; where that fails too, the model and its checks disagree." },
  );
}
