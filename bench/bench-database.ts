import type pg from "pg";
import { SeedBulkError } from "../src/errors.js";
import { close, connect } from "../src/postgres/connection.js";
import { quoteIdentifier, quoteLiteral } from "../src/postgres/identifiers.js";
import type { BenchTarget } from "./tasks.js";

/** The bench's own database: nothing that anybody keeps is touched. */
const DATABASE = "seed_bulk_bench";
const MARK = "made by seed-bulk bench; dropped when it ends";
/** Any number will do, if nothing else takes it. */
const BENCH_LOCK = 0x5eed_be4c;

/** A database that lives as long as a bench. */
export interface BenchDatabase extends BenchTarget {
  drop(): Promise<void>;
}

/**
 * Makes the bench's database on a server.
 * @param server any database of it; with a server of the user's own, SEED_BULK_ENABLED must be set
 * @throws SeedBulkError SB_REFUSED, SB_RUN_BUSY where another bench uses the server, SB_DATABASE_AUTH
 */
export async function makeBenchDatabase(server: BenchTarget, env: NodeJS.ProcessEnv): Promise<BenchDatabase> {
  if (!server.embedded && env["SEED_BULK_ENABLED"] !== "true") {
    throw new SeedBulkError("SB_REFUSED", "the bench fills a database of a server that is not the embedded one", {
      hint: `Set SEED_BULK_ENABLED=true to allow it; it makes a database of its own, "${DATABASE}", and drops it.`,
    });
  }
  // Kept open: the lock lasts as long as the session.
  const admin = await connect(server.url, "bench");
  try {
    await claim(admin);
    await dropLeftBehind(admin);
    await admin.query(`CREATE DATABASE ${DATABASE} TEMPLATE template0 ENCODING 'UTF8'`);
    await admin.query(`COMMENT ON DATABASE ${DATABASE} IS ${quoteLiteral(MARK)}`);
  } catch (cause) {
    await close(admin);
    if ((cause as { code?: string }).code !== "42501") throw cause;
    throw new SeedBulkError("SB_DATABASE_AUTH", "the user may not create a database for the bench", {
      cause,
      hint: "The user needs the right CREATEDB.",
    });
  }
  return {
    url: withDatabase(server.url, DATABASE),
    embedded: server.embedded,
    async drop() {
      await dropDatabase(admin).finally(() => close(admin));
    },
  };
}

async function claim(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ mine: boolean }>("SELECT pg_try_advisory_lock($1) AS mine", [BENCH_LOCK]);
  if (rows[0].mine) return;
  throw new SeedBulkError("SB_RUN_BUSY", "another bench runs on this server: both would measure each other");
}

/** A bench that was killed leaves its database. */
async function dropLeftBehind(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ comment: string | null }>(
    "SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1",
    [DATABASE],
  );
  if (rows.length === 0) return;
  if (rows[0].comment !== MARK) {
    throw new SeedBulkError("SB_REFUSED", `the database "${DATABASE}" is there and the bench did not make it`);
  }
  await dropDatabase(admin);
}

async function dropDatabase(admin: pg.Client): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(DATABASE)} WITH (FORCE)`);
}

/** The address of another database on the same server; URLs of Unix sockets have no host, which `URL` refuses. */
function withDatabase(url: string, database: string): string {
  return url.replace(/^(\w+:\/\/[^/?]*)(?:\/[^?]*)?/, `$1/${database}`);
}
