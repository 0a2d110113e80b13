import * as z from "zod";

/** A knob of a model, for a form. */
export const Knob = z
  .object({
    section: z.enum(["sizes", "features", "shares", "weights", "settings"]),
    name: z.string().describe("weights: the choice's name and the word's, with a dot between"),
    type: z.enum(["boolean", "integer", "number"]),
    default: z.union([z.number(), z.boolean()]),
    description: z.string(),
    min: z.number().nullable(),
    max: z.number().nullable(),
    isScaled: z.boolean().describe("whether volumeMultiplier multiplies it"),
    needs: z.array(z.string()).describe("features that must be on for this one"),
  })
  .meta({ id: "Knob" });
export type Knob = z.infer<typeof Knob>;

const numbers = z.record(z.string(), z.number());

/** What a scenario comes to, resolved. */
const scenarioValues = z.object({
  name: z.string(),
  model: z.string(),
  description: z.string(),
  schema: z.string(),
  seed: z.number(),
  scale: z.number(),
  window: z.object({ from: z.string(), to: z.string() }),
  sizes: numbers,
  features: z.record(z.string(), z.boolean()),
  shares: numbers,
  weights: z.record(z.string(), numbers),
  settings: numbers,
  anomalies: z.record(z.string(), z.unknown()).optional(),
});

/** GET scenarios. */
export const Scenarios = z
  .object({
    scenarios: z.array(
      scenarioValues.partial().extend({
        name: z.string(),
        model: z.string(),
        description: z.string(),
        extends: z.string().nullable(),
        problem: z.string().nullable().describe("why it cannot be used; its values are then missing"),
        isIntrospected: z
          .boolean()
          .describe("whether this server worked it out, and the command line knows none of it"),
        rows: z
          .number()
          .nullable()
          .describe("of its plan; null where the plan would have to be made: GET plan makes it"),
        bytes: z.number().nullable().describe("of binary COPY"),
        secondsEstimated: z
          .number()
          .nullable()
          .describe("from the first statement to the last check, as this machine loaded last"),
      }),
    ),
    models: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        schema: z.string(),
        knobs: z.array(Knob),
        entities: z.array(z.object({ entity: z.string(), comment: z.string(), feature: z.string().nullable() })),
        anomalies: z
          .array(
            z.object({
              name: z.string(),
              kind: z.string(),
              entity: z.string(),
              about: z.string(),
              rate: z.number().describe("where a scenario says nothing"),
            }),
          )
          .describe("what a scenario may have go wrong"),
      }),
    ),
  })
  .meta({ id: "Scenarios" });
export type Scenarios = z.infer<typeof Scenarios>;

const column = z.object({
  name: z.string(),
  type: z.string().describe("as Postgres writes it; an enum by its name"),
  references: z.string().nullable().describe("the entity whose IDs its values are"),
  about: z.string().nullable(),
});

/** GET plan. */
export const PlanAnswer = z
  .object({
    scenario: scenarioValues,
    planHash: z.string(),
    generatorVersion: z.number(),
    rows: z.number(),
    bytes: z
      .number()
      .describe("of binary COPY, estimated; tables with indexes take about one and a half times as much"),
    shards: z.number(),
    secondsEstimated: z.number(),
    rowsPerSecond: z.number().describe("the rate of secondsEstimated"),
    rateFrom: z.enum(["request", "last load", "assumption"]),
    entities: z.array(
      z.object({
        entity: z.string(),
        comment: z.string(),
        feature: z.string().nullable(),
        rows: z.number(),
        bytes: z.number(),
        rowBytes: z.number(),
        idStart: z.number(),
        idEnd: z.number().describe("not included"),
        columns: z.array(column),
      }),
    ),
    references: z.array(
      z.object({
        from: z.string(),
        column: z.string(),
        to: z.string(),
        isForeignKey: z.boolean(),
        isParent: z.boolean().describe("whether the rows are dealt out among the rows referred to"),
      }),
    ),
  })
  .meta({ id: "Plan" });

/** GET preview. */
export const PreviewAnswer = z
  .object({
    entity: z.string(),
    idStart: z.number().describe("of the table"),
    idEnd: z.number().describe("of the table, not included"),
    columns: z.array(column),
    rows: z.array(z.array(z.string().nullable())).describe("values as Postgres shows them; null for NULL"),
  })
  .meta({ id: "Preview" });
