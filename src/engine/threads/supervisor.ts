import type { RunObserver } from "../observer.js";

/** Between two looks at the threads' counters. */
const PROGRESS_INTERVAL_MS = 200;
/** How long threads may take to undo what they do once asked to stop; then they are ended. */
const STOP_GRACE_MS = 1500;

/** What the threads of one job share with their coordinator. */
export interface SharedCounters {
  readonly entities: readonly string[];
  /** Rows done, by the entity's place in `entities`: BigInt64. */
  readonly progress: SharedArrayBuffer;
  /** Int32; 1 asks the threads to undo what they do and stop. */
  readonly cancel: SharedArrayBuffer;
}

/** The coordinator's side of the counters: tells an observer how far threads are, and asks them to stop. */
export class Supervisor {
  readonly shared: SharedCounters;
  readonly #progress: BigInt64Array;
  readonly #cancel: Int32Array;
  readonly #observer: RunObserver | undefined;
  readonly #signal: AbortSignal | undefined;
  #ticker: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
  #onAbort = (): void => {};

  constructor(
    entities: readonly string[],
    options: { readonly signal?: AbortSignal | undefined; readonly observer?: RunObserver | undefined },
  ) {
    this.#progress = new BigInt64Array(new SharedArrayBuffer(8 * Math.max(1, entities.length)));
    this.#cancel = new Int32Array(new SharedArrayBuffer(4));
    this.#observer = options.observer;
    this.#signal = options.signal;
    this.shared = {
      entities,
      progress: this.#progress.buffer as SharedArrayBuffer,
      cancel: this.#cancel.buffer as SharedArrayBuffer,
    };
  }

  /** Counts rows that need not be made. */
  skip(entity: string, rows: number): void {
    Atomics.add(this.#progress, this.shared.entities.indexOf(entity), BigInt(rows));
  }

  /**
   * Begins to tell the observer, and to listen to the signal.
   * @param endThreads ends threads that do not stop by themselves
   * @param onTick done after each look at the counters
   */
  begin(endThreads: () => Promise<void>, onTick: () => void = () => {}): void {
    this.#ticker = setInterval(() => {
      this.#report();
      onTick();
    }, PROGRESS_INTERVAL_MS);
    this.#onAbort = () => {
      this.stopThreads();
      this.#grace = setTimeout(() => void endThreads(), STOP_GRACE_MS);
    };
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (this.#signal?.aborted) this.#onAbort();
  }

  /** Asks the threads to stop. */
  stopThreads(): void {
    Atomics.store(this.#cancel, 0, 1);
  }

  /** The counters are looked at a last time; threads that are still at work are asked to stop. */
  end(): void {
    this.stopThreads();
    clearInterval(this.#ticker);
    clearTimeout(this.#grace);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#report();
  }

  #report(): void {
    this.#observer?.progress?.(Array.from(this.#progress, Number));
  }
}
