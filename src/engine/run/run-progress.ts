import { FINISHING_PHASES } from "../schedule/finishing-steps.js";

/**
 * What parts of a run's time its phases take, in percent: of `load_test` on two cores that Postgres shares. The rows are
 * two fifths of it, and a bar of rows alone is full long before the run is done.
 */
const WEIGHTS: Readonly<Record<string, number>> = {
  schema: 1,
  load: 38,
  indexes: 20,
  keys: 1,
  references: 1,
  validation: 7,
  sequences: 1,
  statistics: 5,
  verify: 26,
};

/**
 * How far a run of another process is at least, of which the rows alone are known.
 * @param loaded the rows' share, 0 to 1
 */
export function shareByRows(loaded: number): number {
  const before = WEIGHTS["schema"];
  const whole = Object.values(WEIGHTS).reduce((sum, weight) => sum + weight, 0);
  return (before + WEIGHTS["load"] * loaded) / whole;
}

/** A phase that takes longer than was thought stands still before its end. */
const SHARE_OF_PHASE_MAX = 0.95;

/** How far a run is in all its phases. */
export class RunProgress {
  /** What is still to come, and what goes on; a phase that nobody expected counts nothing. */
  readonly #weights: Map<string, number>;
  readonly #whole: number;
  #done = 0;
  /** Milliseconds that the phases done have taken. */
  #doneMs = 0;
  /** Of the whole, what an earlier attempt has done: it took no time of this one. */
  #before = 0;
  #current: { readonly phase: string; readonly startedMs: number; share: number } | undefined;

  /** @param run whether its rows go into a database, where keys and indexes follow, and whether checks do */
  constructor({ finishes, verifies }: { readonly finishes: boolean; readonly verifies: boolean }) {
    const phases = [
      ...(finishes ? ["schema", "load", ...FINISHING_PHASES] : ["load"]),
      ...(verifies ? ["verify"] : []),
    ];
    const expected = phases.filter((phase) => Object.hasOwn(WEIGHTS, phase));
    this.#weights = new Map(expected.map((phase) => [phase, WEIGHTS[phase]]));
    this.#whole = [...this.#weights.values()].reduce((sum, weight) => sum + weight, 0);
  }

  phaseStarted(phase: string, nowMs: number): void {
    this.#current = { phase, startedMs: nowMs, share: 0 };
  }

  /** @param share of the load's rows or bytes that is made, 0 to 1; other phases go by the time they take */
  loaded(share: number): void {
    if (this.#current?.phase === "load") this.#current.share = share;
  }

  /** What of the load an earlier attempt has made. @param share as `loaded` has it */
  skipped(share: number): void {
    this.loaded(share);
    this.#before = ((this.#weights.get("load") ?? 0) * share) / this.#whole;
  }

  phaseEnded(phase: string, nowMs: number): void {
    if (this.#current?.phase === phase) this.#doneMs += nowMs - this.#current.startedMs;
    this.#current = undefined;
    this.#done += this.#weights.get(phase) ?? 0;
    this.#weights.delete(phase);
  }

  /** Of the whole run, 0 to 1; 1 where nothing is left to do. */
  share(nowMs: number): number {
    const { phase, startedMs, share } = this.#current ?? { phase: "", startedMs: nowMs, share: 0 };
    const weight = this.#weights.get(phase) ?? 0;
    const part = phase === "load" ? share : this.#shareByTime(weight, nowMs - startedMs);
    return (this.#done + weight * part) / this.#whole;
  }

  /** Seconds until the run's end, by what the phases done have taken; undefined while nothing is known. */
  secondsLeft(nowMs: number): number | undefined {
    const share = this.share(nowMs);
    const ms = this.#doneMs + (this.#current ? nowMs - this.#current.startedMs : 0);
    const own = share - this.#before;
    return own > 0.02 && ms > 0 ? (ms / 1000 / own) * (1 - share) : undefined;
  }

  #shareByTime(weight: number, ms: number): number {
    if (this.#done === 0 || weight === 0) return 0;
    const expectedMs = (weight * this.#doneMs) / this.#done;
    return expectedMs === 0 ? 0 : Math.min(SHARE_OF_PHASE_MAX, ms / expectedMs);
  }
}
