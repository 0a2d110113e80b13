import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import type { DeferredKey } from "../../ledger/deferred.js";
import type { Lease } from "../../ledger/lease.js";
import { finishedSteps, recordStep } from "../../ledger/steps.js";
import type { Entity } from "../../model/entity.js";
import { cancelBackends, close, connect, inTransaction } from "../../postgres/connection.js";
import { type Failure, serverError } from "../../postgres/sqlstate.js";
import { isTransient } from "../../postgres/transient.js";
import type { RunObserver } from "../observer.js";
import {
  FINISHING_PHASES,
  type FinishingStep,
  finishingSteps,
  SEQUENTIAL_PHASES,
} from "../schedule/finishing-steps.js";

export interface FinishOptions {
  readonly url: string;
  readonly schema: string;
  readonly runId: string;
  readonly lease: Lease;
  /** Names of the steps that are done already. */
  readonly done: ReadonlySet<string>;
  readonly entities: readonly Entity[];
  /** Tables of the same plan that were there already. */
  readonly beside?: readonly string[];
  /** Foreign keys of those that were taken off. */
  readonly deferred?: readonly DeferredKey[];
  /** Connections at the most. */
  readonly connections: number;
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
  const { url, schema, entities, beside = [], deferred = [], done, signal, observer, rowsOf } = options;
  const steps = finishingSteps(schema, entities, { tables: beside, keys: deferred })
    .filter(({ name }) => !done.has(name))
    .sort((a, b) => rowsOf(b.entity) - rowsOf(a.entity));
  const clients: pg.Client[] = [];
  const cancel = (): void => void cancelBackends(url, clients);
  signal?.addEventListener("abort", cancel, { once: true });
  const seconds: Record<string, number> = {};
  try {
    for (let i = 0; i < Math.max(1, options.connections); i++) clients.push(await connect(url, "finisher"));
    for (const phase of FINISHING_PHASES) {
      observer?.phaseStarted?.(phase);
      const began = performance.now();
      await runSteps(
        clients,
        SEQUENTIAL_PHASES.has(phase) ? 1 : clients.length,
        steps.filter((step) => step.phase === phase),
        options,
      );
      seconds[phase] = (performance.now() - began) / 1000;
      observer?.phaseEnded?.(phase, seconds[phase]);
    }
    return seconds;
  } finally {
    signal?.removeEventListener("abort", cancel);
    await Promise.all(clients.map((client) => close(client)));
  }
}

/** Runs steps on the first `lanes` of the connections, which are made anew where they break. */
async function runSteps(
  clients: pg.Client[],
  lanes: number,
  steps: readonly FinishingStep[],
  options: FinishOptions,
): Promise<void> {
  const { signal, observer } = options;
  let next = 0;
  let failed = false;
  const lane = async (_: unknown, own: number): Promise<void> => {
    while (next < steps.length && !failed) {
      const step = steps[next++];
      if (signal?.aborted) throw interrupted(step);
      const began = performance.now();
      try {
        await carryOutStep(clients, own, step, options);
      } catch (cause) {
        failed = true;
        throw signal?.aborted ? interrupted(step) : stepError(step, cause);
      }
      observer?.stepEnded?.(step.name, (performance.now() - began) / 1000);
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const rejected = outcomes.find((outcome) => outcome.status === "rejected");
  if (rejected) throw rejected.reason;
}

/** How often a step is tried, as a shard is: after a deadlock, a lock not to be had, a connection that broke. */
const ATTEMPTS_MAX = 5;
/** Before the second attempt; doubled before each further one. */
const RETRY_DELAY_MS = 200;

async function carryOutStep(
  clients: pg.Client[],
  own: number,
  step: FinishingStep,
  { url, runId, lease, signal, observer }: FinishOptions,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const began = performance.now();
    try {
      // A commit may have gone through although its answer was lost.
      if (attempt > 1 && (await finishedSteps(clients[own], runId)).has(step.name)) return;
      await inTransaction(clients[own], async () => {
        // Asked here, with nothing between it and the statement: what begins after the abort would not be cancelled.
        if (signal?.aborted) throw interrupted(step);
        await clients[own].query(step.sql);
        await recordStep(clients[own], { runId, lease }, step, (performance.now() - began) / 1000);
      });
      return;
    } catch (cause) {
      const { code, message } = cause as { code?: string; message: string };
      if (attempt >= ATTEMPTS_MAX || signal?.aborted || !isTransient(code, message)) throw cause;
      observer?.notice?.(`${step.name} failed (${message}); attempt ${attempt + 1} of ${ATTEMPTS_MAX}`);
      await delay(RETRY_DELAY_MS * 2 ** (attempt - 1), undefined, signal && { signal }).catch(() => {});
      await renewConnection(url, clients, own);
    }
  }
}

/** Replaces a connection that broke; one that answers stays, and a server that is not there yet is for the next attempt. */
async function renewConnection(url: string, clients: pg.Client[], own: number): Promise<void> {
  try {
    await clients[own].query("SELECT 1");
  } catch {
    await close(clients[own]);
    const client = await connect(url, "finisher").catch(() => undefined);
    if (client) clients[own] = client;
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
