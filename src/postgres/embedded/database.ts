import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { readIfExists } from "../../platform/files.js";
import type { Postmaster } from "./postmaster.js";
import { EMBEDDED_DATABASE, EMBEDDED_ROLE, socketUrl } from "./url.js";

/**
 * Makes the database if it is not there: new, dropped by hand, or its making cut short.
 * @throws SB_EMBEDDED_FAILED when the server does not let us in
 */
export async function ensureDatabase(postmaster: Postmaster): Promise<void> {
  await withClient(postmaster, async (client) => {
    const found = await client.query("SELECT FROM pg_database WHERE datname = $1", [EMBEDDED_DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${EMBEDDED_DATABASE}`);
  });
}

/**
 * Gives the role the password that TCP asks for; the same one at every start.
 * @param file keeps the password, readable to its owner only
 */
export async function ensurePassword(postmaster: Postmaster, file: string): Promise<void> {
  const password = readIfExists(file) ?? makePassword(file);
  await withClient(postmaster, async (client) => {
    await client.query(`ALTER ROLE ${EMBEDDED_ROLE} PASSWORD ${client.escapeLiteral(password)}`);
  });
}

function makePassword(file: string): string {
  const password = randomBytes(24).toString("base64url");
  writeFileSync(file, password, { mode: 0o600, flag: "wx" });
  return password;
}

async function withClient(postmaster: Postmaster, body: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: socketUrl(postmaster, "postgres"), ssl: false });
  try {
    await client.connect();
    await body(client);
  } catch (cause) {
    throw new SeedBulkError(
      "SB_EMBEDDED_FAILED",
      `the embedded Postgres (pid ${postmaster.pid}) runs but refuses work: ${cause instanceof Error ? cause.message : cause}`,
      { cause, hint: "seed-bulk db stop, then try again." },
    );
  } finally {
    await client.end();
  }
}
