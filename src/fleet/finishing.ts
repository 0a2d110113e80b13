import { setTimeout as delay } from "node:timers/promises";
import { carryOutStep, type Lane, type StepOptions } from "../engine/run/finish.js";
import { FINISHING_PHASES, type FinishingStep, SEQUENTIAL_PHASES } from "../engine/schedule/finishing-steps.js";
import { claimedSteps, claimSteps, unclaimSteps } from "../ledger/claims.js";
import { requireLease } from "../ledger/lease.js";
import { lockedState, type RunState, runState, setRunState } from "../ledger/runs.js";
import { committedSums, isWhole, type Sums } from "../ledger/shards.js";
import { finishedSteps } from "../ledger/steps.js";
import type { Plan } from "../model/plan.js";
import { close, inTransaction } from "../postgres/connection.js";
import type { KeptConnection } from "./kept-connection.js";

/** Between two looks at the ledger, where there is nothing to do that others do not do already. */
const LOOK_MS = 500;
/** The same while this worker loads rows itself. */
const LOOK_BESIDE_MS = 3000;

/** Steps that are claimed and done together: asking for each alone would take as long as they do. */
const QUICK_STEPS = 16;
const QUICK_PHASES: ReadonlySet<string> = new Set(["sequences"]);
/** Of a table with fewer rows any step is over in a moment. */
const QUICK_ROWS_MAX = 50_000;

/** How far a run is, as one look at the ledger shows it. */
export interface Outlook {
  readonly state: RunState;
  readonly done: ReadonlySet<string>;
  readonly claimed: ReadonlySet<string>;
  /** What is committed, by entity. */
  readonly sums: ReadonlyMap<string, Sums>;
}

/**
 * The steps that a worker may begin now. Indexes of a table that is complete are built while others still come in; all
 * else waits for the whole load, phase by phase, since its locks would keep rows out.
 */
export function stepsOpen(steps: readonly FinishingStep[], plan: Plan, outlook: Outlook): FinishingStep[] {
  const { state, done, claimed, sums } = outlook;
  const undone = steps.filter(({ name }) => !done.has(name));
  if (state === "loading") {
    const complete = new Set(
      plan.entities.flatMap(({ entity, shardCount }) =>
        (sums.get(entity)?.shards ?? 0) === shardCount ? [entity] : [],
      ),
    );
    return undone.filter(
      ({ phase, entity, name }) => phase === "indexes" && complete.has(entity) && !claimed.has(name),
    );
  }
  const phase = FINISHING_PHASES.find((one) => undone.some((step) => step.phase === one));
  if (phase === undefined) return [];
  const open = undone.filter((step) => step.phase === phase);
  const isTaken = SEQUENTIAL_PHASES.has(phase) && open.some(({ name }) => claimed.has(name));
  return isTaken ? [] : open.filter(({ name }) => !claimed.has(name));
}

export interface FinishingOptions extends Omit<StepOptions, "signal"> {
  readonly plan: Plan;
  readonly unlogged: boolean;
  /** For what is asked of the ledger. */
  readonly ledger: KeptConnection;
  /** All steps of the run. */
  readonly steps: readonly FinishingStep[];
  readonly connections: number;
  readonly signal: AbortSignal;
  /** Rows of an entity: the largest tables are worked on first. */
  readonly rowsOf: (entity: string) => number;
}

/** One worker's part in finishing a run. Each step is claimed before it is begun, and done once. */
export class Finishing {
  readonly #options: FinishingOptions;
  readonly #steps: readonly FinishingStep[];
  readonly #lanes: Lane[];
  /** Steps that this worker is at, each until it is done. */
  readonly #running = new Map<string, Promise<void>>();
  #lanesBusy = 0;
  #failure: unknown;
  #stepsDone = 0;

  constructor(options: FinishingOptions) {
    const { steps, rowsOf, connections } = options;
    this.#options = options;
    this.#steps = [...steps].sort((a, b) => rowsOf(b.entity) - rowsOf(a.entity));
    this.#lanes = Array.from({ length: Math.max(1, connections) }, () => ({ client: undefined }));
  }

  /** Steps that this worker has done. */
  get stepsDone(): number {
    return this.#stepsDone;
  }

  /** Builds indexes of tables that are complete, one at a time, until it is told that the load is over here. */
  async besideLoad(over: AbortSignal): Promise<void> {
    while (!over.aborted && !this.#options.signal.aborted) {
      const outlook = await this.#look();
      const open = outlook.state === "loading" ? stepsOpen(this.#steps, this.#options.plan, outlook) : [];
      if (open.length > 0) await this.#begin(open, 1);
      const { value: running } = this.#running.values().next();
      await (running ?? delay(LOOK_BESIDE_MS, undefined, { signal: over }).catch(() => {}));
      if (this.#failure !== undefined) throw this.#failure;
    }
  }

  /**
   * Does what is left of a run together with all others, until it is done.
   * @param waits whether to wait for rows that others still make
   * @returns the state that it leaves the run in
   */
  async toTheEnd(waits: boolean): Promise<RunState> {
    const { plan, signal } = this.#options;
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      signal.throwIfAborted();
      const outlook = await this.#look();
      if (outlook.state !== "loading" && outlook.state !== "finishing") return outlook.state;
      if (await this.#moveOn(outlook)) continue;
      const open = stepsOpen(this.#steps, plan, outlook).filter(({ name }) => !this.#running.has(name));
      const began = await this.#begin(open, this.#lanes.length);
      if (began) continue;
      if (outlook.state === "loading" && !waits && this.#running.size === 0) return outlook.state;
      await Promise.race([...this.#running.values(), delay(LOOK_MS)]);
    }
  }

  /** Waits for what it has begun, and lets go of its connections. */
  async close(): Promise<void> {
    await Promise.all(this.#running.values());
    await Promise.all(this.#lanes.map(({ client }) => client && close(client)));
  }

  #look(): Promise<Outlook> {
    const { runId, unlogged, lease, ledger } = this.#options;
    return ledger.run((client) =>
      inTransaction(client, async () => {
        await requireLease(client, lease);
        return {
          state: (await runState(client, runId)).state,
          done: await finishedSteps(client, runId),
          claimed: await claimedSteps(client, runId),
          sums: await committedSums(client, { runId, unlogged }),
        };
      }),
    );
  }

  /**
   * Moves the run to its next state where all of the one before is done: of all workers that see so, one does it.
   * @returns whether the run is in another state now
   */
  async #moveOn({ state, done, sums }: Outlook): Promise<boolean> {
    const { runId, unlogged, lease, plan, ledger } = this.#options;
    if (state === "finishing" && this.#steps.some(({ name }) => !done.has(name))) return false;
    if ([...sums.values()].reduce((sum, { shards }) => sum + shards, 0) < plan.shardCount) return false;
    return ledger.run((client) =>
      inTransaction(client, async () => {
        await requireLease(client, lease);
        if ((await lockedState(client, runId)) !== state) return true;
        if (!(await isWhole(client, { runId, unlogged }, plan))) return false;
        await setRunState(client, runId, state === "loading" ? "finishing" : "done");
        return true;
      }),
    );
  }

  /** Claims and begins as much of what is open as there are lanes free, and says whether that was any. */
  async #begin(open: readonly FinishingStep[], lanesMax: number): Promise<boolean> {
    const { runId, lease, ledger } = this.#options;
    let began = false;
    for (const group of this.#groupsOf(open)) {
      if (this.#lanesBusy >= lanesMax) break;
      const names = group.map(({ name }) => name);
      const claimed = await ledger.run((client) => claimSteps(client, { runId, lease }, names));
      const own = group.filter(({ name }) => claimed.has(name));
      if (own.length === 0) continue;
      this.#run(own);
      began = true;
    }
    return began;
  }

  /** Steps that one lane does one after another: quick ones together, and those that may not run side by side. */
  #groupsOf(open: readonly FinishingStep[]): FinishingStep[][] {
    const { rowsOf } = this.#options;
    if (open.length > 0 && SEQUENTIAL_PHASES.has(open[0].phase)) return [[...open]];
    const isQuick = ({ phase, entity }: FinishingStep): boolean =>
      QUICK_PHASES.has(phase) || rowsOf(entity) < QUICK_ROWS_MAX;
    const groups = open.filter((step) => !isQuick(step)).map((step) => [step]);
    const quick = open.filter(isQuick);
    for (let at = 0; at < quick.length; at += QUICK_STEPS) groups.push(quick.slice(at, at + QUICK_STEPS));
    return groups;
  }

  #run(steps: readonly FinishingStep[]): void {
    const lane = this.#lanes.pop()!;
    this.#lanesBusy++;
    const work = async (): Promise<void> => {
      const left = [...steps];
      try {
        while (left.length > 0 && this.#failure === undefined) {
          await carryOutStep(lane, left[0], this.#options);
          this.#stepsDone++;
          left.shift();
        }
      } catch (error) {
        this.#failure ??= error;
      }
      if (left.length > 0) await this.#unclaim(left);
      this.#lanes.push(lane);
      this.#lanesBusy--;
      for (const { name } of steps) this.#running.delete(name);
    };
    const done = work();
    for (const { name } of steps) this.#running.set(name, done);
  }

  async #unclaim(steps: readonly FinishingStep[]): Promise<void> {
    const { runId, lease, ledger } = this.#options;
    const names = steps.map(({ name }) => name);
    // Where that fails too, the claims end with this worker's share.
    await ledger.run((client) => unclaimSteps(client, { runId, lease }, names)).catch(() => {});
  }
}
