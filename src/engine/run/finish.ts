import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import type { Lease } from "../../ledger/lease.js";
import { writerName } from "../../ledger/shares.js";
import { finishedSteps, recordStep } from "../../ledger/steps.js";
import { close, connect, distinctName, inTransaction } from "../../postgres/connection.js";
import { type Failure, isTransient, serverError } from "../../postgres/sqlstate.js";
import { StatementWatch } from "../../postgres/statement-watch.js";
import type { RunObserver } from "../observer.js";
import {
  FINISHING_PHASES,
  type FinishingStep,
  OPTIONAL_PHASES,
  SEQUENTIAL_PHASES,
} from "../schedule/finishing-steps.js";
import { ATTEMPTS_MAX, retryDelayMs } from "../threads/retrying.js";

export interface FinishOptions {
  readonly url: string;
  readonly runId: string;
  readonly lease: Lease;
  /** Names of the steps that are done already. */
  readonly done: ReadonlySet<string>;
  /** All steps of the run, also those that are done. */
  readonly steps: readonly FinishingStep[];
  /** Connections at the most. */
  readonly connections: number;
  /** How long a step runs before the server is asked whether it still works on it. */
  readonly stallSecondsMax: number;
  readonly signal?: AbortSignal;
  readonly observer?: RunObserver;
  /** Rows of an entity: the largest tables are worked on first. */
  readonly rowsOf: (entity: string) => number;
}

/**
 * Builds keys, indexes, foreign keys and statistics, phase by phase, each phase's steps side by side.
 * @returns seconds a phase
 * @throws SeedBulkError SB_CONSTRAINT_FAILED, SB_INTERRUPTED
 */
export async function finish(options: FinishOptions): Promise<Record<string, number>> {
  const { url, done, rowsOf } = options;
  const steps = options.steps.filter(({ name }) => !done.has(name)).sort((a, b) => rowsOf(b.entity) - rowsOf(a.entity));
  const { signal, observer, stallSecondsMax } = options;
  const watch = new StatementWatch(url, { stallSecondsMax, signal });
  const lanes = Array.from({ length: Math.max(1, options.connections) }, (): Lane => ({ client: undefined }));
  const seconds: Record<string, number> = {};
  try {
    for (const phase of FINISHING_PHASES) {
      if (OPTIONAL_PHASES.has(phase) && !steps.some((step) => step.phase === phase)) continue;
      observer?.phaseStarted?.(phase);
      const began = performance.now();
      await runSteps(
        SEQUENTIAL_PHASES.has(phase) ? lanes.slice(0, 1) : lanes,
        steps.filter((step) => step.phase === phase),
        { ...options, watch },
      );
      seconds[phase] = (performance.now() - began) / 1000;
      observer?.phaseEnded?.(phase, seconds[phase]);
    }
    return seconds;
  } finally {
    watch.close();
    await Promise.all(lanes.map(({ client }) => client && close(client)));
  }
}

/** What runs one step at a time: a connection that is made when it is needed, and anew where it broke. */
export interface Lane {
  client: pg.Client | undefined;
}

/** What carrying out a step takes. */
export type StepOptions = Pick<FinishOptions, "url" | "runId" | "lease" | "stallSecondsMax" | "signal" | "observer"> & {
  readonly watch: StatementWatch;
  readonly attemptsMax?: number;
};

async function runSteps(lanes: readonly Lane[], steps: readonly FinishingStep[], options: StepOptions): Promise<void> {
  let next = 0;
  let failed = false;
  const run = async (lane: Lane): Promise<void> => {
    while (next < steps.length && !failed) {
      try {
        await carryOutStep(lane, steps[next++], options);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const outcomes = await Promise.allSettled(lanes.map(run));
  const rejected = outcomes.find((outcome) => outcome.status === "rejected");
  if (rejected) throw rejected.reason;
}

/**
 * Carries a step out, and tells the observer of it.
 * @throws SeedBulkError SB_CONSTRAINT_FAILED, SB_INTERRUPTED, SB_LEASE_LOST, and what the server says
 */
export async function carryOutStep(lane: Lane, step: FinishingStep, options: StepOptions): Promise<void> {
  const { signal, observer } = options;
  if (signal?.aborted) throw interrupted(step);
  const began = performance.now();
  try {
    await persist(lane, step, options);
  } catch (cause) {
    throw signal?.aborted ? interrupted(step) : stepError(step, cause);
  }
  observer?.stepEnded?.(step.name, (performance.now() - began) / 1000);
}

/** Tries a step as a shard is tried: again after a deadlock, a lock not to be had, a connection that broke. */
async function persist(lane: Lane, step: FinishingStep, options: StepOptions): Promise<void> {
  const { signal, observer, attemptsMax = ATTEMPTS_MAX } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      await attemptStep(lane, step, attempt, options);
      return;
    } catch (cause) {
      // What is in a further attempt's way may be the first one's work: the connection broke while the server was
      // committing, and the index is there by now.
      if (attempt > 1 && (await isFinished(lane, step, options))) return;
      const { code, message } = cause as { code?: string; message: string };
      if (attempt >= attemptsMax || signal?.aborted || !isTransient(code, message)) throw cause;
      observer?.notice?.(`${step.name} failed (${message}); attempt ${attempt + 1} of ${attemptsMax}`);
      await delay(retryDelayMs(attempt), undefined, signal && { signal }).catch(() => {});
      await dropBroken(lane, options.watch);
    }
  }
}

/** Whether the ledger has a step, as far as it can be asked. */
async function isFinished({ client }: Lane, step: FinishingStep, { runId, watch }: StepOptions): Promise<boolean> {
  if (client === undefined) return false;
  const steps = await watch.during(client, () => finishedSteps(client, runId)).catch(() => new Set());
  return steps.has(step.name);
}

async function attemptStep(
  lane: Lane,
  step: FinishingStep,
  attempt: number,
  { url, runId, lease, signal, watch, stallSecondsMax }: StepOptions,
): Promise<void> {
  lane.client ??= await connect(url, distinctName(writerName("finisher", lease)), stallSecondsMax);
  const { client } = lane;
  const began = performance.now();
  await watch.during(client, async () => {
    // A commit may have gone through although its answer was lost.
    if (attempt > 1 && (await finishedSteps(client, runId)).has(step.name)) return;
    await inTransaction(client, async () => {
      // Asked here, with nothing between it and the statement; what the server begins later is cancelled by the watch.
      if (signal?.aborted) throw interrupted(step);
      await client.query(step.sql);
      await recordStep(client, { runId, lease }, step, (performance.now() - began) / 1000);
    });
  });
}

/** Lets go of a connection that does not answer any more. */
async function dropBroken(lane: Lane, watch: StatementWatch): Promise<void> {
  const { client } = lane;
  if (client === undefined) return;
  try {
    await watch.during(client, () => client.query("SELECT 1"));
  } catch {
    await close(client);
    lane.client = undefined;
  }
}

function stepError(step: FinishingStep, cause: unknown): SeedBulkError {
  if (cause instanceof SeedBulkError && cause.code === "SB_LEASE_LOST") return cause;
  const told = serverError(cause as Failure, {
    what: step.name,
    refusal: "SB_CONSTRAINT_FAILED",
    next: "`seed-bulk resume` goes on where it stopped.",
  });
  return told ?? new SeedBulkError("SB_CONSTRAINT_FAILED", `${step.name}: ${(cause as Error).message}`, { cause });
}

function interrupted(step: FinishingStep): SeedBulkError {
  return new SeedBulkError(
    "SB_INTERRUPTED",
    `stopped at "${step.name}". All rows are loaded; some keys or indexes are missing.`,
    {
      hint: "`seed-bulk resume` goes on where it stopped.",
    },
  );
}
