import { plural } from "../core/thousands.js";
import type { RunReport } from "../engine/run/report.js";
import { failOnFault } from "../verify/fail-on-fault.js";
import type { VerificationReport } from "../verify/result.js";
import { formatSeconds, formatSummary, isVerbose, wantsColor } from "./screen/index.js";
import { formatVerification } from "./screen/verification.js";

/**
 * Prints a run's report as JSON, or as a summary with how to look at the data, and what was checked.
 * @throws SeedBulkError SB_VERIFICATION_FAILED where a check failed
 */
export function printRun(
  report: RunReport,
  verification: VerificationReport | undefined,
  { json, lookAt }: { readonly json: boolean; readonly lookAt: readonly string[] },
): void {
  if (json) {
    const document = verification === undefined ? report : { ...report, verification };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    const look = { columns: process.stdout.columns || 80, color: wantsColor(process.stdout, process.env) };
    process.stdout.write(
      `${formatSummary(report, { ...look, lookAt, checkSeconds: verification?.seconds, isVerbose: isVerbose() })}\n`,
    );
    if (verification?.ok) {
      const { checks, seconds, isProved } = verification;
      process.stdout.write(`\nVerified: ${plural(checks.length, "check")} in ${formatSeconds(seconds)}, all hold.\n`);
      if (isProved) process.stdout.write("Keys, references, NOT NULL and conditions: proved by Postgres itself.\n");
    } else if (verification) printVerification(verification);
  }
  if (verification) failOnFault(verification);
}

/**
 * Prints what checks found on standard output.
 * @param json the document to print in place of lines for people
 */
export function printVerification(report: VerificationReport, json?: object): void {
  if (json !== undefined) {
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
    return;
  }
  const look = { columns: process.stdout.columns || 80, color: wantsColor(process.stdout, process.env) };
  process.stdout.write(`${formatVerification(report, look)}\n`);
}
