import type { RunObserver } from "../../engine/observer.js";
import type { VerificationReport } from "../../verify/result.js";
import { runVerification } from "../../verify/run-verification.js";
import type { JobStatus } from "../schemas.js";
import type { Planned } from "../universes.js";
import { errorOf } from "./job.js";
import { WorkQueue } from "./work-queue.js";

/** Checks of runs that wait for others, at the most. */
const WAITING_MAX = 4;
/** Reports kept; each is about 100 kB. */
const KEPT_MAX = 20;

/** Checks of one run: under way, or what they came to. */
export interface Verification {
  readonly exact: boolean;
  status: "running" | "done" | "failed";
  checksDone: number;
  report: VerificationReport | null;
  error: JobStatus["error"];
}

/** What is verified, and how. */
export interface VerificationRequest extends Planned {
  readonly jobId: string;
  readonly exact: boolean;
  readonly workers: number;
  /** Whether the run loaded its tables unlogged. */
  readonly unlogged: boolean;
}

/** The verification reports of this process, by run; one is made at a time. */
export class Verifications {
  readonly #url: string;
  readonly #kept = new Map<string, Verification>();
  readonly #queue = new WorkQueue("verifications", WAITING_MAX);
  readonly #abort = new AbortController();

  constructor(url: string) {
    this.#url = url;
  }

  get(jobId: string): Verification | undefined {
    return this.#kept.get(jobId);
  }

  /** What was found elsewhere, by the command line or before this process began. */
  keep(jobId: string, { exact, report }: Pick<Verification, "exact" | "report">): Verification {
    const entry = this.#begin({ jobId, exact });
    entry.status = "done";
    entry.report = report;
    entry.checksDone = report?.checks.length ?? 0;
    return entry;
  }

  /** Forgets what is no longer so: the run goes on, or its tables are gone. */
  forget(jobId: string): void {
    this.#kept.delete(jobId);
  }

  /** @throws SB_QUEUE_FULL */
  start(request: VerificationRequest): Verification {
    this.#queue.requireRoom();
    const entry = this.#begin(request);
    this.#queue.add(request.jobId, async () => {
      await this.#make(entry, request, this.#abort.signal).catch(() => {});
    });
    return entry;
  }

  /**
   * Makes the checks at once, as the last part of a job.
   * @throws what verifying throws
   */
  run(request: VerificationRequest, signal: AbortSignal, observer: RunObserver): Promise<VerificationReport> {
    return this.#make(this.#begin(request), request, signal, observer);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#queue.idle();
  }

  #begin({ jobId, exact }: Pick<VerificationRequest, "jobId" | "exact">): Verification {
    const entry: Verification = { exact, status: "running", checksDone: 0, report: null, error: null };
    this.#kept.delete(jobId);
    this.#kept.set(jobId, entry);
    for (const [key, { status }] of this.#kept) {
      if (this.#kept.size <= KEPT_MAX) break;
      if (status !== "running") this.#kept.delete(key);
    }
    return entry;
  }

  async #make(
    entry: Verification,
    { jobId: runId, universe, plan, exact, workers, unlogged }: VerificationRequest,
    signal: AbortSignal,
    observer: RunObserver = {},
  ): Promise<VerificationReport> {
    const counted: RunObserver = {
      phaseStarted: (phase) => observer.phaseStarted?.(phase),
      phaseEnded: (phase, seconds) => observer.phaseEnded?.(phase, seconds),
      notice: (message) => observer.notice?.(message),
      stepEnded: (step, seconds) => {
        entry.checksDone++;
        observer.stepEnded?.(step, seconds);
      },
    };
    const { schema } = plan.scenario;
    try {
      const options = {
        url: this.#url,
        schema,
        runId,
        universe,
        plan,
        unlogged,
        workers,
        exact,
        signal,
        observer: counted,
      };
      entry.report = await runVerification(options);
      entry.status = "done";
      return entry.report;
    } catch (error) {
      entry.status = "failed";
      entry.error = errorOf(error);
      throw error;
    }
  }
}
