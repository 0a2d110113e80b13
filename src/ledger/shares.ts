import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type pg from "pg";
import { machineIdentity } from "../platform/machine.js";
import { processIdentity } from "../platform/processes.js";
import { giveAnew, isGone, LEASE_SECONDS, type Lease, type LeaseRow, lockedRow, makeRow, UNTIL } from "./lease.js";

/** A process that works on a run with others. */
export interface Joining {
  readonly schema: string;
  readonly runId: string;
  readonly threads: number;
  /** Who tells it what to do, in words: `part 3 of 16`. */
  readonly toldBy: string;
}

/**
 * Takes a share in the lease that a run's workers hold together, in the caller's transaction: the first one takes the
 * lease for the run, as `takeLease` does for a process.
 * @throws SeedBulkError SB_RUN_BUSY where another process, or another run's workers, hold it
 */
export async function joinLease(client: pg.Client, joining: Joining): Promise<Lease> {
  const { schema, runId, threads, toldBy } = joining;
  await makeRow(client, schema);
  const member = randomUUID();
  // The lease's row is not locked against those who check it while they commit: others' work goes on.
  const { rows } = await client.query<{ epoch: number }>(
    `UPDATE seed_bulk.leases SET until = ${UNTIL} WHERE schema_name = $1 AND run_id = $3 AND until > clock_timestamp() ` +
      "RETURNING epoch::float8 AS epoch",
    [schema, LEASE_SECONDS, runId],
  );
  const lease = rows.at(0) ?? (await shareAnew(client, schema, runId));
  await client.query(
    "INSERT INTO seed_bulk.workers (worker_id, run_id, machine, process, host, pid, threads, told_by, doing) " +
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'starting')",
    [member, runId, machineIdentity(), processIdentity(process.pid), hostname(), process.pid, threads, toldBy],
  );
  return { schema, epoch: lease.epoch, member };
}

async function shareAnew(client: pg.Client, schema: string, runId: string): Promise<Lease> {
  const { epoch, secondsLeft, runId: holder } = await lockedRow(client, schema, runId);
  // Another worker of the run was first.
  if (holder === runId && secondsLeft > 0) return { schema, epoch };
  return giveAnew(client, { schema, epoch: epoch + 1 }, runId);
}

/** What a worker tells of itself. */
export interface ShareFigures {
  readonly doing: string;
  /** Rows that it has made in all. */
  readonly rows: number;
  readonly rowsPerSecond: number;
}

/** Of many workers one a while is enough to hold their lease. */
const RENEWED_SECONDS = 5;

/**
 * Holds a share, and with it the lease, for another while, and ends the shares of the run that nobody has held: what
 * they have begun is rolled back, and what they have claimed is free.
 * @returns whether the share is still the caller's
 */
export async function renewShare(client: pg.Client, lease: Lease, figures: ShareFigures): Promise<boolean> {
  const { schema, epoch, member } = lease;
  const { rows } = await client.query<{ runId: string; secondsQuiet: number }>(
    "UPDATE seed_bulk.workers w SET last_seen = clock_timestamp(), doing = $4, rows = $5, rows_per_second = $6 " +
      "FROM seed_bulk.leases l, (SELECT last_seen FROM seed_bulk.workers WHERE worker_id = $1) before " +
      "WHERE w.worker_id = $1 AND l.schema_name = $2 AND l.epoch = $3 AND l.run_id = w.run_id " +
      'RETURNING w.run_id AS "runId", extract(epoch FROM clock_timestamp() - before.last_seen)::float8 AS "secondsQuiet"',
    [member, schema, epoch, figures.doing, figures.rows, figures.rowsPerSecond],
  );
  const share = rows.at(0);
  if (share === undefined) return false;
  await client.query(
    `UPDATE seed_bulk.leases SET until = ${UNTIL} WHERE schema_name = $1 AND epoch = $3 ` +
      "AND until < clock_timestamp() + make_interval(secs => $2::float8 - $4::float8)",
    [schema, LEASE_SECONDS, epoch, RENEWED_SECONDS],
  );
  // Whoever was silent as long itself, as after a restart of the server, has no say in who else was.
  if (share.secondsQuiet < LEASE_SECONDS / 2) await endLapsed(client, share.runId);
  return true;
}

/** Ends the shares of a run that nobody has held for as long as a lease holds, and those of processes of this machine that are gone. */
async function endLapsed(client: pg.Client, runId: string): Promise<void> {
  const { rows } = await client.query<Pick<LeaseRow, "machine" | "process"> & { member: string; isLapsed: boolean }>(
    'SELECT worker_id AS member, machine, process, last_seen < clock_timestamp() - make_interval(secs => $2) AS "isLapsed" ' +
      "FROM seed_bulk.workers WHERE run_id = $1",
    [runId, LEASE_SECONDS],
  );
  for (const share of rows.filter((one) => one.isLapsed || isGone(one))) {
    // First what may hold its row: a process that was stopped between its check and its COMMIT does, for as long as it sleeps.
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE $1 AND usename = current_user",
      [`seed-bulk % ${shortName(share.member)}%`],
    );
    await client.query("DELETE FROM seed_bulk.workers WHERE worker_id = $1", [share.member]);
  }
}

/** A share's name among connections. */
function shortName(member: string): string {
  return member.slice(0, 8);
}

/** What a connection that writes under a lease is called: that of a share can be told from all others, on any machine. */
export function writerName(name: string, { member }: Pick<Lease, "member">): string {
  return member === undefined ? name : `${name} ${shortName(member)}`;
}

/** Leaves a run's workers; the last one gives the lease back. */
export async function leaveLease(client: pg.Client, { schema, epoch, member }: Lease): Promise<void> {
  await client.query("DELETE FROM seed_bulk.workers WHERE worker_id = $1", [member]);
  // Held until others that leave now have left: one of them is the last.
  await client.query("SELECT FROM seed_bulk.leases WHERE schema_name = $1 AND epoch = $2 FOR NO KEY UPDATE", [
    schema,
    epoch,
  ]);
  await client.query(
    "UPDATE seed_bulk.leases l SET until = '-infinity' WHERE schema_name = $1 AND epoch = $2 " +
      "AND NOT EXISTS (SELECT FROM seed_bulk.workers w WHERE w.run_id = l.run_id)",
    [schema, epoch],
  );
}

/** One of a run's workers, as `status` shows it. */
export interface Share {
  readonly member: string;
  readonly host: string;
  readonly pid: number;
  readonly threads: number;
  readonly toldBy: string;
  readonly doing: string;
  readonly rows: number;
  readonly rowsPerSecond: number;
  readonly joinedAt: Date;
  readonly secondsSinceSeen: number;
}

/** The workers of a run, the first to come first; none in a ledger from before there were some. */
export async function sharesOf(client: pg.Client, runId: string): Promise<Share[]> {
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('seed_bulk.workers') IS NOT NULL AS there",
  );
  if (!rows[0].there) return [];
  const shares = await client.query<Share>(
    'SELECT worker_id AS member, host, pid, threads, told_by AS "toldBy", doing, rows::float8 AS rows, ' +
      'rows_per_second AS "rowsPerSecond", joined_at AS "joinedAt", ' +
      'extract(epoch FROM clock_timestamp() - last_seen)::float8 AS "secondsSinceSeen" ' +
      "FROM seed_bulk.workers WHERE run_id = $1 ORDER BY joined_at, worker_id",
    [runId],
  );
  return shares.rows;
}
