import * as z from "zod";

/** A scenario's name as requests give it: `demo` or `marketing/demo`. Nothing that could be a path of the server's. */
const scenarioName = z
  .string()
  .regex(/^\w[\w-]{0,63}(\/\w[\w-]{0,63})?$/, {
    error: 'expected the name of a scenario, such as "demo" or "marketing/demo"',
  })
  .describe("a scenario's name, with or without its model's: demo, marketing/demo")
  .meta({ examples: ["demo"] });

const entityName = z
  .string()
  .min(1)
  .max(63)
  .describe("an entity's name")
  .meta({ examples: ["recipients"] });

const EXAMPLE_JOB = "3f2a51c0";

/** A run's ID; for finding one, its beginning is enough. */
const jobId = z
  .string()
  .regex(/^[0-9a-fA-F-]{4,36}$/, { error: "expected a job's ID, or at least its first four digits" })
  .describe("a job's ID, or its beginning")
  .meta({ examples: [EXAMPLE_JOB] });

const day = z.string().max(40).describe("YYYY-MM-DD or an ISO instant in UTC");
const SEED = "another seed than the scenario's";
const seed = z.int().min(0).describe(SEED);
const MULTIPLIER = "what the scenario's sizes are multiplied by";
const volumeMultiplier = z.number().gt(0).max(1e6).describe(MULTIPLIER);
const workers = z.int().min(1).max(256).describe("worker threads");
const knobName = z.string().regex(/^[A-Za-z]\w{0,62}$/);
const sizes = z.record(knobName, z.number().min(0).max(1e12)).describe("single sizes, before the multiplier");
const rate01 = z.number().min(0).max(1);

/** A whole number in a query, which z.coerce would also make of nothing. */
function queryInteger(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const text = z.string().regex(/^\d{1,16}$/, { error: `expected integer from ${min} to ${max}` });
  return text.transform(Number).pipe(z.int().min(min).max(max));
}

/** A number above 0 in a query. */
function queryNumber(max: number) {
  const text = z.string().regex(/^\d{1,16}(\.\d{1,16})?$/, { error: `expected number above 0, up to ${max}` });
  return text.transform(Number).pipe(z.number().gt(0).max(max));
}

/** `giftCards=off,callCenter=on`, as a query gives features. */
const featureList = z
  .string()
  .max(1000)
  .regex(/^[A-Za-z]\w*=(on|off)(,[A-Za-z]\w*=(on|off))*$/, {
    error: "expected name=on or name=off, with commas between",
  })
  .describe("features to switch: giftCards=off,callCenter=on");

/** `payment_delay=0.1`, as a query gives anomalies. */
const anomalyList = z
  .string()
  .max(1000)
  .regex(/^[A-Za-z]\w*=[0-9.]+(,[A-Za-z]\w*=[0-9.]+)*$/, { error: "expected name=rate, with commas between" })
  .describe("anomalies' rates, 0 to 1: payment_delay=0.1");

/** `recipients=5000`, as a query gives sizes. */
const sizeList = z
  .string()
  .max(1000)
  .regex(/^[A-Za-z]\w*=\d{1,12}(\.\d{1,6})?(,[A-Za-z]\w*=\d{1,12}(\.\d{1,6})?)*$/, {
    error: "expected name=number, with commas between",
  })
  .describe("single sizes, before the multiplier: recipients=5000");

/** What says which data: in every query that makes or describes some. */
const scenarioQuery = {
  scenario: scenarioName,
  startDate: day.optional(),
  endDate: day.optional(),
  seed: queryInteger(0).optional().describe(SEED),
  volumeMultiplier: queryNumber(1e6).optional().describe(MULTIPLIER),
  sizes: sizeList.optional(),
  features: featureList.optional(),
  anomalies: anomalyList.optional(),
};

/** POST generate. */
export const GenerateBody = z
  .strictObject({
    scenario: scenarioName,
    config: z
      .strictObject({
        startDate: day.optional(),
        endDate: day.optional(),
        seed: seed.optional(),
        volumeMultiplier: volumeMultiplier.optional(),
        dryRun: z.boolean().default(true).describe("make the rows and write them nowhere"),
      })
      .prefault({}),
    sizes: sizes.optional(),
    features: z.record(knobName, z.boolean()).optional().describe("features to switch, by name"),
    anomalies: z.record(knobName, rate01).optional().describe("anomalies' rates, by name"),
    only: z.array(entityName).min(1).max(100).optional().describe("only these entities"),
    schema: z.string().min(1).max(63).optional().describe("the Postgres schema to load into; else the scenario's"),
    workers: workers.optional(),
    replace: z.boolean().default(false).describe("drop what earlier runs loaded into the schema first"),
    unlogged: z.boolean().default(false).describe("load unlogged tables: faster, and empty after a crash"),
    onFailure: z.enum(["keep", "rollback"]).default("keep").describe("what to do with the rows of a load that fails"),
    verify: z.boolean().default(true).describe("check the data once it is loaded"),
  })
  .meta({ id: "GenerateRequest", examples: [{ scenario: "demo", config: { seed: 7, dryRun: false } }] });

/** POST resume. */
export const ResumeBody = z
  .strictObject({ jobId, workers: workers.optional(), verify: z.boolean().default(true) })
  .meta({ id: "ResumeRequest", examples: [{ jobId: EXAMPLE_JOB }] });

/** POST cancel. */
export const CancelBody = z.strictObject({ jobId }).meta({ id: "CancelRequest", examples: [{ jobId: EXAMPLE_JOB }] });

/** POST toggle. */
export const ToggleBody = z
  .strictObject({ enabled: z.boolean() })
  .meta({ id: "ToggleRequest", examples: [{ enabled: true }] });

/** POST export. No path: the server chooses the directory. */
export const ExportBody = z
  .strictObject({
    scenario: scenarioName,
    format: z.enum(["csv", "jsonl", "parquet", "sql"]),
    config: z
      .strictObject({
        startDate: day.optional(),
        endDate: day.optional(),
        seed: seed.optional(),
        volumeMultiplier: volumeMultiplier.optional(),
      })
      .prefault({}),
    sizes: sizes.optional(),
    features: z.record(knobName, z.boolean()).optional(),
    anomalies: z.record(knobName, rate01).optional(),
    only: z.array(entityName).min(1).max(100).optional(),
    compress: z.enum(["gzip", "zstd"]).optional(),
    rowsPerFile: z.int().min(1).optional(),
    workers: workers.optional(),
  })
  .meta({ id: "ExportRequest", examples: [{ scenario: "demo", format: "csv" }] });

/** A directory is named by it: whole, and nothing else. */
const wholeJobId = z.uuid({ error: "expected an export's whole ID" }).describe("an export's whole ID");
export const WholeJobQuery = z.strictObject({ jobId: wholeJobId });
export const ExportedFileQuery = z.strictObject({ jobId: wholeJobId, file: z.string().min(1).max(300) });

/** Queries, by route. */
export const JobQuery = z.strictObject({ jobId });
export const JobsQuery = z.strictObject({ limit: queryInteger(1, 500).optional().describe("50 without it") });
export const PlanQuery = z.strictObject({
  ...scenarioQuery,
  only: z.string().max(2000).optional().describe("only these entities, with commas between them"),
  rate: queryNumber(1e9).optional().describe("rows a second that the time is stated at"),
});
export const PreviewQuery = z.strictObject({
  ...scenarioQuery,
  entity: entityName,
  id: queryInteger(0).optional().describe("the first row's ID; the table's first without it"),
  count: queryInteger(1, 1024).optional().describe("rows; 20 without it"),
});
export const VerifyQuery = z.strictObject({
  jobId,
  exact: z.enum(["true", "false"]).default("false").describe("also read all tables back and compare each byte"),
  again: z.enum(["true", "false"]).default("false").describe("make the checks anew"),
});
export const CleanupPlanQuery = z.strictObject({ jobId: jobId.optional() });
export const CleanupQuery = z.strictObject({
  confirm: z.string().max(100).optional().describe("DELETE_ALL_MOCK_DATA, to the letter"),
  jobId: jobId.optional(),
});
