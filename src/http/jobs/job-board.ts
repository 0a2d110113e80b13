import { SeedBulkError } from "../../errors.js";
import { Job, type JobSpec } from "./job.js";
import { WorkQueue } from "./work-queue.js";

/** Jobs that wait for the one at work, at the most. */
export const WAITING_MAX = 8;
/** Jobs that have ended and are remembered; the ledger remembers loads longer. */
const ENDED_MAX = 100;

/** The jobs of this process: one at work, a few that wait, and those that have ended. */
export class JobBoard {
  readonly #jobs = new Map<string, Job>();
  readonly #queue = new WorkQueue("jobs", WAITING_MAX);
  readonly #onEnded: (job: Job) => void;
  #isClosed = false;

  /** @param onEnded is told of each job that comes to its end */
  constructor(onEnded: (job: Job) => void = () => {}) {
    this.#onEnded = onEnded;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** The job at work. */
  get active(): Job | undefined {
    return this.all().find((job) => !job.isOver && job.status !== "queued");
  }

  /** The newest first. */
  all(): Job[] {
    return [...this.#jobs.values()].reverse();
  }

  /** The job whose ID begins so, where there is exactly one. */
  find(jobId: string): Job | undefined {
    const found = this.all().filter(({ spec }) => spec.jobId.startsWith(jobId.toLowerCase()));
    return found.length === 1 ? found[0] : undefined;
  }

  positionOf(job: Job): number | null {
    return this.#queue.positionOf(job.spec.jobId);
  }

  /** @throws SB_QUEUE_FULL, SB_INTERRUPTED where the server stops */
  requireRoom(): void {
    if (this.#isClosed) throw new SeedBulkError("SB_INTERRUPTED", "the server is about to stop");
    this.#queue.requireRoom();
  }

  /**
   * Takes a job on: at once, or when its turn comes.
   * @param work does it, and throws where it could not
   * @throws SB_QUEUE_FULL, SB_JOB_STATE where the job is at work already
   */
  add(spec: JobSpec, work: (job: Job) => Promise<void>): Job {
    this.requireRoom();
    const { jobId } = spec;
    const before = this.#jobs.get(jobId);
    if (before && !before.isOver) throw new SeedBulkError("SB_JOB_STATE", `job ${jobId} is ${before.status} already`);
    const job = new Job(spec);
    this.#jobs.delete(jobId);
    this.#jobs.set(jobId, job);
    this.#forgetOldest();
    this.#queue.add(jobId, async () => {
      job.start();
      await work(job).then(
        () => job.end(),
        (error: unknown) => job.end(error),
      );
      this.#onEnded(job);
    });
    return job;
  }

  /** Stops a job: one that waits never begins. */
  stop(job: Job, why: "cancelled" | "interrupted" = "cancelled"): void {
    job.stop(why);
    if (!this.#queue.remove(job.spec.jobId)) return;
    job.end(new SeedBulkError("SB_INTERRUPTED", "stopped before it began: nothing was written"));
    this.#onEnded(job);
  }

  /** Stops all jobs and waits for them. @returns the one that was at work */
  async close(): Promise<Job | undefined> {
    this.#isClosed = true;
    const { active } = this;
    for (const job of this.all().filter(({ isOver }) => !isOver)) this.stop(job, "interrupted");
    await this.#queue.idle();
    return active;
  }

  #forgetOldest(): void {
    const over = [...this.#jobs.values()].filter(({ isOver }) => isOver);
    for (const { spec } of over.slice(0, Math.max(0, over.length - ENDED_MAX))) this.#jobs.delete(spec.jobId);
  }
}
