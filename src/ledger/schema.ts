import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import { MIGRATIONS } from "./migrations.js";

/** The version of the ledger that this program reads and writes. */
export const LEDGER_VERSION = MIGRATIONS.length;

/** Held, in the transaction, by whoever makes the ledger: "seed" in ASCII. */
const LOCK_CLASS = 0x73656564;

const VERSION_DDL =
  "CREATE TABLE IF NOT EXISTS seed_bulk.version (is_only bool PRIMARY KEY DEFAULT true CHECK (is_only), " +
  "version int4 NOT NULL, migrated_at timestamptz NOT NULL)";

/**
 * Makes the ledger where it is missing and brings an older one to this version, in the caller's transaction; several
 * processes may do so at once.
 * @throws SeedBulkError SB_LEDGER_NEWER, and SB_RUN_BUSY where a version that knew no leases is at work
 */
export async function ensureLedger(client: pg.Client): Promise<void> {
  // Two migrations at once would do each step twice, and CREATE ... IF NOT EXISTS races with itself.
  await client.query("SELECT pg_advisory_xact_lock($1, 0)", [LOCK_CLASS]);
  const version = (await ledgerVersion(client)) ?? 0;
  refuseNewer(version);
  // A role that may use the ledger need not be one that may make it.
  if (version === LEDGER_VERSION) return;
  if (version === 0) await refuseSessionLocks(client);
  for (const statements of MIGRATIONS.slice(version)) await client.query(statements);
  await client.query(VERSION_DDL);
  await client.query(
    "INSERT INTO seed_bulk.version (version, migrated_at) VALUES ($1, clock_timestamp()) " +
      "ON CONFLICT (is_only) DO UPDATE SET version = excluded.version, migrated_at = excluded.migrated_at",
    [LEDGER_VERSION],
  );
}

/**
 * Whether the database has a ledger, which may be an older one: whoever only reads leaves it as it is.
 * @throws SeedBulkError SB_LEDGER_NEWER where a later version of the program has made it
 */
export async function hasLedger(client: pg.Client): Promise<boolean> {
  const version = await ledgerVersion(client);
  refuseNewer(version ?? 0);
  return version !== undefined;
}

/** The version of the database's ledger: 0 where it is from before versions were written down, undefined without one. */
async function ledgerVersion(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ ledger: boolean; version: boolean }>(
    "SELECT to_regclass('seed_bulk.runs') IS NOT NULL AS ledger, to_regclass('seed_bulk.version') IS NOT NULL AS version",
  );
  const [there] = rows;
  if (!there.version) return there.ledger ? 0 : undefined;
  const { rows: found } = await client.query<{ version: number }>("SELECT version FROM seed_bulk.version");
  return found[0]?.version ?? 0;
}

function refuseNewer(version: number): void {
  if (version <= LEDGER_VERSION) return;
  throw new SeedBulkError(
    "SB_LEDGER_NEWER",
    `the database's ledger has version ${version}, and this program knows it up to ${LEDGER_VERSION}`,
    { hint: "A later version of seed-bulk has been at work there. Use that one; nothing was changed." },
  );
}

/** Before there were leases, a process at work held a session lock, whose second number said which schema. */
async function refuseSessionLocks(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    "SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() " +
      "AND l.locktype = 'advisory' AND l.classid::int8 = $1 AND l.objid <> 0 AND l.granted",
    [LOCK_CLASS],
  );
  if (rowCount === 0) return;
  throw new SeedBulkError("SB_RUN_BUSY", "an earlier version of seed-bulk is at work in this database", {
    hint: "It would not notice this one. Wait for it to end; nothing was changed.",
  });
}
