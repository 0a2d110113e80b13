import { randomUUID } from "node:crypto";
import { close, connect } from "../postgres/connection.js";
import { embeddedHome } from "../postgres/embedded/home.js";
import { acquireEmbeddedServer } from "../postgres/embedded/server.js";
import { quoteIdentifier } from "../postgres/identifiers.js";

/** A database on the embedded Postgres. */
export interface EmbeddedDatabase {
  /** Of a socket; any client that takes libpq's URLs connects with it. */
  readonly url: string;
  /** Drops the database where it is this one's own, and lets go of the server: the last one stops it. */
  release(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Where the server keeps its data; `SEED_BULK_HOME`, else `.seed-bulk` in the working directory, without it. */
  readonly home?: string;
  /** A database that is made where it is not there, and stays; one of its own, which is dropped, without it. */
  readonly database?: string;
  readonly signal?: AbortSignal;
}

/** Addresses that {@link embedded} has given: nobody has to enable filling those. */
const GIVEN = new Set<string>();

/** Whether an address is one of the embedded server's that this process has been given. */
export function isEmbedded(url: string): boolean {
  return GIVEN.has(url);
}

/**
 * Starts the embedded Postgres, or joins one that runs, and gives a database on it.
 * @throws SeedBulkError SB_EMBEDDED_FAILED, SB_EMBEDDED_BUSY, SB_EMBEDDED_UNSUPPORTED
 */
export async function embedded(options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  const { home = embeddedHome(process.env, process.cwd()), database, signal } = options;
  const server = await acquireEmbeddedServer({ home, ...(signal && { signal }) });
  const name = database ?? `own_${randomUUID().replaceAll("-", "").slice(0, 12)}`;
  try {
    await onServer(server.url, async (query) => {
      const there = await query("SELECT FROM pg_database WHERE datname = $1", [name]);
      if (there === 0) await query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`);
    });
  } catch (error) {
    await server.release();
    throw error;
  }
  // An address of a socket has no host, which URL does not read.
  const url = server.url.replace(/^([a-z]+:\/\/[^/]*)\/[^?]*/, `$1/${encodeURIComponent(name)}`);
  GIVEN.add(url);
  let releasing: Promise<void> | undefined;
  const release = async (): Promise<void> => {
    GIVEN.delete(url);
    if (database === undefined) {
      await onServer(server.url, (query) => query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`));
    }
    await server.release();
  };
  return { url, release: () => (releasing ??= release()) };
}

/**
 * Does work with a database on the embedded Postgres, which is gone afterwards.
 * @throws as {@link embedded}, and what the work throws
 */
export async function withEmbedded<T>(
  work: (database: { readonly url: string }) => Promise<T>,
  options: EmbeddedOptions = {},
): Promise<T> {
  const { url, release } = await embedded(options);
  try {
    return await work({ url });
  } finally {
    await release();
  }
}

/** @param work gets what runs a statement, and says how many rows it met */
async function onServer<T>(
  url: string,
  work: (query: (text: string, values?: unknown[]) => Promise<number>) => Promise<T>,
): Promise<T> {
  const client = await connect(url, "embedded");
  try {
    return await work(async (text, values) => (await client.query(text, values)).rowCount ?? 0);
  } finally {
    await close(client);
  }
}
