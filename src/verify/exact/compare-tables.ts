import { setTimeout as delay } from "node:timers/promises";
import type { RunObserver } from "../../engine/observer.js";
import { ATTEMPTS_MAX, retryDelayMs } from "../../engine/threads/retrying.js";
import { ERROR_CODES, type ErrorCode, SeedBulkError } from "../../errors.js";
import { storedColumns } from "../../model/entity.js";
import type { Plan, PlannedEntity } from "../../model/plan.js";
import type { Universe } from "../../model/universe.js";
import { hintOf, isTransient, serverError } from "../../postgres/sqlstate.js";
import { type FoundTable, unreadable } from "./catalog.js";
import { addComparison, type Comparison, newComparison } from "./difference.js";
import type { CompareOutcome, CompareTask } from "./protocol.js";
import type { ComparedTable } from "./result.js";
import { unequalBuckets } from "./row-sums.js";
import { tableTasks } from "./tasks.js";

/** Buckets of a table whose rows are told apart: about 1.5% of its rows, in memory on one thread. */
const BUCKETS_TOLD_MAX = 64;

/** Whoever does the work: a pool of threads. */
export interface Comparers {
  run(task: CompareTask): Promise<CompareOutcome>;
}

export interface CompareTablesOptions {
  readonly universe: Universe;
  readonly plan: Plan;
  /** The tables as the database has them. */
  readonly tables: ReadonlyMap<string, FoundTable>;
  /** Tasks at once. */
  readonly workers: number;
  readonly signal?: AbortSignal;
  readonly observer?: RunObserver;
}

/** One table while its pieces come in. */
interface Tally {
  readonly planned: PlannedEntity;
  readonly comparison: Comparison;
  readonly sums: SharedArrayBuffer | undefined;
  readonly idColumn: string | undefined;
  problem: string | undefined;
  isPartial: boolean;
  tasksLeft: number;
  startedMs: number | undefined;
  endedMs: number;
}

/**
 * Compares every table of a plan with the plan.
 * @throws SeedBulkError SB_INTERRUPTED after an abort, SB_CONNECTION_LOST, SB_WORKER_FAILED
 */
export async function compareTables(comparers: Comparers, options: CompareTablesOptions): Promise<ComparedTable[]> {
  const { universe, plan, tables } = options;
  const tallies = new Map<string, Tally>();
  const tasks = plan.entities.flatMap((planned) => {
    const entity = universe.entity(planned.entity);
    const table = tables.get(planned.entity);
    const problem = unreadable(entity, table);
    const { tasks, sums } = problem === undefined ? tableTasks(planned, entity, table!) : { tasks: [] };
    tallies.set(planned.entity, {
      planned,
      comparison: newComparison(),
      sums,
      idColumn: storedColumns(entity).find(([, { identity }]) => identity)?.[0],
      problem,
      isPartial: false,
      tasksLeft: tasks.length,
      startedMs: undefined,
      endedMs: 0,
    });
    return tasks.map((task) => ({ task, bytes: planned.bytesEstimated / tasks.length }));
  });
  // The largest first, so that no large one is left alone at the end; a table's own in their order.
  tasks.sort((a, b) => b.bytes - a.bytes);
  const work = new Work(comparers, tallies, options);
  await work.all(tasks.map(({ task }) => task));
  await work.all([...tallies.values()].flatMap(bucketTask));
  return [...tallies.values()].map(({ planned, comparison, problem, isPartial, idColumn, startedMs, endedMs }) => ({
    planned,
    comparison,
    problem,
    isPartial,
    idColumn,
    seconds: startedMs === undefined ? 0 : (endedMs - startedMs) / 1000,
  }));
}

/** Where sums differ, the rows of the first few buckets that do are told apart. */
function bucketTask(tally: Tally): CompareTask[] {
  if (tally.sums === undefined || tally.problem !== undefined) return [];
  const buckets = unequalBuckets(tally.sums);
  if (buckets.length === 0) return [];
  tally.isPartial = buckets.length > BUCKETS_TOLD_MAX;
  tally.tasksLeft = 1;
  const { entity, rows } = tally.planned;
  return [{ kind: "buckets", entity, rows, buckets: buckets.slice(0, BUCKETS_TOLD_MAX) }];
}

/** Lanes that each take the next task until none is left. */
class Work {
  readonly #comparers: Comparers;
  readonly #tallies: ReadonlyMap<string, Tally>;
  readonly #options: CompareTablesOptions;
  #failure: SeedBulkError | undefined;

  constructor(comparers: Comparers, tallies: ReadonlyMap<string, Tally>, options: CompareTablesOptions) {
    this.#comparers = comparers;
    this.#tallies = tallies;
    this.#options = options;
  }

  async all(tasks: readonly CompareTask[]): Promise<void> {
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < tasks.length && this.#failure === undefined && !this.#options.signal?.aborted) {
        await this.#compare(tasks[next++]);
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, this.#options.workers) }, lane));
    if (this.#options.signal?.aborted) throw interrupted();
    if (this.#failure) throw this.#failure;
  }

  async #compare(task: CompareTask): Promise<void> {
    const tally = this.#tallies.get(task.entity)!;
    if (tally.problem !== undefined) return;
    tally.startedMs ??= performance.now();
    const outcome = await this.#outcomeOf(task);
    tally.endedMs = performance.now();
    if (outcome === undefined) return;
    if (outcome.ok) addComparison(tally.comparison, outcome.comparison);
    // What the server refuses of one table, others need not share.
    else tally.problem ??= `it cannot be read: ${outcome.message}`;
    tally.tasksLeft--;
    if (tally.tasksLeft === 0) {
      this.#options.observer?.stepEnded?.(`compare ${task.entity}`, (tally.endedMs - tally.startedMs) / 1000);
    }
  }

  /** What became of a task, tried again where a failure may pass; undefined where all has ended instead. */
  async #outcomeOf(task: CompareTask): Promise<CompareOutcome | undefined> {
    const { signal } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(task);
      if (outcome.ok) return outcome;
      if (outcome.cancelled || signal?.aborted || this.#failure) return undefined;
      const { code, message } = outcome;
      if (!isTransient(code, message)) {
        if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) return outcome;
        this.#failure ??= taskError(task, code, message);
        return undefined;
      }
      if (attempt >= ATTEMPTS_MAX) {
        this.#failure ??= taskError(task, code, message);
        return undefined;
      }
      const waitMs = retryDelayMs(attempt);
      this.#options.observer?.notice?.(`reading ${task.entity} failed (${message}); once more in ${waitMs} ms`);
      await delay(waitMs, undefined, { signal }).catch(() => {});
    }
  }

  async #attempt(task: CompareTask): Promise<CompareOutcome> {
    try {
      return await this.#comparers.run(task);
    } catch (error) {
      if (error instanceof SeedBulkError) this.#failure ??= error;
      return { ok: false, message: (error as Error).message, code: "SB_WORKER_FAILED", cancelled: false };
    }
  }
}

function taskError({ entity }: CompareTask, code: string | undefined, message: string): SeedBulkError {
  const text = `reading ${entity} back failed: ${message}`;
  if (code !== undefined && code in ERROR_CODES) {
    const hint = hintOf(code as ErrorCode);
    return new SeedBulkError(code as ErrorCode, text, hint === undefined ? {} : { hint });
  }
  return serverError({ code, message: text }) ?? new SeedBulkError("SB_INTERNAL", text);
}

function interrupted(): SeedBulkError {
  return new SeedBulkError("SB_INTERRUPTED", "stopped while comparing; nothing was changed");
}
