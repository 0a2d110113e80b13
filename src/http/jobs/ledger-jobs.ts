import type pg from "pg";
import { shareByRows } from "../../engine/run/run-progress.js";
import { leasedSchemas } from "../../ledger/lease.js";
import { FINAL_STATES, type LedgerRun, type RunState } from "../../ledger/runs.js";
import { committedShards, type LedgerShard } from "../../ledger/shards.js";
import { type Share, sharesOf } from "../../ledger/shares.js";
import type { JobStatus, JobStatusName } from "../schemas.js";

/** How far a run is by what the ledger says of it: one of another process, or of this server before it was started anew. */
export async function ledgerStatus(client: pg.Client, run: LedgerRun): Promise<JobStatus> {
  const claimed = await leasedSchemas(client, [run.schema]);
  const shares = await sharesOf(client, run.runId);
  return statusOf(run, { shards: await committedShards(client, run), isClaimed: claimed.has(run.schema), shares });
}

/** What a run in the ledger is called among jobs. */
export function statusNameOf(
  { state, lastError }: Pick<LedgerRun, "state" | "lastError">,
  isClaimed: boolean,
): JobStatusName {
  if (FINAL_STATES.has(state)) return FINAL_NAMES[state];
  if (isClaimed) return state === "loading" ? "generating" : "finishing";
  return lastError === null || lastError.startsWith("SB_INTERRUPTED") ? "interrupted" : "failed";
}

const FINAL_NAMES: Readonly<Record<RunState, JobStatusName>> = {
  loading: "generating",
  finishing: "finishing",
  stopped: "failed",
  done: "completed",
  "rolled back": "rolled_back",
  replaced: "replaced",
  "cleaned up": "cleaned_up",
};

/** A run's error as the ledger keeps it: the code, a colon, the words. */
export function ledgerError(lastError: string | null): JobStatus["error"] {
  if (lastError === null) return null;
  const [, code, detail] = /^(SB_\w+): (.*)$/s.exec(lastError) ?? [];
  return code === undefined
    ? { code: "SB_INTERNAL", detail: lastError, hint: null }
    : { code, detail: detail ?? "", hint: null };
}

interface LedgerFindings {
  readonly shards: readonly LedgerShard[];
  readonly isClaimed: boolean;
  readonly shares: readonly Share[];
}

function percentOf({ plan, state }: LedgerRun, rows: number): number {
  return state === "done" ? 100 : Math.floor(shareByRows(plan.rows === 0 ? 1 : rows / plan.rows) * 1000) / 10;
}

function statusOf(run: LedgerRun, { shards, isClaimed, shares }: LedgerFindings): JobStatus {
  const { plan } = run;
  const throughput = shares.reduce((sum, { rowsPerSecond }) => sum + rowsPerSecond, 0);
  const rowsOf = new Map<string, number>();
  for (const { entity, rows } of shards) rowsOf.set(entity, (rowsOf.get(entity) ?? 0) + rows);
  const rows = shards.reduce((sum, shard) => sum + shard.rows, 0);
  const status = statusNameOf(run, isClaimed);
  return {
    jobId: run.runId,
    kind: "generate",
    status,
    scenario: run.scenario,
    schema: run.schema,
    seed: plan.scenario.seed,
    dryRun: false,
    planHash: run.planHash,
    position: null,
    isHere: false,
    canCancel: false,
    canResume: status === "interrupted" || status === "failed",
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    progress: {
      currentEntity: null,
      progressPercent: percentOf(run, rows),
      throughput,
      recordsGenerated: Object.fromEntries(plan.entities.map(({ entity }) => [entity, rowsOf.get(entity) ?? 0])),
      rows,
      rowsTotal: plan.rows,
      secondsLeft: run.state === "loading" && throughput > 0 ? (plan.rows - rows) / throughput : null,
      entities: plan.entities.map(({ entity, rows: rowsTotal }) => {
        const made = rowsOf.get(entity) ?? 0;
        const state = made >= rowsTotal ? "done" : made === 0 ? "waiting" : "active";
        return { entity, rows: made, rowsTotal, throughput: null, state };
      }),
    },
    phases: [],
    latencies: null,
    notices: [],
    error: ledgerError(run.lastError),
    verification: null,
    export: null,
    workers: shares.map(({ member: _member, joinedAt: _joinedAt, ...share }) => share),
  };
}
