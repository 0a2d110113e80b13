import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SeedBulkError } from "../../src/errors.js";
import { errnoOf, makeDirectory } from "../../src/platform/files.js";
import type { Comparison } from "../comparison.js";
import { htmlReport } from "./html.js";
import type { BenchReport } from "./report.js";

/** Writes the HTML report to a file, whose directory is made where it is missing. */
export async function writeHtml(file: string, report: BenchReport, comparison: Comparison | undefined): Promise<void> {
  await written(file, async () => {
    makeDirectory(dirname(file));
    await writeFile(file, htmlReport(report, comparison));
  });
}

/**
 * Writes a report as JSON and HTML under a name of its own.
 * @returns the files written
 */
export async function writeInto(
  folder: string,
  report: BenchReport,
  comparison: Comparison | undefined,
): Promise<string[]> {
  const path = join(folder, reportName(report));
  await written(folder, async () => {
    makeDirectory(folder);
    await writeFile(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`);
  });
  await writeHtml(`${path}.html`, report, comparison);
  return [`${path}.json`, `${path}.html`];
}

/** @throws SeedBulkError SB_DISK_FULL, SB_BENCH_FAILED for what the file system refuses */
async function written(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === undefined) throw cause;
    const code = errno === "ENOSPC" || errno === "EDQUOT" ? "SB_DISK_FULL" : "SB_BENCH_FAILED";
    throw new SeedBulkError(code, `cannot write ${path}: ${(cause as Error).message}`, {
      cause,
      hint: "Name another place that you can write to.",
    });
  }
}

/** `2026-01-31T02-00-00-load_test-1a2b3c4d`: sorts by date, and is a file's name everywhere. */
export function reportName({ date, scenario, commit }: BenchReport): string {
  const when = date.slice(0, 19).replaceAll(":", "-");
  return [when, scenario.replace(/[^\w.-]+/g, "_"), ...(commit ? [commit.hash.slice(0, 8)] : [])].join("-");
}
