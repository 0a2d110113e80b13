import { hostname } from "node:os";
import type pg from "pg";
import { ensureLedger } from "../ledger/schema.js";
import { inTransaction } from "./connection.js";

/** Whether a database may be filled, as `toggle` left it. A database that nobody has toggled has none and may be. */
export interface Switch {
  readonly enabled: boolean;
  readonly changedAt: Date;
  /** The role that turned it, and the machine it did so from. */
  readonly changedBy: string;
}

const SWITCH_DDL = `
CREATE TABLE IF NOT EXISTS seed_bulk.switch (
  is_only bool PRIMARY KEY DEFAULT true CHECK (is_only),
  enabled bool NOT NULL,
  changed_at timestamptz NOT NULL,
  changed_by text NOT NULL
);
GRANT USAGE ON SCHEMA seed_bulk TO PUBLIC;
GRANT SELECT ON seed_bulk.switch TO PUBLIC;
`;

/**
 * Reads the switch.
 * @returns null where nobody has ever turned it
 */
export async function readSwitch(client: pg.Client): Promise<Switch | null> {
  // Not by to_regclass, which fails where the role may not look into the schema.
  const { rowCount } = await client.query(
    "SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'seed_bulk' AND c.relname = 'switch'",
  );
  if (rowCount === 0) return null;
  const { rows } = await client.query<Switch>(
    'SELECT enabled, changed_at AS "changedAt", changed_by AS "changedBy" FROM seed_bulk.switch',
  );
  return rows[0] ?? null;
}

/** Turns the switch. Every role can read it afterwards, so that it holds for all of them. */
export async function writeSwitch(client: pg.Client, enabled: boolean): Promise<Switch> {
  return inTransaction(client, async () => {
    await ensureLedger(client);
    await client.query(SWITCH_DDL);
    const { rows } = await client.query<Switch>(
      "INSERT INTO seed_bulk.switch (enabled, changed_at, changed_by) VALUES ($1, clock_timestamp(), session_user || '@' || $2) " +
        "ON CONFLICT (is_only) DO UPDATE SET enabled = excluded.enabled, changed_at = excluded.changed_at, changed_by = excluded.changed_by " +
        'RETURNING enabled, changed_at AS "changedAt", changed_by AS "changedBy"',
      [enabled, hostname()],
    );
    return rows[0];
  });
}
