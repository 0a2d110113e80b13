import type { RunObserver } from "../engine/observer.js";
import type { ShareFigures } from "../ledger/shares.js";

/** The rate is of about the last so many milliseconds. */
const RATE_WINDOW_MS = 10_000;

/** Follows what a worker does, for the row that it has in the ledger. */
export class Figures {
  /** What the work tells; it goes on to the caller's observer. */
  readonly observer: RunObserver;
  #doing = "loading";
  #rows = 0;
  /** Rows at some moments of the window, oldest first. */
  readonly #samples: { readonly atMs: number; readonly rows: number }[] = [];

  constructor(next: RunObserver = {}) {
    this.observer = {
      planned: (plan, run) => next.planned?.(plan, run),
      phaseStarted: (phase) => next.phaseStarted?.(phase),
      phaseEnded: (phase, seconds) => next.phaseEnded?.(phase, seconds),
      skipped: (rows) => next.skipped?.(rows),
      progress: (rows) => {
        this.#rows = rows.reduce((sum, count) => sum + count, 0);
        next.progress?.(rows);
      },
      latencies: (latencies) => next.latencies?.(latencies),
      stepEnded: (step, seconds) => next.stepEnded?.(step, seconds),
      notice: (message) => next.notice?.(message),
    };
  }

  /** @param doing what the worker is at from now on */
  enter(doing: string): void {
    this.#doing = doing;
  }

  now(): ShareFigures {
    const atMs = performance.now();
    this.#samples.push({ atMs, rows: this.#rows });
    while (this.#samples.length > 2 && this.#samples[1].atMs < atMs - RATE_WINDOW_MS) this.#samples.shift();
    const [first] = this.#samples;
    const seconds = (atMs - first.atMs) / 1000;
    const rowsPerSecond = seconds > 0 ? (this.#rows - first.rows) / seconds : 0;
    return { doing: this.#doing, rows: this.#rows, rowsPerSecond };
  }
}
