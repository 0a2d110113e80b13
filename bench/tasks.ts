import type { LatencySummary } from "../src/engine/run/latencies.js";
import type { RestoreItem } from "./baselines/restore-items.js";

/** What a bench may change of a scenario. */
export interface ScenarioOverrides {
  readonly seed?: number;
  readonly scale?: number;
  readonly schema?: string;
}

/** A scenario by name, as a process of its own loads it again. */
export interface ScenarioRef {
  readonly name: string;
  readonly searchDirs: readonly string[];
  readonly overrides: ScenarioOverrides;
}

/** A server's database that a measurement writes to. */
export interface BenchTarget {
  readonly url: string;
  readonly embedded: boolean;
}

/** Runs the engine; with a target into Postgres, without one into the discard sink. */
export interface GenerateTask {
  readonly kind: "generate";
  readonly scenario: ScenarioRef;
  readonly workers: number;
  readonly target: BenchTarget | null;
  readonly only?: readonly string[];
}

/** Verifies what is loaded. */
export interface VerifyTask {
  readonly kind: "verify";
  readonly scenario: ScenarioRef;
  readonly workers: number;
  readonly target: BenchTarget;
  readonly exact: boolean;
}

/** A file of ready binary COPY, and the statement that takes it. */
export interface ReadyFile {
  readonly file: string;
  readonly statement: string;
  readonly rows: number;
  readonly bytes: number;
}

/** Streams ready files into COPY. */
export interface CopyFilesTask {
  readonly kind: "copy-files";
  readonly url: string;
  readonly connections: number;
  /** Taken in this order by whichever connection is free. */
  readonly files: readonly ReadyFile[];
}

/** Writes contacts as most people do: INSERT of many rows with Faker for every value. */
export interface InsertTask {
  readonly kind: "insert";
  readonly url: string;
  readonly schema: string;
  readonly connections: number;
  readonly rows: number;
}

/** Writes contacts by drizzle-seed. */
export interface DrizzleTask {
  readonly kind: "drizzle-seed";
  readonly url: string;
  readonly schema: string;
  readonly rows: number;
}

/** Restores a dump into tables that are there and empty. */
export interface RestoreTask {
  readonly kind: "restore";
  readonly url: string;
  readonly connections: number;
  readonly items: readonly RestoreItem[];
  readonly rows: number;
}

export type Task = GenerateTask | VerifyTask | CopyFilesTask | InsertTask | DrizzleTask | RestoreTask;

/** What a task measured of itself, in a process of its own. */
export interface Measured {
  /** Of what the task is about: the load phase, the COPYs, the INSERTs. */
  readonly seconds: number;
  readonly rows: number;
  /** Of binary COPY; null where the rows went another way. */
  readonly bytes: number | null;
  /** Of the process with all its threads, over the whole task. */
  readonly cpuSeconds: number;
  readonly peakMemoryBytes: number;
  /** Of the engine: seconds a phase. */
  readonly phases: Readonly<Record<string, number>>;
  readonly latencies: { readonly chunkMs: LatencySummary; readonly shardMs: LatencySummary } | null;
  /** Rows made by then, from the load's start: [seconds, rows]. */
  readonly progress: readonly (readonly [number, number])[];
  readonly runId: string | null;
  /** Of a verification. */
  readonly checks: { readonly count: number; readonly failed: readonly string[] } | null;
}

/** What a task knows of itself; the process adds what it took. */
export type TaskResult = Pick<Measured, "seconds" | "rows"> & Partial<Measured>;

/** What a task's process sends back. */
export type Outcome =
  | { readonly ok: true; readonly measured: Measured }
  | { readonly ok: false; readonly code: string | null; readonly message: string };
