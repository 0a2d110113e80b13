import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import { machineIdentity } from "../platform/machine.js";
import { identityIsAlive, processIdentity } from "../platform/processes.js";

/** The right to write to a schema, as its holder knows it; plain data, so that it may go to worker threads. */
export interface Lease {
  readonly schema: string;
  /** Grows with each holder: whoever still has an older one has lost the lease. */
  readonly epoch: number;
}

/** How long a lease holds that nobody renews. A holder that is slower than this keeps it unless somebody else came. */
export const LEASE_SECONDS = 30;

interface LeaseRow {
  readonly epoch: number;
  readonly machine: string;
  readonly process: string;
  readonly secondsLeft: number;
  /** Given back by its holder, or never held. */
  readonly isReleased: boolean;
}

/**
 * Takes the lease on a schema, in the caller's transaction. It may be had where nobody holds it, where its time is
 * over, or where its holder was a process of this machine that is gone.
 * @throws SeedBulkError SB_RUN_BUSY where another process holds it
 */
export async function takeLease(client: pg.Client, schema: string): Promise<Lease> {
  await client.query(
    "INSERT INTO seed_bulk.leases (schema_name, epoch, machine, process, until) VALUES ($1, 0, '', '', '-infinity') " +
      "ON CONFLICT DO NOTHING",
    [schema],
  );
  const held = await lockedRow(client, schema);
  const epoch = held.epoch + 1;
  await client.query(
    "UPDATE seed_bulk.leases SET epoch = $2, machine = $3, process = $4, " +
      "until = clock_timestamp() + make_interval(secs => $5) WHERE schema_name = $1",
    [schema, epoch, machineIdentity(), processIdentity(process.pid), LEASE_SECONDS],
  );
  return { schema, epoch };
}

/** How often a lease's row is tried to be locked, and how long each time. */
const LOCK_ATTEMPTS_MAX = 5;
const LOCK_SECONDS_MAX = 2;

/**
 * The row of a lease that may be had, locked. Waits for transactions that have checked the old epoch, so that what they
 * commit is there before what follows; those of a holder whose time is over may never end by themselves.
 * @throws SeedBulkError SB_RUN_BUSY
 */
async function lockedRow(client: pg.Client, schema: string): Promise<LeaseRow> {
  for (let attempt = 1; ; attempt++) {
    const row = (await free(client, schema, ""))!;
    if (!row.isReleased) await endBackends(client, schema);
    await client.query(`SAVEPOINT lease; SET LOCAL lock_timeout = '${LOCK_SECONDS_MAX}s'`);
    try {
      const locked = (await free(client, schema, "FOR UPDATE"))!;
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
async function free(client: pg.Client, schema: string, lock: "" | "FOR UPDATE"): Promise<LeaseRow | undefined> {
  const { rows } = await client.query<LeaseRow>(
    "SELECT epoch::float8 AS epoch, machine, process, until = '-infinity' AS \"isReleased\", " +
      'extract(epoch FROM greatest(until, clock_timestamp()) - clock_timestamp())::float8 AS "secondsLeft" ' +
      `FROM seed_bulk.leases WHERE schema_name = $1 ${lock}`,
    [schema],
  );
  const row = rows.at(0);
  if (row && row.secondsLeft > 0 && !isGone(row)) throw busy(schema, row);
  return row;
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

function isGone({ machine, process }: Pick<LeaseRow, "machine" | "process">): boolean {
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

/**
 * Holds a lease for another while.
 * @returns whether it is still the caller's
 */
export async function renewLease(client: pg.Client, { schema, epoch }: Lease): Promise<boolean> {
  // No column of a key changes: this does not wait for those who check the epoch, nor they for this.
  const { rowCount } = await client.query(
    "UPDATE seed_bulk.leases SET until = clock_timestamp() + make_interval(secs => $3) WHERE schema_name = $1 AND epoch = $2",
    [schema, epoch, LEASE_SECONDS],
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
 * The rows of `seed_bulk.leases` that say that the caller still has the lease, as a query that holds them until the
 * transaction's end: nobody takes the lease between this and the commit.
 * @param schema the parameter of the schema's name, such as `$1`
 * @param epoch the parameter of the epoch
 */
export function leaseHeld(schema: string, epoch: string): string {
  return `SELECT 1 FROM seed_bulk.leases WHERE schema_name = ${schema} AND epoch = ${epoch} FOR KEY SHARE`;
}

/**
 * Makes sure, in the caller's transaction, that it commits only what the lease's holder may.
 * @throws SeedBulkError SB_LEASE_LOST
 */
export async function requireLease(client: pg.Client, lease: Lease): Promise<void> {
  const { rowCount } = await client.query(leaseHeld("$1", "$2"), [lease.schema, lease.epoch]);
  if (rowCount !== 1) throw leaseLost(lease);
}

/** The error of whoever has lost a lease. */
export function leaseLost({ schema }: Lease): SeedBulkError {
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
  const { rows } = await client.query<Pick<LeaseRow, "machine" | "process"> & { schema: string }>(
    "SELECT schema_name AS schema, machine, process FROM seed_bulk.leases " +
      "WHERE schema_name = ANY ($1) AND until > clock_timestamp()",
    [[...new Set(schemas)]],
  );
  return new Set(rows.filter((row) => !isGone(row)).map(({ schema }) => schema));
}
