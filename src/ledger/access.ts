import type pg from "pg";
import { SeedBulkError } from "../errors.js";

/** The ledger's tables, which every role that loads reads and writes; the switch is for its owner alone. */
const LEDGER_TABLES = [
  "runs",
  "shards",
  "shards_unlogged",
  "steps",
  "deferred",
  "objects",
  "leases",
  "taken_off",
  "workers",
  "claims",
  "verifications",
  "version",
];

/** What a role does with the ledger. */
type Use = "read" | "write";

const RIGHTS: Readonly<Record<Use, readonly string[]>> = {
  read: ["SELECT"],
  write: ["SELECT", "INSERT", "UPDATE", "DELETE"],
};

/** How much of the ledger a database has. */
export interface LedgerFacts {
  readonly hasSchema: boolean;
  /** Its tables that are there. */
  readonly tables: readonly string[];
}

/**
 * Looks how much of the ledger there is, in the catalogs alone: they may be read by everybody.
 * @throws SeedBulkError SB_DATABASE_AUTH, with the statements that help, where another role made the ledger and this
 *   one may not use it so
 */
export async function ledgerFacts(client: pg.Client, use: Use): Promise<LedgerFacts> {
  const { rows } = await client.query<{
    owner: string;
    role: string;
    mayLookInto: boolean;
    tables: string[];
    refused: string[];
  }>(
    "SELECT quote_ident(pg_get_userbyid(n.nspowner)) AS owner, quote_ident(current_user) AS role, " +
      "has_schema_privilege(n.oid, 'USAGE') AS \"mayLookInto\", coalesce(array_agg(c.relname::text ORDER BY c.relname) FILTER (WHERE c.oid IS NOT NULL), '{}') AS tables, " +
      "coalesce(array_agg(c.relname::text ORDER BY c.relname) FILTER (WHERE NOT (SELECT bool_and(has_table_privilege(c.oid, r)) " +
      "FROM unnest($2::text[]) AS r)), '{}') AS refused " +
      "FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r' AND c.relname = ANY ($1) " +
      "WHERE n.nspname = 'seed_bulk' GROUP BY n.oid, n.nspowner",
    [LEDGER_TABLES, RIGHTS[use]],
  );
  if (rows.length === 0) return { hasSchema: false, tables: [] };
  const [{ owner, role, mayLookInto, tables, refused }] = rows;
  if (tables.length > 0 && (!mayLookInto || refused.length > 0)) {
    const names = tables.map((table) => `seed_bulk.${table}`).join(", ");
    throw new SeedBulkError(
      "SB_DATABASE_AUTH",
      `the ledger belongs to the role ${owner}, and ${role} may not ${use} ${mayLookInto ? refused.join(", ") : "it"}`,
      {
        hint:
          `Have ${owner} or a superuser run: GRANT USAGE ON SCHEMA seed_bulk TO ${role}; ` +
          `GRANT ${RIGHTS[use].join(", ")} ON ${names} TO ${role};`,
      },
    );
  }
  return { hasSchema: true, tables };
}
