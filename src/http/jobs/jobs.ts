import { randomUUID } from "node:crypto";
import { recordedRun } from "../../engine/run/recorded.js";
import { SeedBulkError } from "../../errors.js";
import { refuseLayout } from "../../export/layout.js";
import { leasedSchemas } from "../../ledger/lease.js";
import { FINAL_STATES, findRun, type LedgerRun, type ListedRun, listRuns } from "../../ledger/runs.js";
import { type CheckedRun, checkedRuns, keptVerification } from "../../ledger/verifications.js";
import type { VerificationReport } from "../../verify/result.js";
import type { Connections } from "../connections.js";
import type { JobStatus, JobSummary } from "../schemas.js";
import type { Job } from "./job.js";
import type { JobBoard } from "./job-board.js";
import {
  askGuard,
  doExport,
  doLoad,
  doResume,
  type ExportRequest,
  type LoadRequest,
  type Workshop,
} from "./job-work.js";
import { ledgerError, ledgerStatus, statusNameOf } from "./ledger-jobs.js";
import type { Verification } from "./verifications.js";

/** All that can be asked of jobs: those of this process, and the runs in the database's ledger. */
export class Jobs {
  readonly board: JobBoard;
  readonly #workshop: Workshop;
  readonly #connections: Connections;

  constructor(board: JobBoard, workshop: Workshop, connections: Connections) {
    this.board = board;
    this.#workshop = workshop;
    this.#connections = connections;
  }

  /** @throws SeedBulkError SB_REFUSED, SB_QUEUE_FULL, and what connecting throws */
  async generate(request: LoadRequest, dryRun: boolean): Promise<Job> {
    this.board.requireRoom();
    if (!dryRun) await askGuard(this.#workshop, request);
    const spec = {
      jobId: randomUUID(),
      kind: "generate" as const,
      dryRun,
      verifies: request.verify,
      plan: request.plan,
    };
    return this.board.add(spec, (job) => doLoad(job, request, this.#workshop));
  }

  /** @throws SeedBulkError SB_RUN_NOT_FOUND, SB_JOB_STATE, SB_REFUSED, SB_QUEUE_FULL */
  async resume(jobId: string, options: { readonly workers: number; readonly verify: boolean }): Promise<Job> {
    this.board.requireRoom();
    const run = await this.#ledgerRun(jobId);
    if (FINAL_STATES.has(run.state)) {
      throw new SeedBulkError("SB_JOB_STATE", `job ${run.runId} is ${run.state}: nothing is left to do`);
    }
    const universe = await this.#workshop.universes.of(run.plan.scenario, run.options.model);
    await askGuard(this.#workshop, { universe, plan: run.plan, replace: false, resumed: run });
    this.#workshop.verifications.forget(run.runId);
    const spec = { jobId: run.runId, kind: "resume" as const, dryRun: false, verifies: options.verify, plan: run.plan };
    return this.board.add(spec, (job) => doResume(job, options, this.#workshop));
  }

  /** @throws SeedBulkError SB_USAGE for a format that cannot be so, SB_REFUSED, SB_QUEUE_FULL */
  export(request: ExportRequest): Job {
    const { rows } = request.plan;
    const { maxRows } = this.#workshop.services.target.safety;
    refuseLayout(request);
    if (rows > maxRows) throw new SeedBulkError("SB_REFUSED", `the plan has ${rows} rows, more than ${maxRows}`);
    const spec = { jobId: randomUUID(), kind: "export" as const, dryRun: false, verifies: false, plan: request.plan };
    return this.board.add(spec, (job) => doExport(job, request, this.#workshop));
  }

  /** @throws SeedBulkError SB_RUN_NOT_FOUND, SB_JOB_STATE where nothing of it goes on here */
  async cancel(jobId: string): Promise<Job> {
    const job = this.board.find(jobId);
    if (job && !job.isOver) {
      this.board.stop(job);
      return job;
    }
    const { status } = job ? this.viewOf(job) : await this.status(jobId);
    throw new SeedBulkError("SB_JOB_STATE", `job ${jobId} is ${status.replace("_", " ")} and not at work here`, {
      hint: "Only a job that waits or works in this server can be cancelled.",
    });
  }

  viewOf(job: Job): JobStatus {
    return job.view(this.board.positionOf(job));
  }

  /** @throws SeedBulkError SB_RUN_NOT_FOUND */
  async status(jobId: string): Promise<JobStatus> {
    const job = this.board.find(jobId);
    if (job && (!job.isOver || !isLoad(job))) return this.viewOf(job);
    return this.#connections.use(async (client) => {
      const run = await findRun(client, job?.spec.jobId ?? jobId).catch((error: unknown) => {
        // One that the guard refused, or that never began, is in no ledger.
        if (job) return undefined;
        throw error;
      });
      if (run === undefined) return this.viewOf(job!);
      const recorded = await ledgerStatus(client, run);
      const checked = await checkedRuns(client, [run.runId]);
      return job ? merged(this.viewOf(job), recorded) : { ...recorded, verification: summaryOfChecks(checked, run) };
    });
  }

  /** The newest first. */
  async list(limit: number): Promise<JobSummary[]> {
    const runs = await this.#connections.use(async (client) => {
      const all = await listRuns(client, limit);
      const claimed = await leasedSchemas(
        client,
        all.map(({ schema }) => schema),
      );
      const checked = await checkedRuns(
        client,
        all.map(({ runId }) => runId),
      );
      return all.map((run) => ({ run, isClaimed: claimed.has(run.schema), checks: summaryOfChecks(checked, run) }));
    });
    const here = new Map(this.board.all().map((job) => [job.spec.jobId, job]));
    const recorded = runs.map(({ run, isClaimed, checks }) => {
      const job = here.get(run.runId);
      here.delete(run.runId);
      const summary = summaryOfRun(run, isClaimed, checks);
      return job ? withJob(summary, this.viewOf(job)) : summary;
    });
    const others = [...here.values()].map((job) => ({ at: job.createdAt, summary: summaryOf(this.viewOf(job)) }));
    return [...others, ...recorded.map((summary) => ({ at: new Date(summary.startedAt ?? 0), summary }))]
      .sort((a, b) => b.at.getTime() - a.at.getTime())
      .slice(0, limit)
      .map(({ summary }) => summary);
  }

  /**
   * The checks of a finished run: those made already, or those that begin now.
   * @throws SeedBulkError SB_RUN_NOT_FOUND, SB_RUN_CHANGED, SB_JOB_STATE, SB_QUEUE_FULL
   */
  async verify(
    jobId: string,
    options: { readonly exact: boolean; readonly again: boolean; readonly workers: number },
  ): Promise<{ readonly jobId: string; readonly verification: Verification }> {
    const { universes, verifications } = this.#workshop;
    const job = this.board.find(jobId);
    const known = verifications.get(job?.spec.jobId ?? jobId.toLowerCase());
    if (known?.status === "running") return { jobId: job?.spec.jobId ?? jobId.toLowerCase(), verification: known };
    if (job && !job.isOver) {
      throw new SeedBulkError(
        "SB_JOB_STATE",
        `job ${job.spec.jobId} is ${job.status}: it can be verified once it is done`,
      );
    }
    const run = await this.#ledgerRun(job?.spec.jobId ?? jobId);
    if (run.state !== "done") {
      throw new SeedBulkError("SB_JOB_STATE", `job ${run.runId} is ${run.state}: only what is done can be verified`);
    }
    const kept = verifications.get(run.runId) ?? (await this.#keptElsewhere(run.runId));
    if (kept && (kept.exact || !options.exact) && !(options.again && kept.status !== "running")) {
      return { jobId: run.runId, verification: kept };
    }
    // The plan is made anew and compared: what the ledger says of itself proves nothing.
    const { universe, whole: plan } = await recordedRun(run, universes.of);
    const { exact, workers } = options;
    const { unlogged } = run.options;
    const verification = verifications.start({ jobId: run.runId, universe, plan, exact, workers, unlogged });
    return { jobId: run.runId, verification };
  }

  /** @throws SeedBulkError SB_RUN_NOT_FOUND */
  async #ledgerRun(jobId: string): Promise<LedgerRun> {
    return this.#connections.use((client) => findRun(client, jobId));
  }

  /** The checks that the ledger keeps, as they were made by whomever. */
  async #keptElsewhere(runId: string): Promise<Verification | undefined> {
    const kept = await this.#connections.use((client) => keptVerification(client, runId));
    if (kept === undefined) return undefined;
    const { isExact: exact, report } = kept;
    return this.#workshop.verifications.keep(runId, { exact, report: report as VerificationReport });
  }
}

function summaryOfChecks(
  checked: ReadonlyMap<string, CheckedRun>,
  { runId }: Pick<ListedRun, "runId">,
): JobStatus["verification"] {
  const found = checked.get(runId);
  return found === undefined ? null : { ok: found.ok, checks: found.checks, failed: found.failed };
}

function isLoad({ spec }: Job): boolean {
  return !spec.dryRun && spec.kind !== "export";
}

/**
 * A job that ended here, and what the ledger says of it by now: another process may have resumed or removed it since.
 * How it ended here stands where the ledger knows only that it is unfinished.
 */
function merged(job: JobStatus, recorded: JobStatus): JobStatus {
  const isUnfinished = recorded.status === "interrupted" || recorded.status === "failed";
  if (isUnfinished) return { ...job, canResume: recorded.canResume, progress: recorded.progress };
  const { status, canResume, finishedAt } = recorded;
  const isSame = status === job.status;
  return { ...job, status, canResume, finishedAt, error: isSame || status === "rolled_back" ? job.error : null };
}

function withJob(summary: JobSummary, job: JobStatus): JobSummary {
  const isUnfinished = summary.status === "interrupted" || summary.status === "failed";
  const isActive = job.canCancel;
  const { kind, canCancel, canResume, status, error, verification } = job;
  return {
    ...summary,
    kind,
    isHere: true,
    canCancel,
    canResume: isActive ? canResume : summary.canResume,
    status: isActive || isUnfinished ? status : summary.status,
    error: isActive || isUnfinished ? error : summary.error,
    verification: verification ?? summary.verification,
    rows: isActive ? job.progress.rows : summary.rows,
  };
}

function summaryOf({
  progress,
  position: _,
  phases: __,
  latencies: ___,
  notices: ____,
  ...job
}: JobStatus): JobSummary {
  return { ...job, rows: progress.rows, rowsTotal: progress.rowsTotal };
}

/** Shards of an unfinished run are counted by its status, not for a list. */
function summaryOfRun(run: ListedRun, isClaimed: boolean, verification: JobStatus["verification"]): JobSummary {
  const status = statusNameOf(run, isClaimed);
  return {
    jobId: run.runId,
    kind: "generate",
    status,
    scenario: run.scenario,
    schema: run.schema,
    seed: run.seed,
    dryRun: false,
    planHash: run.planHash,
    isHere: false,
    canCancel: false,
    canResume: status === "interrupted" || status === "failed",
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    error: ledgerError(run.lastError),
    verification,
    rows: run.state === "done" ? run.rowsTotal : null,
    rowsTotal: run.rowsTotal,
  };
}
