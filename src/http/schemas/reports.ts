import * as z from "zod";
import { latency } from "./jobs.js";

const numbers = z.record(z.string(), z.number());

const verificationCheck = z.object({
  name: z.string(),
  kind: z.string(),
  entity: z.string().nullable(),
  ok: z.boolean(),
  found: z.string(),
  expected: z.string(),
  rowsChecked: z.number(),
  seconds: z.number(),
  offending: z.array(z.record(z.string(), z.string().nullable())),
  cells: z
    .array(z.object({ label: z.string(), observed: z.number(), expected: z.number() }))
    .optional()
    .describe("counts by value, month, weekday, hour or rank, for a plot; where the check compares such"),
});

/** GET verify. */
export const VerifyAnswer = z
  .object({
    jobId: z.string(),
    status: z.enum(["running", "done", "failed"]),
    checksDone: z.number(),
    error: z.object({ code: z.string(), detail: z.string(), hint: z.string().nullable() }).nullable(),
    report: z
      .object({
        ok: z.boolean(),
        scenario: z.string(),
        model: z.string(),
        schema: z.string(),
        planHash: z.string(),
        seconds: z.number(),
        rowsChecked: z.number(),
        checks: z.array(verificationCheck),
      })
      .nullable(),
  })
  .meta({ id: "Verification" });

/** GET report. */
export const ReportAnswer = z
  .object({
    source: z.enum(["run", "ledger"]).describe("measured by this process, or worked out from what the ledger kept"),
    runId: z.string(),
    scenario: z.string(),
    model: z.string(),
    seed: z.number(),
    scale: z.number(),
    planHash: z.string(),
    sink: z.string(),
    schema: z.string(),
    workers: z.number(),
    rows: z.number(),
    bytes: z.number(),
    seconds: z.number(),
    rowsPerSecond: z.number(),
    phases: numbers.describe("seconds a phase, in their order"),
    latencies: z.object({ chunkMs: latency.nullable(), shardMs: latency }),
    retries: z.number(),
    peakMemoryBytes: z.number().nullable(),
    entities: z.array(
      z.object({
        entity: z.string(),
        table: z.string(),
        rows: z.number(),
        bytes: z.number(),
        seconds: z.number(),
        digest: z.string().optional(),
      }),
    ),
  })
  .meta({ id: "RunReport" });
