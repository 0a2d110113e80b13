import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import { machineIdentity } from "../platform/machine.js";
import { identityIsAlive, processIdentity } from "../platform/processes.js";

/** The right to write to a schema, as its holder knows it; plain data, so that it may go to worker threads. */
export interface Lease {
  readonly schema: string;
  /** Grows with each holder: whoever still has an older one has lost the lease. */
  readonly epoch: number;
  /** The share in a lease that several processes hold together: a row of `seed_bulk.workers`, a UUID. */
  readonly member?: string;
}

/** How long a lease holds that nobody renews. A holder that is slower than this keeps it unless somebody else came. */
export const LEASE_SECONDS = 30;

/** A lease as the ledger has it. */
export interface LeaseRow {
  readonly epoch: number;
  readonly machine: string;
  readonly process: string;
  readonly secondsLeft: number;
  /** The run whose workers hold it together. */
  readonly runId: string | null;
  /** Given back by its holder, or never held. */
  readonly isReleased: boolean;
}

/**
 * Takes the lease on a schema for one process alone, in the caller's transaction. It may be had where nobody holds it, where its time is
 * over, or where its holder was a process of this machine that is gone.
 * @throws SeedBulkError SB_RUN_BUSY where another process holds it
 */
export async function takeLease(client: pg.Client, schema: string): Promise<Lease> {
  await makeRow(client, schema);
  const { epoch } = await lockedRow(client, schema);
  return giveAnew(client, { schema, epoch: epoch + 1 }, null);
}

/** A lease's end, counted from now by the server's clock; `$2` is {@link LEASE_SECONDS}. */
export const UNTIL = "clock_timestamp() + make_interval(secs => $2)";

/** Sees to it that a schema has a row. */
export async function makeRow(client: pg.Client, schema: string): Promise<void> {
  await client.query(
    "INSERT INTO seed_bulk.leases (schema_name, epoch, machine, process, until) VALUES ($1, 0, '', '', '-infinity') " +
      "ON CONFLICT DO NOTHING",
    [schema],
  );
}

/**
 * Gives a lease that may be had, and whose row is locked, under its next epoch; shares in it end.
 * @param runId the run whose workers are to hold it together; null where one process does
 */
export async function giveAnew(client: pg.Client, lease: Lease, runId: string | null): Promise<Lease> {
  await client.query(
    "DELETE FROM seed_bulk.workers w USING seed_bulk.leases l WHERE l.schema_name = $1 AND w.run_id = l.run_id",
    [lease.schema],
  );
  await client.query(
    `UPDATE seed_bulk.leases SET epoch = $3, machine = $4, process = $5, run_id = $6, until = ${UNTIL} WHERE schema_name = $1`,
    [lease.schema, LEASE_SECONDS, lease.epoch, machineIdentity(), processIdentity(process.pid), runId],
  );
  return lease;
}

/** How often a lease's row is tried to be locked, and how long each time. */
const LOCK_ATTEMPTS_MAX = 5;
const LOCK_SECONDS_MAX = 2;

/**
 * The row of a lease that may be had, locked. Waits for transactions that have checked the old epoch, so that what they
 * commit is there before what follows; those of a holder whose time is over may never end by themselves.
 * @param sharing the run whose workers may hold it
 * @throws SeedBulkError SB_RUN_BUSY
 */
export async function lockedRow(client: pg.Client, schema: string, sharing?: string): Promise<LeaseRow> {
  for (let attempt = 1; ; attempt++) {
    const row = (await free(client, schema, "", sharing))!;
    if (!row.isReleased && row.secondsLeft <= 0) await endBackends(client, schema);
    await client.query(`SAVEPOINT lease; SET LOCAL lock_timeout = '${LOCK_SECONDS_MAX}s'`);
    try {
      const locked = (await free(client, schema, "FOR UPDATE", sharing))!;
      await client.query("SET LOCAL lock_timeout = 0");
      return locked;
    } catch (cause) {
      if ((cause as { code?: string }).code !== "55P03") throw cause;
      if (attempt >= LOCK_ATTEMPTS_MAX) throw busy(schema, row);
      await client.query("ROLLBACK TO SAVEPOINT lease");
    }
  }
}

/**
 * The row of a lease that may be had; undefined where there is none.
 * @throws SeedBulkError SB_RUN_BUSY
 */
async function free(
  client: pg.Client,
  schema: string,
  lock: "" | "FOR UPDATE",
  sharing?: string,
): Promise<LeaseRow | undefined> {
  const { rows } = await client.query<LeaseRow>(
    `SELECT epoch::float8 AS epoch, machine, process, ${RUN_ID} AS "runId", until = '-infinity' AS "isReleased", ` +
      'extract(epoch FROM greatest(until, clock_timestamp()) - clock_timestamp())::float8 AS "secondsLeft" ' +
      `FROM seed_bulk.leases WHERE schema_name = $1 ${lock}`,
    [schema],
  );
  const row = rows.at(0);
  if (row === undefined || row.secondsLeft <= 0 || (sharing !== undefined && row.runId === sharing)) return row;
  if (row.runId === null) {
    if (!isGone(row)) throw busy(schema, row);
  } else {
    const living = (await holdersOf(client, row.runId)).filter((share) => !isGone(share));
    if (living.length > 0) throw busyTogether(schema, row, living.length);
  }
  return { ...row, secondsLeft: 0 };
}

/** A ledger from before leases were shared, which whoever only reads leaves as it is, has no such column. */
const RUN_ID = "(to_jsonb(leases) ->> 'run_id')";

async function holdersOf(client: pg.Client, runId: string): Promise<Pick<LeaseRow, "machine" | "process">[]> {
  const { rows } = await client.query("SELECT machine, process FROM seed_bulk.workers WHERE run_id = $1", [runId]);
  return rows;
}

/**
 * Ends what a holder that was stopped, or cut off from the server, has left there: it can commit nothing any more, and
 * its transactions would keep others from the tables, and from the lease, for as long as it sleeps. Who only reads,
 * such as a verification, is left alone.
 */
async function endBackends(client: pg.Client, schema: string): Promise<void> {
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT a.pid FROM pg_locks l " +
      "JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace " +
      "JOIN pg_stat_activity a ON a.pid = l.pid " +
      "WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) " +
      // Whoever changes a run's state has no table of the schema; others are done with the leases in milliseconds.
      "AND (n.nspname = $1 OR n.nspname = 'seed_bulk' AND c.relname = 'leases' AND a.state LIKE 'idle in transaction%' " +
      "AND a.state_change < clock_timestamp() - interval '1 s') " +
      "AND a.application_name ~ '^seed-bulk (worker|finisher|coordinator)' AND a.usename = current_user AND a.pid <> pg_backend_pid()) AS left_behind",
    [schema],
  );
}

/** Whether a holder was a process of this machine that is gone. */
export function isGone({ machine, process }: Pick<LeaseRow, "machine" | "process">): boolean {
  return machine === machineIdentity() && !identityIsAlive(process);
}

function busy(schema: string, { machine, secondsLeft }: LeaseRow): SeedBulkError {
  const seconds = Math.ceil(secondsLeft);
  return new SeedBulkError("SB_RUN_BUSY", `another seed-bulk process is at work on the schema "${schema}"`, {
    hint:
      `It runs on ${machine.split(" ")[0]}. Wait for it, or look at it with \`seed-bulk status\`; ` +
      `if it is gone, its lease ends in ${seconds} s.`,
  });
}

function busyTogether(schema: string, { runId, secondsLeft }: LeaseRow, workers: number): SeedBulkError {
  const who = workers === 1 ? "a process is" : `${workers} processes are`;
  return new SeedBulkError("SB_RUN_BUSY", `${who} at work on the schema "${schema}", for run ${runId}`, {
    hint:
      `Help them with \`seed-bulk work ${runId}\`, or wait: \`seed-bulk status ${runId}\` shows them; ` +
      `if they are gone, their lease ends in ${Math.ceil(secondsLeft)} s.`,
  });
}

/**
 * Holds a lease for another while.
 * @returns whether it is still the caller's
 */
export async function renewLease(client: pg.Client, { schema, epoch }: Lease): Promise<boolean> {
  // No column of a key changes: this does not wait for those who check the epoch, nor they for this.
  const { rowCount } = await client.query(
    `UPDATE seed_bulk.leases SET until = ${UNTIL} WHERE schema_name = $1 AND epoch = $3`,
    [schema, LEASE_SECONDS, epoch],
  );
  return rowCount === 1;
}

/** Gives a lease back; one that was lost is somebody else's and stays. */
export async function releaseLease(client: pg.Client, { schema, epoch }: Lease): Promise<void> {
  await client.query("UPDATE seed_bulk.leases SET until = '-infinity' WHERE schema_name = $1 AND epoch = $2", [
    schema,
    epoch,
  ]);
}

/**
 * The rows that say that the caller still has a lease, or its share in one, as a query that holds them until the
 * transaction's end: nobody takes the lease, or ends the share, between this and the commit.
 * @param at the number of the query's first parameter
 */
export function leaseHeld(lease: Lease, at = 1): { readonly text: string; readonly values: unknown[] } {
  const { schema, epoch, member } = lease;
  const share = member === undefined ? "" : ` JOIN seed_bulk.workers w ON w.worker_id = $${at + 2}`;
  return {
    text: `SELECT 1 FROM seed_bulk.leases l${share} WHERE l.schema_name = $${at} AND l.epoch = $${at + 1} FOR KEY SHARE`,
    values: member === undefined ? [schema, epoch] : [schema, epoch, member],
  };
}

/**
 * Makes sure, in the caller's transaction, that it commits only what the lease's holder may.
 * @throws SeedBulkError SB_LEASE_LOST
 */
export async function requireLease(client: pg.Client, lease: Lease): Promise<void> {
  const { rowCount } = await client.query(leaseHeld(lease));
  if (rowCount !== 1) throw leaseLost(lease);
}

/** The error of whoever has lost a lease. */
export function leaseLost({ schema, member }: Lease): SeedBulkError {
  if (member !== undefined) {
    return new SeedBulkError("SB_LEASE_LOST", `this process has lost its share in the work on the schema "${schema}"`, {
      hint: "It was not heard of for too long, or another command has taken the schema over. It has committed nothing since; `seed-bulk work` joins again.",
    });
  }
  return new SeedBulkError("SB_LEASE_LOST", `another process has taken the schema "${schema}" over meanwhile`, {
    hint: "This process has committed nothing since. `seed-bulk status` shows what goes on there.",
  });
}

/**
 * Looks at the lease on a schema without taking it, for whoever may not write: undefined where there is none yet.
 * @throws SeedBulkError SB_RUN_BUSY where another process holds it
 */
export async function watchLease(client: pg.Client, schema: string): Promise<Lease | undefined> {
  if (!(await hasLeases(client))) return undefined;
  const row = await free(client, schema, "");
  return row && { schema, epoch: row.epoch };
}

/**
 * Makes sure that nobody has taken a lease since it was taken or looked at.
 * @throws SeedBulkError SB_LEASE_LOST
 */
export async function requireUntaken(client: pg.Client, lease: Lease): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM seed_bulk.leases WHERE schema_name = $1 AND epoch = $2", [
    lease.schema,
    lease.epoch,
  ]);
  if (rowCount !== 1) throw leaseLost(lease);
}

/** Whether there is a table of leases: a ledger of an earlier version has none, and nobody at work. */
async function hasLeases(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('seed_bulk.leases') IS NOT NULL AS there",
  );
  return rows[0].there;
}

/** The schemas of a list that some process is at work on. */
export async function leasedSchemas(client: pg.Client, schemas: readonly string[]): Promise<Set<string>> {
  if (!(await hasLeases(client))) return new Set();
  const { rows } = await client.query<Pick<LeaseRow, "machine" | "process" | "runId"> & { schema: string }>(
    `SELECT schema_name AS schema, machine, process, ${RUN_ID} AS "runId" FROM seed_bulk.leases ` +
      "WHERE schema_name = ANY ($1) AND until > clock_timestamp()",
    [[...new Set(schemas)]],
  );
  // Workers that share a lease may be on any machine: until their time is over they count as there.
  return new Set(rows.filter((row) => row.runId !== null || !isGone(row)).map(({ schema }) => schema));
}
