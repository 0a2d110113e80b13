import { readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { ownObjects } from "../../ledger/objects.js";
import { hasLedger } from "../../ledger/schema.js";
import { inTransaction } from "../../postgres/connection.js";
import { readSwitch } from "../../postgres/switch.js";
import { SCHEMA_MARK } from "../run/make-tables.js";
import { isEnabled } from "./guard-beforehand.js";
import type { GuardFacts } from "./guard-reasons.js";
import type { GuardRequest } from "./guard-request.js";
import { requireFitServer } from "./server-requirements.js";

/**
 * Bytes of tables, indexes and the sorting of indexes for each byte of binary COPY. Measured with marketing,
 * `development` at scale 5: heap 0.97, indexes 0.52, temporary files 0.28; narrower rows take a little more.
 */
export const DISK_BYTES_PER_COPY_BYTE = 2;

/**
 * Bytes of WAL for each byte of binary COPY, until max_wal_size has them recycled. Measured likewise: 1.09 with
 * wal_level minimal; with replica the indexes are logged too.
 */
export const WAL_BYTES_PER_COPY_BYTE = 1.6;

/** A server writes its postmaster.pid this long before it counts as started, at the most. */
const START_SECONDS_MAX = 120;

/**
 * Reads what the guard decides by, and writes nothing.
 * @throws SeedBulkError SB_DATABASE_VERSION, SB_DATABASE_READ_ONLY, SB_DATABASE_ENCODING
 */
export async function guardFacts(client: pg.Client, request: GuardRequest): Promise<GuardFacts> {
  await requireFitServer(client);
  const { embedded, schema, plan, adoptSchema, maxRows, env } = request;
  return {
    nodeEnv: env["NODE_ENV"],
    embedded,
    enabled: isEnabled(env),
    // Where the embedded server lies is this project's own matter, whatever its directory is called.
    names: embedded ? [] : await namesOf(client),
    toggled: await switchOf(client),
    schema,
    schemaMadeBy: await makerOf(client, schema),
    adoptSchema,
    rows: plan.rows,
    rowsMax: maxRows,
    disk: await diskOf(client, request),
  };
}

/** The URL's names and the server's: behind a pooler they may differ. */
async function namesOf(client: pg.Client): Promise<GuardFacts["names"]> {
  const { rows } = await client.query<{ name: string }>("SELECT current_database() AS name");
  return [
    { of: "host", name: client.host },
    { of: "database", name: client.database ?? rows[0].name },
    { of: "database", name: rows[0].name },
  ];
}

async function switchOf(client: pg.Client): Promise<GuardFacts["toggled"]> {
  try {
    return await readSwitch(client);
  } catch (error) {
    if ((error as { code?: string }).code === "42501") return "unreadable";
    throw error;
  }
}

async function makerOf(client: pg.Client, schema: string): Promise<GuardFacts["schemaMadeBy"]> {
  if (schema === "seed_bulk") return "the ledger";
  const { rows } = await client.query<{ mark: string | null }>(
    "SELECT obj_description(oid, 'pg_namespace') AS mark FROM pg_namespace WHERE nspname = $1",
    [schema],
  );
  if (rows.length === 0) return "nobody yet";
  return rows[0].mark === SCHEMA_MARK ? "seed-bulk" : "somebody else";
}

/** Free and needed bytes, where the server's files are on this machine and can be seen. */
async function diskOf(client: pg.Client, request: GuardRequest): Promise<GuardFacts["disk"]> {
  const { plan, schema, replace, bytesDone = 0 } = request;
  const files = await localFilesOf(client);
  if (files === undefined) return null;
  const { path, walBytesMax } = files;
  try {
    const { bavail, bsize } = await statfs(path);
    const bytesFreed = replace ? await bytesOf(client, schema) : 0;
    const copyBytes = Math.max(0, plan.bytesEstimated - bytesDone);
    const walBytes = Math.min(copyBytes * WAL_BYTES_PER_COPY_BYTE, walBytesMax);
    return {
      path,
      bytesFree: bavail * bsize + bytesFreed,
      bytesNeeded: copyBytes * DISK_BYTES_PER_COPY_BYTE + walBytes,
    };
  } catch {
    return null;
  }
}

/**
 * Where the server keeps new tables, if that is on this machine. A socket or an address says nothing about it, with
 * containers and tunnels about; a postmaster.pid of the same start and port does.
 */
async function localFilesOf(client: pg.Client): Promise<{ path: string; walBytesMax: number } | undefined> {
  // pg_settings leaves out what the role may not see, where SHOW would fail.
  const { rows } = await client.query<{
    data: string;
    tablespace: string;
    port: number;
    started: number;
    walBytesMax: number;
  }>(
    "SELECT s.setting AS data, current_setting('port')::int4 AS port, " +
      "extract(epoch FROM pg_postmaster_start_time())::float8 AS started, " +
      "pg_size_bytes(current_setting('max_wal_size'))::float8 AS \"walBytesMax\", " +
      "pg_tablespace_location(coalesce(t.oid, d.dattablespace)) AS tablespace " +
      "FROM pg_settings s JOIN pg_database d ON d.datname = current_database() " +
      "LEFT JOIN pg_tablespace t ON t.spcname = current_setting('default_tablespace') WHERE s.name = 'data_directory'",
  );
  if (rows.length === 0) return undefined;
  const [{ data, tablespace, port, started, walBytesMax }] = rows;
  let lines: string[];
  try {
    lines = (await readFile(join(data, "postmaster.pid"), "utf8")).split("\n");
  } catch {
    return undefined;
  }
  const [, directory, start, listens] = lines;
  const isSame =
    directory === data && Number(listens) === port && Math.abs(Number(start) - started) < START_SECONDS_MAX;
  return isSame ? { path: tablespace || data, walBytesMax } : undefined;
}

/** What --replace drops before it loads. */
async function bytesOf(client: pg.Client, schema: string): Promise<number> {
  if (!(await hasLedger(client))) return 0;
  const oids = (await ownObjects(client, { schema })).filter(({ kind }) => kind === "table").map(({ oid }) => oid);
  const { rows } = await inTransaction(client, async () => {
    // Asking for a size waits for whoever holds the table.
    await client.query("SET LOCAL lock_timeout = '5s'");
    return client.query<{ bytes: number }>(
      "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::float8 AS bytes FROM pg_class WHERE oid::int8 = ANY ($1)",
      [oids],
    );
  });
  return rows[0].bytes;
}
