import type { Plan } from "../../model/plan.js";
import type { Universe } from "../../model/universe.js";
import type { GuardRequest } from "../guard/guard-request.js";
import type { RunObserver } from "../observer.js";
import type { ThreadPool } from "../threads/thread-pool.js";

/** Where a run's rows go. */
export type RunTarget =
  | { readonly kind: "discard" | "digest" }
  | {
      readonly kind: "postgres";
      readonly url: string;
      /** Whether it is the embedded server, which needs no enabling. */
      readonly embedded: boolean;
      readonly safety: Safety;
      /** Settings that a schema asks for by `current_setting`, by name; before those of the model. */
      readonly settings?: Readonly<Record<string, string>>;
    };

/** What the guard is told of the caller's wishes and surroundings. */
export type Safety = Pick<GuardRequest, "adoptSchema" | "maxRows" | "env">;

export interface GenerateOptions {
  /** The run's ID, a UUID, where the caller must know it before; a new one without it. */
  readonly runId?: string;
  readonly universe: Universe;
  readonly plan: Plan;
  readonly workers: number;
  /** Threads that were started for it before, which are then its to end. */
  readonly threads?: ThreadPool;
  readonly target: RunTarget;
  /** Drop what earlier runs made in the schema; without it, existing tables are an error. */
  readonly replace?: boolean;
  /** Tables that Postgres does not log: faster, and empty after a crash of the server. */
  readonly unlogged?: boolean;
  /** Of tables that were there before: take out the rows that they hold. */
  readonly truncate?: boolean;
  /** Of tables that were there before: leave their indexes and keys on. */
  readonly keepIndexes?: boolean;
  /** Of tables that were there before: let their own triggers fire. */
  readonly triggers?: boolean;
  /** What to do with a run that fails: keep what is committed, so that it can be resumed, or drop it all. */
  readonly onFailure?: "keep" | "rollback";
  /** The entities that `plan` is limited to; with `replace`, the others of the schema stay. */
  readonly only?: readonly string[];
  /** What the scenario was named by, for the ledger. */
  readonly source?: Readonly<Record<string, unknown>>;
  /** How long the server may leave a worker without an answer; 120 without it. */
  readonly stallSecondsMax?: number;
  readonly signal?: AbortSignal;
  readonly observer?: RunObserver;
}
