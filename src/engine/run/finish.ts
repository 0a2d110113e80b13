import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import type { DeferredKey } from "../../ledger/deferred.js";
import { recordStep } from "../../ledger/steps.js";
import type { Entity } from "../../model/entity.js";
import { cancelBackends, close, connect, inTransaction } from "../../postgres/connection.js";
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
        SEQUENTIAL_PHASES.has(phase) ? clients.slice(0, 1) : clients,
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

async function runSteps(
  clients: readonly pg.Client[],
  steps: readonly FinishingStep[],
  { runId, signal, observer }: FinishOptions,
): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async (client: pg.Client): Promise<void> => {
    while (next < steps.length && !failed) {
      const step = steps[next++];
      if (signal?.aborted) throw interrupted(step);
      const began = performance.now();
      try {
        await carryOutStep(client, runId, step);
      } catch (cause) {
        failed = true;
        throw signal?.aborted ? interrupted(step) : stepError(step, cause);
      }
      observer?.stepEnded?.(step.name, (performance.now() - began) / 1000);
    }
  };
  const outcomes = await Promise.allSettled(clients.map(lane));
  const rejected = outcomes.find((outcome) => outcome.status === "rejected");
  if (rejected) throw rejected.reason;
}

/** How often a step is tried that Postgres rolled back for another's sake: a deadlock, a lock not to be had. */
const ATTEMPTS_MAX = 3;

async function carryOutStep(client: pg.Client, runId: string, step: FinishingStep): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const began = performance.now();
    try {
      await inTransaction(client, async () => {
        await client.query(step.sql);
        await recordStep(client, runId, step, (performance.now() - began) / 1000);
      });
      return;
    } catch (cause) {
      const { code = "" } = cause as { code?: string };
      if (attempt >= ATTEMPTS_MAX || !(code.startsWith("40") || code === "55P03")) throw cause;
    }
  }
}

function stepError(step: FinishingStep, cause: unknown): SeedBulkError {
  const { code, message } = cause as { code?: string; message: string };
  const text = `${step.name}: ${message}`;
  if (code === "53100") {
    return new SeedBulkError("SB_DISK_FULL", text, { cause, hint: "Free some space, then `seed-bulk resume`." });
  }
  if (isTransient(code, message)) {
    return new SeedBulkError("SB_CONNECTION_LOST", text, {
      cause,
      hint: "`seed-bulk resume` goes on where it stopped.",
    });
  }
  return new SeedBulkError("SB_CONSTRAINT_FAILED", text, { cause });
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
