import * as z from "zod";

/** Where a job stands. */
export const JobStatusName = z
  .enum([
    "queued",
    "started",
    "generating",
    "finishing",
    "verifying",
    "completed",
    "failed",
    "cancelled",
    "interrupted",
    "rolled_back",
    "replaced",
    "cleaned_up",
  ])
  .meta({ id: "JobStatusName" });
export type JobStatusName = z.infer<typeof JobStatusName>;

/** A distribution of latencies, in milliseconds. */
export const latency = z.object({ count: z.number(), p50: z.number(), p99: z.number(), max: z.number() });
const latencies = z.object({ chunkMs: latency, shardMs: latency }).meta({ id: "Latencies" });
export type Latencies = z.infer<typeof latencies>;

/** How far a job is. */
export const JobProgress = z
  .object({
    currentEntity: z.string().nullable().describe("the entity being made; the one with most left, where several are"),
    progressPercent: z.number().describe("of the whole run, keys, indexes and checks included, 0 to 100"),
    throughput: z.number().describe("rows a second, of the last three seconds"),
    recordsGenerated: z.record(z.string(), z.number()).describe("rows made, by entity"),
    rows: z.number(),
    rowsTotal: z.number(),
    secondsLeft: z.number().nullable(),
    entities: z.array(
      z.object({
        entity: z.string(),
        rows: z.number(),
        rowsTotal: z.number(),
        throughput: z.number().nullable(),
        state: z.enum(["waiting", "active", "done"]),
      }),
    ),
  })
  .meta({ id: "JobProgress" });
export type JobProgress = z.infer<typeof JobProgress>;

/** A phase of a job: schema, load, indexes, …, verify. */
export const JobPhase = z
  .object({ phase: z.string(), state: z.enum(["running", "done"]), seconds: z.number().nullable() })
  .meta({ id: "JobPhase" });
export type JobPhase = z.infer<typeof JobPhase>;

/** What a job is and how far: GET status, and the `snapshot` of the events. */
export const JobStatus = z
  .object({
    jobId: z.string(),
    kind: z.enum(["generate", "resume", "export"]),
    status: JobStatusName,
    scenario: z.string().describe("model/name"),
    schema: z.string(),
    seed: z.number(),
    dryRun: z.boolean(),
    planHash: z.string(),
    position: z.number().nullable().describe("how many jobs are before it in the queue; null unless it waits"),
    isHere: z.boolean().describe("whether this server process works on it, or has; events need that"),
    canCancel: z.boolean(),
    canResume: z.boolean(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    progress: JobProgress,
    phases: z.array(JobPhase),
    latencies: latencies.nullable(),
    notices: z.array(z.string()).describe("the last few"),
    error: z
      .object({ code: z.string(), detail: z.string(), hint: z.string().nullable() })
      .nullable()
      .describe("why it stopped"),
    verification: z
      .object({ ok: z.boolean(), checks: z.number(), failed: z.number() })
      .nullable()
      .describe("what the checks came to, where they have been made"),
    export: z
      .object({ dir: z.string(), format: z.string(), rows: z.number(), bytes: z.number(), files: z.number() })
      .nullable()
      .describe("what an export has written; `dir` is under the server's home"),
    workers: z
      .array(
        z.object({
          host: z.string(),
          pid: z.number(),
          threads: z.number(),
          toldBy: z.string().describe("who says what it makes: `part 3 of 16`, `queue`"),
          doing: z.string(),
          rows: z.number().describe("made by this process"),
          rowsPerSecond: z.number(),
          secondsSinceSeen: z.number(),
        }),
      )
      .describe("processes of `seed-bulk work` that share the run, on any machine"),
  })
  .meta({ id: "JobStatus" });
export type JobStatus = z.infer<typeof JobStatus>;

/** A job in the list of jobs. */
export const JobSummary = JobStatus.pick({
  jobId: true,
  kind: true,
  status: true,
  scenario: true,
  schema: true,
  seed: true,
  dryRun: true,
  planHash: true,
  isHere: true,
  canCancel: true,
  canResume: true,
  startedAt: true,
  finishedAt: true,
  error: true,
  verification: true,
})
  .extend({
    rows: z.number().nullable().describe("null for an unfinished run of another process: its status counts them"),
    rowsTotal: z.number(),
  })
  .meta({ id: "JobSummary" });
export type JobSummary = z.infer<typeof JobSummary>;
export const Jobs = z.object({ jobs: z.array(JobSummary) });

/** GET files. */
export const ExportedFiles = z
  .object({
    rows: z.number(),
    bytes: z.number(),
    sha256: z.string().nullable().describe("of all files together, as `sha256sum FILES | sha256sum` makes it"),
    files: z.array(
      z.object({
        file: z.string(),
        entity: z.string().nullable().describe("null for a script"),
        rows: z.number(),
        bytes: z.number().nullable(),
        sha256: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "ExportedFiles" });

/** What starting, resuming and cancelling a job answer. */
export const JobAccepted = z
  .object({
    jobId: z.string(),
    status: JobStatusName,
    scenario: z.string(),
    dryRun: z.boolean(),
    position: z.number().nullable(),
  })
  .meta({ id: "JobAccepted" });
