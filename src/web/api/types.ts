import type * as z from "zod";
import type * as schemas from "../../http/schemas.js";

/** What the API answers: the server's own schemas, types only, so that the two cannot drift apart. */
export type Plan = z.infer<typeof schemas.PlanAnswer>;
export type PlanEntity = Plan["entities"][number];
export type Reference = Plan["references"][number];
export type Column = PlanEntity["columns"][number];
export type Preview = z.infer<typeof schemas.PreviewAnswer>;
export type Scenarios = z.infer<typeof schemas.Scenarios>;
export type Scenario = Scenarios["scenarios"][number];
export type Model = Scenarios["models"][number];
export type JobStatus = z.infer<typeof schemas.JobStatus>;
export type JobSummary = z.infer<typeof schemas.JobSummary>;
export type JobPhase = z.infer<typeof schemas.JobPhase>;
export type JobProgress = z.infer<typeof schemas.JobProgress>;
export type Latencies = z.infer<typeof schemas.JobStatus>["latencies"];
export type JobAccepted = z.infer<typeof schemas.JobAccepted>;
export type Report = z.infer<typeof schemas.ReportAnswer>;
export type Verification = z.infer<typeof schemas.VerifyAnswer>;
export type Check = NonNullable<Verification["report"]>["checks"][number];
export type Cell = NonNullable<Check["cells"]>[number];
export type Introspection = z.infer<typeof schemas.IntrospectionAnswer>;
export type Toggle = z.infer<typeof schemas.ToggleAnswer>;
export type Problem = z.infer<typeof schemas.Problem>;
export type GenerateRequest = z.input<typeof schemas.GenerateBody>;
