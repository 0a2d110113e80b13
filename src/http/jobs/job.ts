import type { RunObserver } from "../../engine/observer.js";
import { LoadProgress } from "../../engine/run/load-progress.js";
import type { RunReport } from "../../engine/run/report.js";
import { RunProgress } from "../../engine/run/run-progress.js";
import { FINISHING_PHASES } from "../../engine/schedule/finishing-steps.js";
import { SeedBulkError } from "../../errors.js";
import type { Plan } from "../../model/plan.js";
import { toldError } from "../../postgres/sqlstate.js";
import { problemOf } from "../problems.js";
import type { JobPhase, JobProgress, JobStatus, JobStatusName, Latencies } from "../schemas.js";
import { EventLog } from "./event-log.js";

/** What is known of a job before it begins. */
export interface JobSpec {
  readonly jobId: string;
  readonly kind: JobStatus["kind"];
  readonly dryRun: boolean;
  /** Whether checks follow the load. */
  readonly verifies: boolean;
  readonly plan: Plan;
}

/** Notices kept. */
const NOTICES_MAX = 20;
const FINISHING: ReadonlySet<string> = new Set(FINISHING_PHASES);
const ENDED: ReadonlySet<JobStatusName> = new Set(["completed", "failed", "cancelled", "interrupted"]);

/** A run that this process works on, or has: it observes the run and says how far it is. */
export class Job implements RunObserver {
  readonly spec: JobSpec;
  readonly events = new EventLog();
  /** Asked of a job to stop it; it then rolls back what is in flight. */
  readonly abort = new AbortController();
  /** Resolves once the job has ended, however it did. */
  readonly ended: Promise<void>;
  readonly createdAt = new Date();
  startedAt: Date | undefined;
  finishedAt: Date | undefined;
  report: RunReport | undefined;
  verification: JobStatus["verification"] = null;
  exported: JobStatus["export"] = null;
  error: JobStatus["error"] = null;
  #status: JobStatusName = "queued";
  #isStopping = false;
  #latencies: Latencies | null = null;
  readonly #phases: { phase: string; state: "running" | "done"; seconds: number | null }[] = [];
  readonly #notices: string[] = [];
  readonly #progress: LoadProgress;
  readonly #whole: RunProgress;
  #tellEnded: () => void = () => {};

  constructor(spec: JobSpec) {
    this.spec = spec;
    this.#progress = new LoadProgress(spec.plan, performance.now());
    const finishes = !spec.dryRun && spec.kind !== "export";
    this.#whole = new RunProgress({ finishes, verifies: finishes && spec.verifies });
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
  }

  get status(): JobStatusName {
    return this.#status;
  }

  get isOver(): boolean {
    return ENDED.has(this.#status);
  }

  start(): void {
    this.startedAt = new Date();
    this.#move("started");
  }

  /** Asks the job to stop. @param why how it will then have ended */
  stop(why: "cancelled" | "interrupted"): void {
    this.#isStopping = true;
    this.#stopped = why;
    this.abort.abort();
  }
  #stopped: "cancelled" | "interrupted" = "cancelled";

  /** The job has come to its end; an error where it did not do all. */
  end(error?: unknown): void {
    this.finishedAt = new Date();
    if (error !== undefined) this.error = errorOf(error);
    const code = error instanceof SeedBulkError ? error.code : undefined;
    const failed = this.#isStopping && (code === "SB_INTERRUPTED" || code === undefined) ? this.#stopped : "failed";
    this.#status = error === undefined ? "completed" : failed;
    this.events.add("end", this.view(null));
    this.#tellEnded();
  }

  phaseStarted(phase: string): void {
    this.#phases.push({ phase, state: "running", seconds: null });
    this.#whole.phaseStarted(phase, performance.now());
    this.events.add("phase", { phase, state: "running", seconds: null } satisfies JobPhase);
    const status = statusIn(phase);
    if (status !== undefined) this.#move(status);
  }

  phaseEnded(phase: string, seconds: number): void {
    const found = this.#phases.findLast((entry) => entry.phase === phase);
    if (found) Object.assign(found, { state: "done", seconds });
    this.#whole.phaseEnded(phase, performance.now());
    this.events.add("phase", { phase, state: "done", seconds } satisfies JobPhase);
  }

  skipped(rows: readonly number[]): void {
    this.#progress.skip(rows);
    this.#whole.skipped(this.#progress.share());
  }

  progress(rows: readonly number[]): void {
    this.#progress.record(rows, performance.now());
    this.#whole.loaded(this.#progress.share());
    this.events.add("progress", this.progressView());
  }

  stepEnded(step: string, seconds: number): void {
    this.events.add("step", { step, seconds });
  }

  /** Latencies so far; at the latest when the report is there. */
  latencies(latencies: Latencies): void {
    this.#latencies = latencies;
    this.events.add("latencies", latencies);
  }

  notice(message: string): void {
    this.#notices.push(message);
    if (this.#notices.length > NOTICES_MAX) this.#notices.shift();
    this.events.add("notice", { message });
  }

  progressView(): JobProgress {
    const lines = this.#progress.entities();
    const total = this.#progress.total();
    const nowMs = performance.now();
    const [current] = lines
      .filter(({ state }) => state === "active")
      .sort((a, b) => b.rowsTotal - b.rows - (a.rowsTotal - a.rows));
    return {
      currentEntity: current?.name ?? null,
      progressPercent: this.#status === "completed" ? 100 : Math.floor(this.#whole.share(nowMs) * 1000) / 10,
      throughput: Math.round(total.rowsPerSecond ?? 0),
      recordsGenerated: Object.fromEntries(lines.map(({ name, rows }) => [name, rows])),
      rows: total.rows,
      rowsTotal: total.rowsTotal,
      secondsLeft: this.isOver ? null : (this.#whole.secondsLeft(nowMs) ?? null),
      entities: lines.map(({ name, rows, rowsTotal, rowsPerSecond, state }) => ({
        entity: name,
        rows,
        rowsTotal,
        throughput: rowsPerSecond === undefined ? null : Math.round(rowsPerSecond),
        state,
      })),
    };
  }

  /** A run that stopped before its rows were loaded is in no ledger. */
  #isInLedger(): boolean {
    const { kind } = this.spec;
    return kind === "resume" || (kind === "generate" && this.#phases.some(({ phase }) => phase === "load"));
  }

  /** @param position how many jobs are before it; null unless it waits */
  view(position: number | null): JobStatus {
    const { jobId, kind, dryRun, plan } = this.spec;
    const { scenario } = plan;
    return {
      jobId,
      kind,
      status: this.#status,
      scenario: `${scenario.model}/${scenario.name}`,
      schema: scenario.schema,
      seed: scenario.seed,
      dryRun,
      planHash: plan.hash,
      position,
      isHere: true,
      canCancel: !this.isOver,
      canResume: this.isOver && this.#status !== "completed" && !dryRun && this.#isInLedger(),
      startedAt: this.startedAt?.toISOString() ?? null,
      finishedAt: this.finishedAt?.toISOString() ?? null,
      progress: this.progressView(),
      phases: this.#phases.map((phase) => ({ ...phase })),
      latencies: this.#latencies,
      notices: [...this.#notices],
      error: this.error,
      verification: this.verification,
      export: this.exported,
      workers: [],
    };
  }

  #move(status: JobStatusName): void {
    if (this.#status === status) return;
    this.#status = status;
    this.events.add("status", { status });
  }
}

/** An error as a status tells it. */
export function errorOf(thrown: unknown): NonNullable<JobStatus["error"]> {
  const error = toldError(thrown);
  const known =
    error instanceof SeedBulkError
      ? error
      : new SeedBulkError("SB_INTERNAL", (error as Error).message ?? String(error));
  const { code, detail, hint } = problemOf(known);
  return { code, detail, hint: hint ?? null };
}

function statusIn(phase: string): JobStatusName | undefined {
  if (phase === "schema") return "started";
  if (phase === "load") return "generating";
  if (FINISHING.has(phase)) return "finishing";
  return phase === "verify" ? "verifying" : undefined;
}
