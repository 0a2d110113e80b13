import type pg from "pg";
import { SeedBulkError } from "../../errors.js";

/** The oldest Postgres that seed-bulk is made for: `server_version_num`, version 14. */
export const POSTGRES_VERSION_MIN = 140_000;

interface ServerFacts {
  readonly number: number;
  readonly version: string;
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  readonly encoding: string;
  readonly database: string;
}

/**
 * Makes sure that a database can take what seed-bulk writes; asked outside a transaction.
 * @throws SeedBulkError SB_DATABASE_VERSION, SB_DATABASE_READ_ONLY, SB_DATABASE_ENCODING
 */
export async function requireFitServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<ServerFacts>(
    "SELECT current_setting('server_version_num')::int4 AS number, current_setting('server_version') AS version, " +
      "pg_is_in_recovery() AS \"isStandby\", current_setting('transaction_read_only') = 'on' AS \"isReadOnly\", " +
      "current_setting('server_encoding') AS encoding, current_database() AS database",
  );
  const [{ number, version, isStandby, isReadOnly, encoding, database }] = rows;
  if (number < POSTGRES_VERSION_MIN) {
    throw new SeedBulkError(
      "SB_DATABASE_VERSION",
      `the server is Postgres ${version}; seed-bulk needs ${Math.floor(POSTGRES_VERSION_MIN / 10_000)} or newer`,
      { hint: "Use a newer server, or leave --database-url and DATABASE_URL out for the embedded one." },
    );
  }
  if (isStandby) {
    throw new SeedBulkError("SB_DATABASE_READ_ONLY", "the server is a standby, which takes no writes", {
      hint: "Nothing was written. Name the primary in the URL.",
    });
  }
  // Somebody's will, which a SET of ours would override.
  if (isReadOnly) {
    throw new SeedBulkError("SB_DATABASE_READ_ONLY", `the database "${database}" is set to be read only`, {
      hint:
        "Nothing was written. It is the setting default_transaction_read_only, of the server, the database, the role or " +
        "the URL: whoever turned it on can turn it off.",
    });
  }
  // Names of people and places of many languages: any other encoding lacks some, and says so at the first of them.
  if (encoding !== "UTF8") {
    throw new SeedBulkError(
      "SB_DATABASE_ENCODING",
      `the database "${database}" has the encoding ${encoding}, which cannot hold all texts; seed-bulk needs UTF8`,
      { hint: "Nothing was written. CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' makes one that can." },
    );
  }
}
