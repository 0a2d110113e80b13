import type { Plan } from "../model/plan.js";
import type { LatencySummary } from "./run/latencies.js";

/** What a run tells about itself while it goes on. Every method may be called at any time, and none may throw. */
export interface RunObserver {
  /** The plan is made; nothing is written yet. */
  planned?(plan: Plan, run: { readonly workers: number; readonly sink: string; readonly database?: string }): void;
  phaseStarted?(phase: string): void;
  phaseEnded?(phase: string, seconds: number): void;
  /**
   * A load begins that some rows need not be made for: an earlier attempt has committed them. They count as made in
   * `progress`, and not in a rate.
   * @param rows in the order of the plan's entities
   */
  skipped?(rows: readonly number[]): void;
  /**
   * A few times a second while rows are made.
   * @param rows rows made so far, in the order of the plan's entities
   */
  progress?(rows: readonly number[]): void;
  /** Latencies of the load so far, about once a second. */
  latencies?(latencies: { readonly chunkMs: LatencySummary; readonly shardMs: LatencySummary }): void;
  /** One step of the work after the load has ended. */
  stepEnded?(step: string, seconds: number): void;
  notice?(message: string): void;
}
