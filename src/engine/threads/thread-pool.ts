import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Piscina, type TaskQueue } from "piscina";
import { SeedBulkError } from "../../errors.js";
import { lacksOpenFiles, OPEN_FILES_HINT } from "../../platform/open-files.js";

type RunOptions = Parameters<Piscina["run"]>[1];
type Task = Parameters<TaskQueue["push"]>[0];

/**
 * Worker threads, each at one task at a time. Where one cannot start (no code, no memory, a limit on processes), all
 * that is asked of the pool fails at once with SB_WORKER_FAILED; where one that has started ends, its task fails with
 * whatever ended it, and the next task starts another.
 */
export class ThreadPool {
  readonly count: number;
  readonly #pool: Piscina;
  readonly #queue = new WaitingTasks();
  #startFailure: SeedBulkError | undefined;
  /** Tasks that wait for their end, by how to end them from here. */
  readonly #waiting = new Set<(error: Error) => void>();
  #isStarting = true;
  #isClosed = false;
  #tasksLost = 0;
  #lastError: Error | undefined;

  /**
   * Starts the threads.
   * @param entry the name of a file of `workers/`, whose export `ready` does nothing
   * @param count how many
   * @param workerData what each gets when it starts
   * @throws SeedBulkError SB_WORKER_FAILED where their code is not there
   */
  constructor(entry: string, count: number, workerData: unknown) {
    this.count = count;
    this.#pool = new Piscina({
      filename: workerFile(entry),
      // None are kept ready by Piscina itself: it counts those as started before they have, and starts new ones in place
      // of ended ones where nobody can catch what that throws.
      minThreads: 0,
      maxThreads: count,
      idleTimeout: Number.POSITIVE_INFINITY,
      // By default a worker blocks in Atomics.wait for its next task, and the connection it keeps would go deaf meanwhile.
      atomics: "disabled",
      recordTiming: false,
      taskQueue: this.#queue,
      workerData,
    });
    this.#pool.on("error", (error: Error) => {
      this.#lastError = error;
    });
    this.#pool.on("workerDestroy", () => this.#threadEnded());
    void this.#start();
  }

  /**
   * Has a task done.
   * @throws SeedBulkError SB_WORKER_FAILED where a thread cannot start; any other error is of this task alone, which may
   * be asked for again
   */
  async run(task: unknown, options: RunOptions = {}): Promise<unknown> {
    if (this.#startFailure) throw this.#startFailure;
    // Of this task alone: a promise that outlives all tasks would hold on to each one's result.
    let giveUp: (error: Error) => void = () => {};
    const given = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    this.#waiting.add(giveUp);
    const done = this.#onThread(task, options);
    try {
      return await Promise.race([done, given]);
    } catch (error) {
      this.#tasksLost++;
      // Where another way led out of the race, nobody listens to this one any more.
      done.catch(() => {});
      throw this.#startFailure ?? error;
    } finally {
      this.#waiting.delete(giveUp);
    }
  }

  /** Ends the threads; what they still do is lost. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool.destroy();
  }

  /**
   * Piscina throws where a thread cannot be made, instead of rejecting, and keeps the task: it would make the thread
   * later, where nobody can catch what that throws.
   */
  async #onThread(task: unknown, options: RunOptions): Promise<unknown> {
    try {
      return this.#pool.run(task, options);
    } catch (error) {
      this.#queue.forgetNewest();
      throw error;
    }
  }

  async #start(): Promise<void> {
    // A task more than there are threads starts one.
    const started = Array.from({ length: this.count }, () => this.#onThread(undefined, { name: "ready" }));
    try {
      await Promise.all(started);
    } catch (cause) {
      this.#failToStart(cause as Error);
    }
    this.#isStarting = false;
    await Promise.allSettled(started);
  }

  #threadEnded(): void {
    if (this.#isClosed) return;
    const lostBefore = this.#tasksLost;
    // Its error, and the failure of the task it was at, come after this event.
    setImmediate(() => {
      const cause = this.#lastError ?? new Error("a worker thread ended before it was ready");
      if (this.#isStarting && this.#tasksLost === lostBefore) this.#failToStart(cause);
      if (this.#pool.threads.length > 0) return;
      // None is left to take what waits, and Piscina starts one only when it is asked for something new.
      this.#giveUpAll(cause);
    });
  }

  #failToStart(cause: Error): void {
    if (this.#isClosed || this.#startFailure) return;
    this.#startFailure = new SeedBulkError("SB_WORKER_FAILED", `a worker thread cannot start: ${cause.message}`, {
      cause,
      hint: hintFor(cause),
    });
    this.#giveUpAll(this.#startFailure);
    void this.close();
  }

  #giveUpAll(error: Error): void {
    this.#queue.forgetAll();
    for (const giveUp of this.#waiting) giveUp(error);
  }
}

/** What waits for a thread, which can be forgotten: nobody listens to it any more. */
class WaitingTasks implements TaskQueue {
  #tasks: Task[] = [];

  get size(): number {
    return this.#tasks.length;
  }

  shift(): Task | null {
    return this.#tasks.shift() ?? null;
  }

  remove(task: Task): void {
    this.#tasks = this.#tasks.filter((other) => other !== task);
  }

  push(task: Task): void {
    this.#tasks.push(task);
  }

  forgetNewest(): void {
    this.#tasks.pop();
  }

  forgetAll(): void {
    this.#tasks = [];
  }
}

function hintFor(cause: Error): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ERR_WORKER_INIT_FAILED") {
    return "The system allows no more threads (ulimit -u, a container's limit on processes): allow more, or choose fewer with --workers.";
  }
  if (lacksOpenFiles(cause)) return OPEN_FILES_HINT;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") return "Choose fewer threads with --workers, or allow more memory.";
  return "The package may not be whole: install it anew; in a clone, `npm run build`.";
}

/**
 * Threads run compiled code: beside this file, or in dist where this file runs from source, as under vitest.
 * @throws SeedBulkError SB_WORKER_FAILED where it is not there
 */
function workerFile(name: string): string {
  const root = import.meta.url.endsWith(".ts") ? "../../../dist/workers/" : "../../../workers/";
  const path = fileURLToPath(new URL(`${root}${name}.js`, import.meta.url));
  if (existsSync(path)) return path;
  throw new SeedBulkError("SB_WORKER_FAILED", `the code of worker threads is not there: ${path}`, {
    hint: "The package is not whole: install it anew; in a clone, `npm run build`.",
  });
}
