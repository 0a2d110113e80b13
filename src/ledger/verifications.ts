import type pg from "pg";

/** What the checks of a run came to, without each of them. */
export interface CheckedRun {
  readonly runId: string;
  readonly madeAt: Date;
  /** Whether each byte was compared as well. */
  readonly isExact: boolean;
  readonly ok: boolean;
  readonly checks: number;
  readonly failed: number;
}

/** A report as the ledger keeps it: whoever wrote it knows what else is in it. */
export interface KeptReport {
  readonly ok: boolean;
  readonly checks: readonly { readonly ok: boolean }[];
}

/**
 * Keeps what the last checks of a run found, in the caller's transaction. Where the ledger is one of before, or this role
 * may not write there, nothing is kept: the checks were made all the same.
 */
export async function keepVerification(
  client: pg.Client,
  { runId, isExact, report }: { readonly runId: string; readonly isExact: boolean; readonly report: KeptReport },
): Promise<void> {
  const { rows } = await client.query(
    "SELECT coalesce(has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE'), false) AS may " +
      "FROM (SELECT to_regclass('seed_bulk.verifications') AS oid) AS c",
  );
  if (!rows[0].may) return;
  const failed = report.checks.filter(({ ok }) => !ok).length;
  await client.query(
    "INSERT INTO seed_bulk.verifications (run_id, is_exact, ok, checks, failed, report) VALUES ($1, $2, $3, $4, $5, $6) " +
      "ON CONFLICT (run_id) DO UPDATE SET made_at = clock_timestamp(), is_exact = excluded.is_exact, ok = excluded.ok, " +
      "checks = excluded.checks, failed = excluded.failed, report = excluded.report",
    [runId, isExact, report.ok, report.checks.length, failed, JSON.stringify(report)],
  );
}

/** Of runs that are done: checks made before the end of one tell nothing of what it is now. */
const KEPT =
  "FROM seed_bulk.verifications v JOIN seed_bulk.runs r USING (run_id) " +
  "WHERE r.state = 'done' AND v.made_at >= r.finished_at AND run_id = ANY ($1::uuid[])";

/** What the last checks of runs came to, by run; those that nobody checked are missing. */
export async function checkedRuns(client: pg.Client, runIds: readonly string[]): Promise<Map<string, CheckedRun>> {
  if (!(await isKept(client))) return new Map();
  const { rows } = await client.query<CheckedRun>(
    `SELECT run_id AS "runId", made_at AS "madeAt", is_exact AS "isExact", ok, checks, failed ${KEPT}`,
    [runIds],
  );
  return new Map(rows.map((row) => [row.runId, row]));
}

/** The report of a run's last checks, as it was kept. */
export async function keptVerification(
  client: pg.Client,
  runId: string,
): Promise<{ readonly isExact: boolean; readonly report: KeptReport } | undefined> {
  if (!(await isKept(client))) return undefined;
  const { rows } = await client.query(`SELECT is_exact AS "isExact", report ${KEPT}`, [[runId]]);
  return rows[0];
}

/** A ledger of before keeps none, and whoever only reads leaves it as it is. */
async function isKept(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass('seed_bulk.verifications') IS NOT NULL AS kept");
  return rows[0].kept;
}
