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

/** DELETE cleanup. */
export const CleanupAnswer = z
  .object({
    dropped: z.boolean(),
    runs: z.array(z.object({ runId: z.string(), scenario: z.string(), schema: z.string(), state: z.string() })),
    tables: CleanupTables,
    emptied: CleanupTables,
    types: z.array(z.object({ schema: z.string(), type: z.string() })),
    schemasDropped: z.array(z.string()),
    schemasKept: z.array(z.string()),
  })
  .meta({ id: "Cleanup" });

/** GET healthz. */
export const Health = z.object({ status: z.literal("ok"), version: z.string() }).meta({ id: "Health" });
