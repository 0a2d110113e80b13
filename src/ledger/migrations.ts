/**
 * The tables that record runs, in the target database; shards of unlogged tables have an unlogged table of their own.
 * Ledgers from before versions were written down have some of these tables or all of them.
 */
const TABLES = `
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

/** What runs had left whose tables were made anew by later ones: nobody reads it. */
const WITHOUT_REPLACED = `
DELETE FROM seed_bulk.shards s USING seed_bulk.runs r WHERE r.run_id = s.run_id AND r.state = 'replaced';
DELETE FROM seed_bulk.shards_unlogged s USING seed_bulk.runs r WHERE r.run_id = s.run_id AND r.state = 'replaced';
DELETE FROM seed_bulk.steps s USING seed_bulk.runs r WHERE r.run_id = s.run_id AND r.state = 'replaced';
DELETE FROM seed_bulk.deferred d USING seed_bulk.runs r WHERE r.run_id = d.run_id AND r.state = 'replaced';
`;

/** What a run has taken off tables that it did not make, and the statements that put it back. */
const TAKEN_OFF = `
CREATE TABLE seed_bulk.taken_off (
  run_id uuid NOT NULL,
  position int4 NOT NULL,
  phase text NOT NULL,
  step text NOT NULL,
  entity text NOT NULL,
  table_oid oid NOT NULL,
  statement text NOT NULL,
  PRIMARY KEY (run_id, position)
);
`;

/**
 * Processes that work on one run together: they share its lease, and each has a row, which is its share. What a claim
 * names, one of them does; a share that ends takes its claims with it.
 */
const FLEET = `
ALTER TABLE seed_bulk.leases ADD COLUMN run_id uuid;
CREATE TABLE seed_bulk.workers (
  worker_id uuid PRIMARY KEY,
  run_id uuid NOT NULL,
  machine text NOT NULL,
  process text NOT NULL,
  host text NOT NULL,
  pid int4 NOT NULL,
  threads int4 NOT NULL,
  told_by text NOT NULL,
  doing text NOT NULL,
  rows int8 NOT NULL DEFAULT 0,
  rows_per_second float8 NOT NULL DEFAULT 0,
  joined_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_seen timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON seed_bulk.workers (run_id);
CREATE TABLE seed_bulk.claims (
  run_id uuid NOT NULL,
  step text NOT NULL,
  worker_id uuid NOT NULL REFERENCES seed_bulk.workers ON DELETE CASCADE,
  PRIMARY KEY (run_id, step)
);
`;

/** What the last checks of each run found: whoever looks at a run need not make them again. */
const VERIFICATIONS = `
CREATE TABLE seed_bulk.verifications (
  run_id uuid PRIMARY KEY,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  is_exact bool NOT NULL,
  ok bool NOT NULL,
  checks int4 NOT NULL,
  failed int4 NOT NULL,
  report json NOT NULL
);
`;

/** Shards had a digest each, which cost a load one part in twenty and which nobody read: `--exact` reads the tables. */
const WITHOUT_DIGESTS = `
ALTER TABLE seed_bulk.shards DROP COLUMN digest;
ALTER TABLE seed_bulk.shards_unlogged DROP COLUMN digest;
`;

/**
 * What brings a ledger from one version to the next: the first from none, or from one without a version, to 1. A
 * migration that was released is never changed; a new one is put behind it.
 */
export const MIGRATIONS: readonly string[] = [
  TABLES,
  WITHOUT_REPLACED,
  TAKEN_OFF,
  FLEET,
  VERIFICATIONS,
  WITHOUT_DIGESTS,
];
