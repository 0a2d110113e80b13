import type { Connections } from "./connections.js";
import type { IntrospectedModels } from "./introspected.js";
import type { Jobs } from "./jobs/jobs.js";
import type { Verifications } from "./jobs/verifications.js";
import type { Metrics } from "./metrics.js";
import type { Services } from "./services.js";
import type { Universes } from "./universes.js";

/** What routes work with. */
export interface Rooms {
  readonly services: Services;
  readonly introspected: IntrospectedModels;
  readonly universes: Universes;
  readonly verifications: Verifications;
  readonly connections: Connections;
  readonly jobs: Jobs;
  readonly metrics: Metrics;
}
