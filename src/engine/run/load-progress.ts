import type { Plan } from "../../model/plan.js";

/** Rates are of the last so many milliseconds: steady enough to read, quick enough to show a stall. */
const RATE_WINDOW_MS = 3000;
/** A finished entity's rate is shown only if it took longer: what is seen of it comes at intervals of 200 ms. */
const RATE_SPAN_MS_MIN = 500;

/** How far one entity, or all of them, have come. */
export interface ProgressLine {
  readonly name: string;
  readonly rows: number;
  readonly rowsTotal: number;
  readonly state: "waiting" | "active" | "done";
  /** Absent while nothing is known or nothing moves. */
  readonly rowsPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}

interface Sample {
  readonly atMs: number;
  readonly rows: readonly number[];
}

interface Span {
  /** When the entity was last seen without a row. */
  startedMs: number;
  endedMs: number | undefined;
}

/** Turns the row counts of a load into rates and times left. */
export class LoadProgress {
  readonly #plan: Plan;
  readonly #spans: Span[];
  readonly #startedMs: number;
  /** The window's samples, oldest first; at least one. */
  #samples: Sample[];
  /** Rows that were there before this load began. */
  #before: readonly number[];

  constructor(plan: Plan, nowMs: number) {
    this.#plan = plan;
    this.#startedMs = nowMs;
    this.#spans = plan.entities.map(() => ({ startedMs: nowMs, endedMs: undefined }));
    this.#before = plan.entities.map(() => 0);
    this.#samples = [{ atMs: nowMs, rows: this.#before }];
  }

  /** Rows that an earlier attempt has made count, and not as if they were made now. @param rows as `record` has them */
  skip(rows: readonly number[]): void {
    this.#before = [...rows];
    this.#samples = [{ atMs: this.#startedMs, rows: this.#before }];
  }

  /** Of all rows, those that are there; 1 where there are none. */
  share(): number {
    const { rows, rowsTotal } = this.total();
    return rowsTotal === 0 ? 1 : rows / rowsTotal;
  }

  /** Rows that this load has made. */
  made(): number {
    return Math.max(0, sum(this.#latest.rows) - sum(this.#before));
  }

  /** @param rows made so far, in the order of the plan's entities; fewer than before where a shard is made again */
  record(rows: readonly number[], nowMs: number): void {
    this.#samples.push({ atMs: nowMs, rows: [...rows] });
    while (this.#samples.length > 2 && this.#samples[1].atMs <= nowMs - RATE_WINDOW_MS) this.#samples.shift();
    for (const [index, span] of this.#spans.entries()) {
      if ((rows[index] ?? 0) <= this.#before[index]) span.startedMs = nowMs;
      if ((rows[index] ?? 0) < this.#plan.entities[index].rows) span.endedMs = undefined;
      else span.endedMs ??= nowMs;
    }
  }

  /** In the order of the plan. */
  entities(): ProgressLine[] {
    return this.#plan.entities.map(({ entity, rows: rowsTotal }, index) => {
      const rows = Math.min(rowsTotal, this.#latest.rows[index] ?? 0);
      const state = rows >= rowsTotal ? "done" : rows === 0 ? "waiting" : "active";
      const rowsPerSecond = state === "done" ? this.#averageRate(index) : this.#recentRate(index);
      const secondsLeft = state === "active" && rowsPerSecond ? (rowsTotal - rows) / rowsPerSecond : undefined;
      return { name: entity, rows, rowsTotal, state, rowsPerSecond, secondsLeft };
    });
  }

  /** All entities together. Time left goes by bytes, since rows of one entity take longer than those of another. */
  total(): ProgressLine {
    const oldest = this.#samples[0];
    const seconds = (this.#latest.atMs - oldest.atMs) / 1000;
    const rows = Math.min(this.#plan.rows, sum(this.#latest.rows));
    const state = rows >= this.#plan.rows ? "done" : rows === 0 ? "waiting" : "active";
    const bytesPerSecond = rate(this.#bytes(this.#latest) - this.#bytes(oldest), seconds);
    const bytesLeft = Math.max(0, this.#plan.bytesEstimated - this.#bytes(this.#latest));
    return {
      name: "total",
      rows,
      rowsTotal: this.#plan.rows,
      state,
      rowsPerSecond:
        state === "done"
          ? rate(this.made(), (this.#latest.atMs - this.#startedMs) / 1000)
          : rate(rows - sum(oldest.rows), seconds),
      secondsLeft: state === "active" && bytesPerSecond ? bytesLeft / bytesPerSecond : undefined,
    };
  }

  get #latest(): Sample {
    return this.#samples[this.#samples.length - 1];
  }

  #bytes({ rows }: Sample): number {
    return sum(rows.map((count, index) => count * (this.#plan.entities[index]?.rowBytes ?? 0)));
  }

  #averageRate(index: number): number | undefined {
    const { startedMs, endedMs } = this.#spans[index];
    const spanMs = (endedMs ?? startedMs) - startedMs;
    const made = this.#plan.entities[index].rows - this.#before[index];
    return spanMs < RATE_SPAN_MS_MIN ? undefined : rate(made, spanMs / 1000);
  }

  #recentRate(index: number): number | undefined {
    const since = this.#samples.findLast(({ atMs }) => atMs <= this.#spans[index].startedMs) ?? this.#samples[0];
    return rate(this.#latest.rows[index] - since.rows[index], (this.#latest.atMs - since.atMs) / 1000);
  }
}

function rate(amount: number, seconds: number): number | undefined {
  return amount > 0 && seconds > 0 ? amount / seconds : undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
