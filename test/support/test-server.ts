import pg from "pg";
import { startEmbedded } from "../../src/postgres/embedded/index.js";

/** This run's Postgres: running already, or an embedded home whose server the first who needs it starts. */
export type TestServer = { runId: string } & ({ url: string } | { embeddedHome: string });

/** Any number will do, if nothing else on a shared server takes it. */
const TEMPLATE_LOCK = 0x5eed_b01c;

/** The address of a database on the run's server that tests may create others from. */
export async function adminUrlOf(server: TestServer): Promise<string> {
  return "url" in server ? server.url : (await startEmbedded(server.embeddedHome)).url;
}

/**
 * Makes the run's template, once however many test files ask: UTF-8 and sorted by code point wherever the server stands,
 * and from template0, because template1 of a server of one's own may hold anything.
 * @returns its name
 */
export async function ensureTemplate(admin: pg.Client, server: TestServer): Promise<string> {
  const name = `${databasePrefixOf(server)}template`;
  await admin.query("SELECT pg_advisory_lock($1)", [TEMPLATE_LOCK]);
  try {
    const found = await admin.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (found.rowCount === 0) {
      await admin.query(
        `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'`,
      );
    }
  } finally {
    await admin.query("SELECT pg_advisory_unlock($1)", [TEMPLATE_LOCK]);
  }
  return name;
}

/** Drops all that the run made on a server that outlives it, a crashed test's databases too. */
export async function dropDatabasesOfRun(server: TestServer): Promise<void> {
  const admin = new pg.Client(await adminUrlOf(server));
  await admin.connect();
  try {
    const found = await admin.query<{ datname: string }>(
      "SELECT datname FROM pg_database WHERE starts_with(datname, $1)",
      [databasePrefixOf(server)],
    );
    for (const { datname } of found.rows) await admin.query(`DROP DATABASE ${datname} WITH (FORCE)`);
  } finally {
    await admin.end();
  }
}

/** What the names of all the run's databases begin with. */
export function databasePrefixOf(server: TestServer): string {
  return `seed_bulk_test_${server.runId}_`;
}

/** The address of another database on the same server. */
export function withDatabase(url: string, database: string): string {
  // Not by URL: it refuses an empty host, which addresses of Unix sockets have.
  return url.replace(/^(\w+:\/\/[^/?]*)(?:\/[^?]*)?/, `$1/${database}`);
}
