import { LoadProgress } from "../../engine/run/load-progress.js";
import { RunProgress } from "../../engine/run/run-progress.js";
import type { Plan } from "../../model/plan.js";
import { type AnnouncedRun, announce } from "./announcement.js";
import { formatCount, formatSeconds } from "./format.js";
import { LiveArea, type ScreenStream } from "./live-area.js";
import { drawLoad, drawWhole } from "./load-frame.js";
import type { Screen } from "./screen.js";
import type { Paint } from "./style.js";
import { escapeControls, padLeft, padRight, truncate, wrapHard, wrapWords } from "./text.js";

/** Ten frames a second: smooth to the eye, and next to nothing to a terminal at the end of a slow line. */
const FRAME_INTERVAL_MS = 100;
const COLUMNS_DEFAULT = 80;
const ROWS_DEFAULT = 24;
/** The longest phase name and the longest time, "59 min 59 s", for lines that align. */
const PHASE_WIDTH = 10;
const TIME_WIDTH = 11;

export interface TerminalScreenOptions {
  readonly out: ScreenStream;
  readonly nowMs: () => number;
  readonly paint: Paint;
  readonly unicode: boolean;
  /** Whether checks follow the load. */
  readonly verifies: boolean;
}

interface RunningPhase {
  readonly name: string;
  readonly startedMs: number;
  stepsDone: number;
  lastStep: string;
}

/** Shows a run on a terminal: what is going on is redrawn in place, what is done stays as a line. */
export class TerminalScreen implements Screen {
  readonly #options: TerminalScreenOptions;
  readonly #area: LiveArea;
  #plan: Plan | undefined;
  #progress: LoadProgress | undefined;
  #phase: RunningPhase | undefined;
  #whole: RunProgress | undefined;
  #ticker: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: TerminalScreenOptions) {
    this.#options = options;
    this.#area = new LiveArea(options.out);
  }

  planned(plan: Plan, run: AnnouncedRun): void {
    this.#plan = plan;
    // Rows that go nowhere are made, and that is all.
    if (run.sink === "postgres") this.#whole = new RunProgress({ finishes: true, verifies: this.#options.verifies });
    for (const line of announce(plan, run)) this.#printWrapped(line, "      ");
  }

  phaseStarted(name: string): void {
    const startedMs = this.#options.nowMs();
    this.#phase = { name, startedMs, stepsDone: 0, lastStep: "" };
    this.#whole?.phaseStarted(name, startedMs);
    if (name === "load" && this.#plan) this.#progress = new LoadProgress(this.#plan, startedMs);
    if (this.#closed) return;
    this.#ticker ??= setInterval(() => this.#area.draw(this.#frame()), FRAME_INTERVAL_MS).unref();
  }

  phaseEnded(phase: string, seconds: number): void {
    const made = phase === "load" ? this.#progress?.made() : undefined;
    if (phase === "load") this.#progress = undefined;
    this.#phase = undefined;
    this.#whole?.phaseEnded(phase, this.#options.nowMs());
    const rate = made === undefined ? "" : `  ${formatCount(made)} rows, ${formatCount(made / seconds)} rows/s`;
    this.#print([this.#phaseLine(phase, seconds, rate)]);
  }

  skipped(rows: readonly number[]): void {
    this.#progress?.skip(rows);
    if (this.#progress) this.#whole?.skipped(this.#progress.share());
  }

  progress(rows: readonly number[]): void {
    this.#progress?.record(rows, this.#options.nowMs());
    if (this.#progress) this.#whole?.loaded(this.#progress.share());
  }

  stepEnded(step: string): void {
    if (this.#phase === undefined) return;
    this.#phase.stepsDone++;
    this.#phase.lastStep = step;
  }

  notice(message: string): void {
    this.#printWrapped(escapeControls(message), "  ");
  }

  close(): void {
    if (this.#closed) return;
    clearInterval(this.#ticker);
    // A load that was broken off leaves its bars on the terminal: they say how far it came.
    if (this.#phase) this.#area.draw(this.#frame());
    this.#area.close();
    this.#closed = true;
  }

  /** One less than the terminal has: a character in the last column makes some of them start a new line. */
  get #width(): number {
    return (this.#options.out.columns || COLUMNS_DEFAULT) - 1;
  }

  #frame(): string[] {
    const look = { ...this.#options, width: this.#width };
    const nowMs = this.#options.nowMs();
    const whole =
      this.#whole === undefined
        ? []
        : [drawWhole({ share: this.#whole.share(nowMs), secondsLeft: this.#whole.secondsLeft(nowMs) }, look)];
    if (this.#progress) {
      const terminalRows = (this.#options.out.rows || ROWS_DEFAULT) - whole.length;
      const load = { entities: this.#progress.entities(), total: this.#progress.total() };
      return [...drawLoad(load, { ...look, terminalRows }), ...whole];
    }
    if (this.#phase === undefined) return [];
    const { name, startedMs, stepsDone, lastStep } = this.#phase;
    const steps = stepsDone > 0 ? `  ${stepsDone} done, last: ${escapeControls(lastStep)}` : "";
    // Tenths of a second are as much as anybody reads while they change.
    const seconds = Math.floor((nowMs - startedMs) / 100) / 10;
    return [this.#phaseLine(name, seconds, steps), ...whole];
  }

  #phaseLine(phase: string, seconds: number, rest: string): string {
    const time = padLeft(formatSeconds(seconds), TIME_WIDTH);
    const name = padRight(escapeControls(phase), PHASE_WIDTH);
    const line = truncate(`${name}${time}${rest}`, this.#width);
    return line.startsWith(name) ? this.#options.paint.green(name) + line.slice(name.length) : line;
  }

  #printWrapped(text: string, indent: string): void {
    const [first, ...more] = wrapWords(text, Math.max(1, this.#width - indent.length));
    this.#print(
      [first, ...more.map((line) => indent + line)].flatMap((line) =>
        // An address is to be copied whole: the terminal breaks it where it must.
        line.includes("://") ? [line] : wrapHard(line, this.#width),
      ),
    );
  }

  #print(lines: readonly string[]): void {
    if (!this.#closed) this.#area.print(lines);
  }
}
