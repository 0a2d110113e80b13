import { hostname } from "node:os";
import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import type { ModelOrigin } from "../model/origin.js";
import type { Plan } from "../model/plan.js";
import { forgetRun } from "./progress.js";
import { hasLedger } from "./schema.js";

/**
 * Where a run stands. A run in a state that is not final can be resumed; `stopped` is one that several processes worked on
 * until one met a fault that cannot pass.
 */
export type RunState = "loading" | "finishing" | "stopped" | "done" | "rolled back" | "replaced" | "cleaned up";

/** The states of runs whose tables are gone. */
export const GONE_STATES: ReadonlySet<RunState> = new Set(["rolled back", "replaced", "cleaned up"]);

/** The states of runs that nothing is left to do for. */
export const FINAL_STATES: ReadonlySet<RunState> = new Set(["done", ...GONE_STATES]);

/** A run as the ledger has it. */
export interface LedgerRun {
  readonly runId: string;
  readonly state: RunState;
  readonly plan: Plan;
  readonly planHash: string;
  readonly generatorVersion: number;
  readonly scenario: string;
  readonly schema: string;
  readonly options: RunOptions;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
  readonly host: string;
  readonly pid: number;
  /** What the last attempt ended with, where it did not end well. */
  readonly lastError: string | null;
}

/** A run as a list shows it: without its plan, which may be large, but for what the plan comes to. */
export interface ListedRun extends Omit<LedgerRun, "plan"> {
  readonly seed: number;
  readonly rowsTotal: number;
  readonly shardsTotal: number;
}

/** How a run was asked for, as far as resuming it matters. */
export interface RunOptions {
  readonly unlogged: boolean;
  readonly only: readonly string[] | null;
  /** Entities of the same plan that were there already and stay; the run's own tables fit them. */
  readonly beside?: readonly string[];
  /** Where the plan's model is from; absent for the built-in ones. */
  readonly model?: ModelOrigin;
  /** The version of the program that made the plan: whoever works on it with others has the same. */
  readonly packageVersion?: string;
  /** What the command line named the scenario by, so that a resume can see whether it changed. */
  readonly source?: Readonly<Record<string, unknown>>;
}

/** Records a new run, in the caller's transaction. */
export async function insertRun(client: pg.Client, runId: string, plan: Plan, options: RunOptions): Promise<void> {
  const { scenario, hash, generatorVersion } = plan;
  await client.query(
    "INSERT INTO seed_bulk.runs (run_id, state, plan, plan_hash, generator_version, seed, scenario, schema_name, options, host, pid) " +
      "VALUES ($1, 'loading', $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    [
      runId,
      JSON.stringify(plan),
      hash,
      generatorVersion,
      scenario.seed,
      `${scenario.model}/${scenario.name}`,
      scenario.schema,
      JSON.stringify(options),
      hostname(),
      process.pid,
    ],
  );
}

/** Whether the ledger has a run, whatever became of it. */
export async function isRecorded(client: pg.Client, runId: string): Promise<boolean> {
  const { rowCount } = await client.query("SELECT FROM seed_bulk.runs WHERE run_id = $1", [runId]);
  return rowCount === 1;
}

/** The state of a run, in the caller's transaction: locked, so that of all who would move it on one does. */
export async function lockedState(client: pg.Client, runId: string): Promise<RunState> {
  const { rows } = await client.query<{ state: RunState }>(
    "SELECT state FROM seed_bulk.runs WHERE run_id = $1 FOR NO KEY UPDATE",
    [runId],
  );
  return rows[0].state;
}

/** The state of a run, and what its last attempt ended with. */
export async function runState(client: pg.Client, runId: string): Promise<Pick<LedgerRun, "state" | "lastError">> {
  const { rows } = await client.query<Pick<LedgerRun, "state" | "lastError">>(
    'SELECT state, last_error AS "lastError" FROM seed_bulk.runs WHERE run_id = $1',
    [runId],
  );
  return rows[0];
}

/** Moves a run on, in the caller's transaction. Of a run that others have replaced nothing stays but the run itself. */
export async function setRunState(
  client: pg.Client,
  runId: string,
  state: RunState,
  lastError: string | null = null,
): Promise<void> {
  await client.query(
    "UPDATE seed_bulk.runs SET state = $2, last_error = $3, updated_at = clock_timestamp(), host = $4, pid = $5, " +
      "finished_at = CASE WHEN $6 THEN clock_timestamp() END WHERE run_id = $1",
    [runId, state, lastError, hostname(), process.pid, FINAL_STATES.has(state)],
  );
  if (state === "replaced") await forgetRun(client, runId);
}

const LISTED_COLUMNS =
  'run_id AS "runId", state, plan_hash AS "planHash", generator_version AS "generatorVersion", scenario, ' +
  'schema_name AS "schema", options, started_at AS "startedAt", updated_at AS "updatedAt", ' +
  'finished_at AS "finishedAt", host, pid, last_error AS "lastError"';

/**
 * The runs of a database, the newest first.
 * @param max how many at the most; all without it
 * @throws SeedBulkError SB_LEDGER_NEWER
 */
export async function listRuns(client: pg.Client, max?: number): Promise<ListedRun[]> {
  if (!(await hasLedger(client))) return [];
  const { rows } = await client.query<ListedRun>(
    `SELECT ${LISTED_COLUMNS}, seed::float8 AS seed, (plan ->> 'rows')::float8 AS "rowsTotal", ` +
      "(plan ->> 'shardCount')::float8 AS \"shardsTotal\" FROM seed_bulk.runs ORDER BY started_at DESC, run_id LIMIT $1",
    [max ?? null],
  );
  return rows;
}

/**
 * A run with its plan.
 * @param runId its ID or the beginning of it; the newest unfinished run without it
 * @throws SeedBulkError SB_RUN_NOT_FOUND, SB_LEDGER_NEWER
 */
export async function findRun(client: pg.Client, runId: string | undefined): Promise<LedgerRun> {
  const hint = "`seed-bulk status` lists the runs there are.";
  const runs = await listRuns(client);
  if (runId === undefined) {
    const unfinished = runs.find(({ state }) => !FINAL_STATES.has(state));
    if (unfinished) return withPlan(client, unfinished);
    throw new SeedBulkError("SB_RUN_NOT_FOUND", "the database has no unfinished run", { hint });
  }
  const found = runs.filter((run) => run.runId.startsWith(runId.toLowerCase()));
  if (found.length === 1) return withPlan(client, found[0]);
  const problem = found.length === 0 ? "has no run" : `has ${found.length} runs whose ID begins with`;
  throw new SeedBulkError("SB_RUN_NOT_FOUND", `the database ${problem} ${runId}`, { hint });
}

/** A listed run with its plan; the two are of one moment. */
export async function withPlan(client: pg.Client, { runId }: Pick<ListedRun, "runId">): Promise<LedgerRun> {
  const { rows } = await client.query<LedgerRun>(
    `SELECT ${LISTED_COLUMNS}, plan FROM seed_bulk.runs WHERE run_id = $1`,
    [runId],
  );
  if (rows.length === 1) return rows[0];
  throw new SeedBulkError("SB_RUN_NOT_FOUND", `the database has no run ${runId}`);
}
