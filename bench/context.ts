import type { Plan } from "../src/model/plan.js";
import type { Universe } from "../src/model/universe.js";
import type { BenchDatabase } from "./bench-database.js";
import type { ProcessLimits } from "./processes.js";
import type { ServerProbe } from "./server-probe.js";
import type { ScenarioRef } from "./tasks.js";
import type { TimedQuery } from "./timed-query.js";

/** The other ways of filling a table that a load is measured beside. */
export const BASELINES = [
  "copy-file",
  "psql",
  "insert",
  "drizzle-seed",
  "generate-series",
  "pgbench",
  "pg_restore",
  "restore",
] as const;

export type BaselineName = (typeof BASELINES)[number];

/** What a bench measures. */
export const SCOPES = [
  "micro",
  "generate",
  "load",
  "scale",
  "workers",
  "start",
  "verify",
  "queries",
  "export",
] as const;

export type Scope = (typeof SCOPES)[number];

/** What every scope is given. */
export interface BenchContext {
  readonly scenario: ScenarioRef;
  readonly universe: Universe;
  readonly plan: Plan;
  readonly workers: number;
  readonly runs: number;
  /** A short bench: small figures, in a minute or two. */
  readonly quick: boolean;
  readonly validate: boolean;
  readonly baselines: readonly BaselineName[];
  /** Queries of one's own, measured beside the model's. */
  readonly queries: readonly TimedQuery[];
  /** For every process that is started. */
  readonly limits: ProcessLimits;
  /** Whether the embedded server is used. */
  readonly embedded: boolean;
  /** The package's root. */
  readonly root: string;
  /** An empty directory, removed at the end. */
  readonly folder: string;
  /** Tells whoever waits what goes on. */
  say(text: string): void;
  /** The bench's database and a watch over its server; made when first asked for. */
  server(): Promise<BenchServer>;
}

/** A database to load into, and a watch over its server. */
export interface BenchServer {
  readonly database: BenchDatabase;
  readonly probe: ServerProbe;
  /** Runs a statement on a connection of its own. */
  run(sql: string): Promise<void>;
  /** Postgres' major version. */
  readonly major: number;
}
