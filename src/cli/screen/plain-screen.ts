import { LoadProgress } from "../../engine/run/load-progress.js";
import type { Plan } from "../../model/plan.js";
import { type AnnouncedRun, announce } from "./announcement.js";
import { formatCount, formatPercent, formatSeconds, formatTimeLeft } from "./format.js";
import type { ScreenStream } from "./live-area.js";
import type { Screen } from "./screen.js";
import { escapeControls } from "./text.js";

/** Between two lines of progress in a log. */
const PROGRESS_INTERVAL_MS = 2000;

/** Tells a run in lines of plain text, for pipes, logs and dumb terminals. */
export class PlainScreen implements Screen {
  readonly #out: ScreenStream;
  readonly #nowMs: () => number;
  #plan: Plan | undefined;
  #progress: LoadProgress | undefined;
  #toldMs = 0;
  #closed = false;

  constructor(out: ScreenStream, nowMs: () => number) {
    this.#out = out;
    this.#nowMs = nowMs;
  }

  planned(plan: Plan, run: AnnouncedRun): void {
    this.#plan = plan;
    for (const line of announce(plan, run)) this.#print(line);
  }

  phaseStarted(phase: string): void {
    this.#print(`${phase}  started`);
    if (phase !== "load" || this.#plan === undefined) return;
    this.#toldMs = this.#nowMs();
    this.#progress = new LoadProgress(this.#plan, this.#toldMs);
  }

  phaseEnded(phase: string, seconds: number): void {
    const made = phase === "load" ? this.#progress?.made() : undefined;
    if (phase === "load") this.#progress = undefined;
    const rate = made === undefined ? "" : `  ${formatCount(made)} rows  ${formatCount(made / seconds)} rows/s`;
    this.#print(`${phase}  done in ${formatSeconds(seconds)}${rate}`);
  }

  skipped(rows: readonly number[]): void {
    this.#progress?.skip(rows);
  }

  progress(rows: readonly number[]): void {
    const nowMs = this.#nowMs();
    this.#progress?.record(rows, nowMs);
    if (this.#progress === undefined || nowMs - this.#toldMs < PROGRESS_INTERVAL_MS) return;
    this.#toldMs = nowMs;
    const total = this.#progress.total();
    const cells = [
      "load",
      formatPercent({ part: total.rows, of: total.rowsTotal }),
      `${formatCount(total.rows)} of ${formatCount(total.rowsTotal)} rows`,
      `${formatCount(total.rowsPerSecond ?? 0)} rows/s`,
      ...(total.secondsLeft === undefined ? [] : [`${formatTimeLeft(total.secondsLeft)} left`]),
    ];
    this.#print(cells.join("  "));
  }

  notice(message: string): void {
    this.#print(message);
  }

  close(): void {
    this.#closed = true;
  }

  #print(line: string): void {
    if (!this.#closed) this.#out.write(`${escapeControls(line)}\n`);
  }
}
