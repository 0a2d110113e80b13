import * as z from "zod";

/** GET and POST toggle. */
export const ToggleAnswer = z
  .object({ enabled: z.boolean(), changedAt: z.string().nullable(), changedBy: z.string().nullable() })
  .meta({ id: "Toggle" });

const CleanupTables = z.array(
  z.object({
    runId: z.string(),
    schema: z.string(),
    table: z.string(),
    rows: z.number().nullable(),
    bytes: z.number().nullable(),
  }),
);

/** GET database. */
export const DatabaseAnswer = z
  .object({
    name: z.string().describe('for people: which, where, as whom, such as `"app" at localhost:5432 as "me"`'),
    url: z.string().describe("without its password"),
    isEmbedded: z.boolean(),
    lookAt: z.array(z.string()).describe("commands that open it in a terminal"),
  })
  .meta({ id: "Database" });

/** GET and DELETE cleanup. */
export const CleanupAnswer = z
  .object({
    dropped: z.boolean(),
    runs: z.array(z.object({ runId: z.string(), scenario: z.string(), schema: z.string(), state: z.string() })),
    tables: CleanupTables,
    emptied: CleanupTables,
    types: z.array(z.object({ schema: z.string(), type: z.string() })),
    schemasDropped: z.array(z.string()),
    schemasKept: z.array(z.string()),
    othersRows: z.array(z.string()).describe("tables that hold rows of somebody else's, which stay"),
  })
  .meta({ id: "Cleanup" });

const patterns = z.array(z.string().min(1).max(130)).max(1000).describe("names, with * and ? for letters").optional();

/** POST introspection. */
export const IntrospectionBody = z
  .strictObject({
    rows: z.int().min(1).max(2_000_000_000).default(100_000).describe("rows of all tables together"),
    schemas: patterns,
    tables: patterns,
    exclude: patterns,
  })
  .meta({ id: "IntrospectionRequest", examples: [{ rows: 100_000, exclude: ["audit_*"] }] });
export type IntrospectionBody = z.output<typeof IntrospectionBody>;

export const IntrospectionAnswer = z
  .object({
    scenario: z.string().describe("by which plan, preview and generate know it"),
    tables: z.number().describe("tables that are filled"),
    kept: z.number().describe("tables whose rows are there, and are referred to"),
    refused: z.array(z.object({ schema: z.string(), table: z.string(), reason: z.string() })),
    notes: z.array(z.string()).describe("what whoever fills the tables should know"),
    modelFile: z.string().describe("the same as a model file"),
  })
  .meta({ id: "Introspection" });
export type IntrospectionAnswer = z.infer<typeof IntrospectionAnswer>;

/** GET healthz. */
export const Health = z.object({ status: z.literal("ok"), version: z.string() }).meta({ id: "Health" });
