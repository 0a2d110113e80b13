import { TryLaterError } from "../problems.js";

interface Entry {
  readonly key: string;
  readonly work: () => Promise<void>;
}

/** When a full queue is worth asking again. */
const RETRY_SECONDS = 10;

/** One thing at a time, and a bounded number that waits. */
export class WorkQueue {
  readonly #waitingMax: number;
  readonly #what: string;
  readonly #waiting: Entry[] = [];
  #running: Promise<void> | undefined;

  /** @param what waits, for the error's words */
  constructor(what: string, waitingMax: number) {
    this.#what = what;
    this.#waitingMax = waitingMax;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** @throws SB_QUEUE_FULL */
  requireRoom(): void {
    if (this.#waiting.length < this.#waitingMax) return;
    throw new TryLaterError("SB_QUEUE_FULL", `${this.#waitingMax} ${this.#what} wait already`, {
      retryAfterSeconds: RETRY_SECONDS,
      hint: "Wait for one to end, or cancel one.",
    });
  }

  /**
   * Adds work, which must not throw.
   * @throws SB_QUEUE_FULL
   */
  add(key: string, work: () => Promise<void>): void {
    this.requireRoom();
    this.#waiting.push({ key, work });
    this.#next();
  }

  /** How many are before it; null where it does not wait. */
  positionOf(key: string): number | null {
    const at = this.#waiting.findIndex((entry) => entry.key === key);
    return at < 0 ? null : at + 1;
  }

  /** Takes back what has not begun. @returns whether it waited */
  remove(key: string): boolean {
    const at = this.#waiting.findIndex((entry) => entry.key === key);
    if (at >= 0) this.#waiting.splice(at, 1);
    return at >= 0;
  }

  /** Resolves once nothing runs and nothing waits. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const entry = this.#waiting.shift();
    if (entry === undefined) return;
    this.#running = entry.work().finally(() => {
      this.#running = undefined;
      this.#next();
    });
  }
}
