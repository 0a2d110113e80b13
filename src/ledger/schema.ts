import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import { type LedgerFacts, ledgerFacts } from "./access.js";
import { MIGRATIONS } from "./migrations.js";

/** The version of the ledger that this program reads and writes. */
export const LEDGER_VERSION = MIGRATIONS.length;

/** Apart: even with IF NOT EXISTS it asks for the right to CREATE on the database, and comments are for owners. */
const SCHEMA_DDL = `
CREATE SCHEMA seed_bulk;
COMMENT ON SCHEMA seed_bulk IS 'made by seed-bulk: its runs, and which shards of them are committed';
`;

/** Held, in the transaction, by whoever makes the ledger: "seed" in ASCII. */
const LOCK_CLASS = 0x73656564;

const VERSION_DDL =
  "CREATE TABLE IF NOT EXISTS seed_bulk.version (is_only bool PRIMARY KEY DEFAULT true CHECK (is_only), " +
  "version int4 NOT NULL, migrated_at timestamptz NOT NULL)";

/**
 * Makes the ledger where it is missing and brings an older one to this version, in the caller's transaction; several
 * processes may do so at once. A role that finds it as it should be needs no right to make anything.
 * @throws SeedBulkError SB_LEDGER_NEWER, SB_RUN_BUSY where a version that knew no leases is at work, and
 *   SB_DATABASE_AUTH where another role's ledger may not be used
 */
export async function ensureLedger(client: pg.Client): Promise<void> {
  // Two migrations at once would do each step twice, and CREATE ... IF NOT EXISTS races with itself.
  await client.query("SELECT pg_advisory_xact_lock($1, 0)", [LOCK_CLASS]);
  const facts = await ledgerFacts(client, "write");
  const version = (await ledgerVersion(client, facts)) ?? 0;
  refuseNewer(version);
  if (version === LEDGER_VERSION) return;
  if (version === 0) await refuseSessionLocks(client);
  if (!facts.hasSchema) await client.query(SCHEMA_DDL);
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
 * @throws SeedBulkError SB_LEDGER_NEWER where a later version of the program has made it, and SB_DATABASE_AUTH where
 *   another role's may not be read
 */
export async function hasLedger(client: pg.Client): Promise<boolean> {
  const version = await ledgerVersion(client, await ledgerFacts(client, "read"));
  refuseNewer(version ?? 0);
  return version !== undefined;
}

/** The version of the database's ledger: 0 where it is from before versions were written down, undefined without one. */
async function ledgerVersion(client: pg.Client, { tables }: LedgerFacts): Promise<number | undefined> {
  if (!tables.includes("version")) return tables.includes("runs") ? 0 : undefined;
  const { rows } = await client.query<{ version: number }>("SELECT version FROM seed_bulk.version");
  return rows[0]?.version ?? 0;
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
