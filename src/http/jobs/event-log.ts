/** An event of a job, as a stream sends it. */
export interface JobEvent {
  /** From 1, without gaps. */
  readonly id: number;
  readonly event: "status" | "progress" | "phase" | "step" | "latencies" | "notice" | "end";
  readonly data: unknown;
}

/** Events kept for a client that comes back: two minutes of a load's. */
const KEPT_MAX = 512;

/**
 * A job's events: the last ones, and whoever listens. Of a job that has ended none is kept: who comes then is told how
 * it stands, which is all that the events came to, and a hundred such jobs are remembered.
 */
export class EventLog {
  readonly #events: JobEvent[] = [];
  readonly #listeners = new Set<(event: JobEvent) => void>();
  #lastId = 0;

  get lastId(): number {
    return this.#lastId;
  }

  /** How many events are kept. */
  get size(): number {
    return this.#events.length;
  }

  add(event: JobEvent["event"], data: unknown): void {
    const entry: JobEvent = { id: ++this.#lastId, event, data };
    this.#events.push(entry);
    if (this.#events.length > KEPT_MAX) this.#events.shift();
    for (const listener of this.#listeners) listener(entry);
    if (event !== "end") return;
    this.#events.length = 0;
    this.#listeners.clear();
  }

  /** The events behind an ID; undefined where some of them are kept no more, or the ID is of another log. */
  since(id: number): JobEvent[] | undefined {
    const first = this.#lastId - this.#events.length + 1;
    if (!Number.isInteger(id) || id < first - 1 || id > this.#lastId) return undefined;
    return this.#events.slice(id - first + 1);
  }

  /** @returns what ends the listening */
  listen(listener: (event: JobEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
