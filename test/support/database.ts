import pg from "pg";
import { inject } from "vitest";
import { adminUrlOf, databasePrefixOf, ensureTemplate, withDatabase } from "./test-server.js";

/** A database of a test file's own. */
export interface TestDatabase {
  url: string;
  /** A new connection; `drop` ends it if the test does not. */
  client(): Promise<pg.Client>;
  /** Ends all connections and removes the database. */
  drop(): Promise<void>;
}

let databaseCount = 0;

/** Makes an empty database from the run's template, on the server that global-setup.ts chose. Call it in `beforeAll`, and `drop` in `afterAll`. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject("testServer");
  const adminUrl = await adminUrlOf(server);
  const name = `${databasePrefixOf(server)}${process.pid}_${databaseCount++}`;
  await asAdmin(adminUrl, async (admin) => {
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${await ensureTemplate(admin, server)}`);
  });

  const url = withDatabase(adminUrl, name);
  const clients: pg.Client[] = [];
  return {
    url,
    async client() {
      const client = new pg.Client(url);
      await client.connect();
      clients.push(client);
      return client;
    },
    async drop() {
      // A client that the test has ended itself ends again without harm.
      await Promise.all(clients.map((client) => client.end()));
      await asAdmin(adminUrl, async (admin) => {
        await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      });
    },
  };
}

async function asAdmin(url: string, body: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client(url);
  await admin.connect();
  try {
    await body(admin);
  } finally {
    await admin.end();
  }
}
