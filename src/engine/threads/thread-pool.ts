import { existsSync } from "node:fs";
import { join } from "node:path";
import { Piscina, type TaskQueue } from "piscina";
import { SeedBulkError } from "../../errors.js";
import { lacksOpenFiles, OPEN_FILES_HINT } from "../../platform/open-files.js";
import { packageRoot } from "../../platform/package.js";

type RunOptions = Parameters<Piscina["run"]>[1];
type Task = Parameters<TaskQueue["push"]>[0];

/** What Piscina tells of a thread. */
interface Thread {
  readonly destroyed: boolean;
}

/**
 * Worker threads, each at one task at a time. Where one cannot start (no code, no memory, a limit on processes), all
 * that is asked of the pool fails at once with SB_WORKER_FAILED; where one that has started ends, its task fails with
 * whatever ended it, and the next task starts another, of which the same holds.
 */
export class ThreadPool {
  readonly count: number;
  readonly #pool: Piscina;
  readonly #queue = new WaitingTasks();
  #startFailure: SeedBulkError | undefined;
  /** Tasks that wait for their end, by how to end them from here. */
  readonly #waiting = new Set<(error: Error) => void>();
  /** Those that have loaded their code. */
  readonly #ready = new Set<Thread>();
  #startSettled: () => void = () => {};
  #closed: Promise<void> | undefined;
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
    this.#pool.on("workerCreate", (thread: Thread) => this.#threadReady(thread));
    this.#pool.on("workerDestroy", () => this.#threadEnded());
    this.#start();
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
      // Where another way led out of the race, nobody listens to this one any more.
      done.catch(() => {});
      throw this.#startFailure ?? error;
    } finally {
      this.#waiting.delete(giveUp);
    }
  }

  /**
   * Ends the threads; what they still do is lost. Threads that are starting are let start first: ended while it loads
   * its code, a thread takes the whole process with it ("FATAL ERROR: v8::Module::IsGraphAsync").
   */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    this.#giveUpAll(new Error("the worker threads were ended"));
    while (this.#pool.threads.length > this.#ready.size) {
      await new Promise<void>((settled) => {
        this.#startSettled = settled;
      });
    }
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
      this.#failToStart(error as Error);
      throw error;
    }
  }

  #start(): void {
    // A task more than there are threads starts one.
    for (let i = 0; i < this.count; i++) this.#onThread(undefined, { name: "ready" }).catch(() => {});
  }

  #threadReady(thread: Thread): void {
    this.#ready.add(thread);
    this.#startSettled();
  }

  #threadEnded(): void {
    const thread = [...this.#ready].find((ready) => ready.destroyed);
    if (thread) this.#ready.delete(thread);
    // Its error, and the failure of the task it was at, come after this event; so does its leave of the pool.
    setImmediate(() => {
      this.#startSettled();
      if (this.#closed) return;
      const cause = this.#lastError ?? new Error("a worker thread ended before it was ready");
      if (!thread) this.#failToStart(cause);
      if (this.#pool.threads.length > 0) return;
      // None is left to take what waits, and Piscina starts one only when it is asked for something new.
      this.#giveUpAll(cause);
    });
  }

  #failToStart(cause: Error): void {
    if (this.#closed || this.#startFailure) return;
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

/**
 * What waits for a thread, which can be forgotten: nobody listens to it any more. It gives one at a time: a thread that
 * is free takes no more, and for a second one Piscina would make another thread, out of reach of any `catch`.
 */
class WaitingTasks implements TaskQueue {
  #tasks: Task[] = [];
  #hasJustGiven = false;

  get size(): number {
    return this.#hasJustGiven ? 0 : this.#tasks.length;
  }

  shift(): Task | null {
    this.#hasJustGiven = true;
    queueMicrotask(() => {
      this.#hasJustGiven = false;
    });
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
 * Threads run what was built, also where this file runs from source, as under vitest.
 * @throws SeedBulkError SB_WORKER_FAILED where it is not there
 */
function workerFile(name: string): string {
  const path = join(packageRoot(), "dist/bundle/workers", `${name}.js`);
  if (existsSync(path)) return path;
  throw new SeedBulkError("SB_WORKER_FAILED", `the code of worker threads is not there: ${path}`, {
    hint: "The package is not whole: install it anew; in a clone, `npm run build`.",
  });
}
