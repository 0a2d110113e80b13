import { plural } from "../../core/thousands.js";
import type { Plan } from "../../model/plan.js";
import { formatBytes } from "./format.js";
import { escapeControls } from "./text.js";

/** What a run is told by before it starts. */
export interface AnnouncedRun {
  readonly workers: number;
  readonly sink: string;
  readonly database?: string;
}

/** The first lines of a run: what will be made, and where it goes. */
export function announce(plan: Plan, run: AnnouncedRun): string[] {
  const { name, model, seed, scale } = plan.scenario;
  const { length } = plan.entities;
  return [
    `plan  ${name} (${model}), seed ${seed}, scale ${scale}`,
    `size  ${plural(plan.rows, "row")}, about ${formatBytes(plan.bytesEstimated)}, ${plural(length, "table")}`,
    `run   ${run.workers === 0 ? "later, by others" : plural(run.workers, "worker")} -> ${run.database === undefined ? run.sink : `schema ${plan.scenario.schema} in ${run.database}`}`,
  ].map(escapeControls);
}
