import type pg from "pg";
import { ledgerFacts } from "./access.js";

/** The tables that record runs, in the target database. Shards of unlogged tables have an unlogged table of their own. */
const LEDGER_DDL = `
CREATE TABLE IF NOT EXISTS seed_bulk.runs (
  run_id uuid PRIMARY KEY,
  state text NOT NULL,
  plan json NOT NULL,
  plan_hash text NOT NULL,
  generator_version int4 NOT NULL,
  seed int8 NOT NULL,
  scenario text NOT NULL,
  schema_name text NOT NULL,
  options jsonb NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  host text NOT NULL,
  pid int4 NOT NULL,
  last_error text
);
CREATE TABLE IF NOT EXISTS seed_bulk.shards (
  run_id uuid NOT NULL,
  entity text NOT NULL,
  shard_index int4 NOT NULL,
  row_start int8 NOT NULL,
  row_end int8 NOT NULL,
  bytes int8 NOT NULL,
  digest bytea NOT NULL,
  worker int4 NOT NULL,
  attempt int4 NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run_id, entity, shard_index)
);
CREATE UNLOGGED TABLE IF NOT EXISTS seed_bulk.shards_unlogged (LIKE seed_bulk.shards INCLUDING ALL);
CREATE TABLE IF NOT EXISTS seed_bulk.steps (
  run_id uuid NOT NULL,
  step text NOT NULL,
  phase text NOT NULL,
  entity text NOT NULL,
  statement text NOT NULL,
  seconds float8 NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run_id, step)
);
CREATE TABLE IF NOT EXISTS seed_bulk.deferred (
  run_id uuid NOT NULL,
  schema_name text NOT NULL,
  table_name text NOT NULL,
  constraint_name text NOT NULL,
  definition text NOT NULL,
  PRIMARY KEY (run_id, schema_name, table_name, constraint_name)
);
CREATE TABLE IF NOT EXISTS seed_bulk.objects (
  run_id uuid NOT NULL,
  kind text NOT NULL,
  object_oid oid NOT NULL,
  schema_name text NOT NULL,
  object_name text NOT NULL,
  PRIMARY KEY (run_id, kind, object_oid)
);
CREATE TABLE IF NOT EXISTS seed_bulk.leases (
  schema_name text PRIMARY KEY,
  epoch int8 NOT NULL,
  machine text NOT NULL,
  process text NOT NULL,
  until timestamptz NOT NULL,
  -- The epoch is of a key, so that who checks it and who renews the lease do not wait for each other.
  UNIQUE (schema_name, epoch)
);
`;

/** Apart: even with IF NOT EXISTS it asks for the right to CREATE on the database, and comments are for owners. */
const SCHEMA_DDL = `
CREATE SCHEMA seed_bulk;
COMMENT ON SCHEMA seed_bulk IS 'made by seed-bulk: its runs, and which shards of them are committed';
`;

/** Held, in the transaction, by whoever makes the ledger: "seed" in ASCII. */
const LOCK_CLASS = 0x73656564;

/**
 * Makes the ledger where it is missing; several processes may do so at once. A role that finds it whole needs no right
 * to make anything.
 * @throws SeedBulkError SB_DATABASE_AUTH where another role's ledger may not be used
 */
export async function ensureLedger(client: pg.Client): Promise<void> {
  // CREATE ... IF NOT EXISTS races with itself on the catalog's unique keys.
  await client.query("SELECT pg_advisory_xact_lock($1, 0)", [LOCK_CLASS]);
  const { hasSchema, isWhole } = await ledgerFacts(client, "write");
  if (!hasSchema) await client.query(SCHEMA_DDL);
  if (!isWhole) await client.query(LEDGER_DDL);
}

/**
 * Whether the database has a ledger.
 * @throws SeedBulkError SB_DATABASE_AUTH where another role's ledger may not be read
 */
export async function hasLedger(client: pg.Client): Promise<boolean> {
  const { hasSchema } = await ledgerFacts(client, "read");
  if (!hasSchema) return false;
  const { rows } = await client.query<{ there: boolean }>("SELECT to_regclass('seed_bulk.runs') IS NOT NULL AS there");
  return rows[0].there;
}
