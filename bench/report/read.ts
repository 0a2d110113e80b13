import { readFile } from "node:fs/promises";
import * as z from "zod";
import { SeedBulkError } from "../../src/errors.js";
import type { BenchReport } from "./report.js";

/** As much of an earlier report as a comparison relies on. */
const READ_OF_REPORT = z.looseObject({
  format: z.literal(1),
  machine: z.looseObject({ cpu: z.string(), cores: z.number(), node: z.string() }),
  postgres: z.looseObject({ version: z.string() }).nullable(),
  planHash: z.string(),
  workers: z.number(),
  metrics: z.array(
    z.looseObject({
      name: z.string(),
      scope: z.string(),
      unit: z.string(),
      summary: z.looseObject({ median: z.number().positive(), noise: z.number().nullable() }),
    }),
  ),
});

/**
 * Reads what `bench --json` wrote earlier.
 * @throws SeedBulkError SB_BENCH_FAILED where the file is missing or no such report
 */
export async function readReport(file: string): Promise<BenchReport> {
  const failed = (why: string, cause: unknown): SeedBulkError =>
    new SeedBulkError("SB_BENCH_FAILED", `the baseline ${file} ${why}`, {
      cause,
      hint: "A baseline is what `seed-bulk bench --json` or `--out` wrote.",
    });
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw failed(`cannot be read: ${(cause as Error).message}`, cause);
  }
  try {
    return READ_OF_REPORT.parse(JSON.parse(text)) as unknown as BenchReport;
  } catch (cause) {
    throw failed("is no report of a bench", cause);
  }
}
