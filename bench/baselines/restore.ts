import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { CHUNK_BYTES_TARGET } from "../../src/engine/threads/entity-writer.js";
import { close, connect } from "../../src/postgres/connection.js";
import { quoteLiteral } from "../../src/postgres/identifiers.js";
import type { RestoreTask, TaskResult } from "../tasks.js";
import { inRestoreOrder, nextItem, type RestoreItem } from "./restore-items.js";

/** Keys and foreign keys as a dump writes them; checks stand in its tables. */
const CONSTRAINTS = `
SELECT conname AS name, CASE contype WHEN 'f' THEN 'reference' ELSE 'key' END AS kind, conrelid::regclass::text AS table,
  CASE WHEN confrelid <> 0 THEN confrelid::regclass::text END AS other,
  format('ALTER TABLE ONLY %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS sql
FROM pg_constraint WHERE connamespace = $1::regnamespace AND contype IN ('p', 'u', 'f')`;
/** Indexes that no key made. */
const INDEXES = `
SELECT indexrelid::regclass::text AS name, 'index' AS kind, indrelid::regclass::text AS table, NULL AS other,
  pg_get_indexdef(indexrelid) AS sql
FROM pg_index JOIN pg_class c ON c.oid = indrelid
WHERE c.relnamespace = $1::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`;
const TABLES = `SELECT oid::regclass::text AS table FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r'`;
const CHECKS = `
SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS sql
FROM pg_constraint WHERE connamespace = $1::regnamespace AND contype = 'c'`;

/** What a restore needs of a loaded schema. */
export interface RestoreDump {
  readonly items: readonly RestoreItem[];
  /** Statements that a dump has in its tables. */
  readonly checks: readonly string[];
}

/**
 * Dumps a schema: each table's rows as text, as pg_dump writes them, and the statements of its keys and indexes.
 * @param folder an empty directory; the caller removes it
 */
export async function dumpSchema(client: pg.Client, schema: string, folder: string): Promise<RestoreDump> {
  const name = [quoteLiteral(schema).slice(1, -1)];
  const { rows: tables } = await client.query<{ table: string }>(TABLES, name);
  const data: RestoreItem[] = [];
  for (const [i, { table }] of tables.entries()) {
    const file = join(folder, `${i}.text`);
    await pipeline(client.query(copyTo(`COPY ${table} TO STDOUT`)), createWriteStream(file));
    const { size } = await stat(file);
    data.push({ name: table, kind: "data", table, other: null, sql: `COPY ${table} FROM STDIN`, file, bytes: size });
  }
  const statements = await Promise.all([CONSTRAINTS, INDEXES].map((sql) => client.query<RestoreItem>(sql, name)));
  const rest = statements.flatMap(({ rows }) => rows.map((row): RestoreItem => ({ ...row, file: null, bytes: 0 })));
  const { rows: checks } = await client.query<{ sql: string }>(CHECKS, name);
  return { items: inRestoreOrder([...data, ...rest]), checks: checks.map(({ sql }) => sql) };
}

/** Restores into tables that are there, as `pg_restore -j` does: one item a connection, as soon as it may begin. */
export async function restore({ url, connections, items, rows }: RestoreTask): Promise<TaskResult> {
  const clients = await Promise.all(Array.from({ length: connections }, () => connect(url, "bench restore")));
  const began = performance.now();
  await runItems(items, clients);
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(clients.map(close));
  return { seconds, rows };
}

async function runItems(items: readonly RestoreItem[], clients: readonly pg.Client[]): Promise<void> {
  const waiting = [...items];
  const running: RestoreItem[] = [];
  let ended = (): void => {};
  const lane = async (client: pg.Client): Promise<void> => {
    while (waiting.length > 0) {
      const item = nextItem({ waiting, running });
      if (item === undefined) {
        // What runs now ends some time, and may let another begin.
        await new Promise<void>((resolve) => {
          const others = ended;
          ended = () => {
            others();
            resolve();
          };
        });
        continue;
      }
      waiting.splice(waiting.indexOf(item), 1);
      running.push(item);
      await runItem(item, client);
      running.splice(running.indexOf(item), 1);
      const wake = ended;
      ended = () => {};
      wake();
    }
  };
  await Promise.all(clients.map(lane));
}

/** pg_restore empties a table of its own making in the COPY's transaction: Postgres then need not log the rows. */
async function runItem({ kind, sql, file, table }: RestoreItem, client: pg.Client): Promise<void> {
  if (kind !== "data") {
    await client.query(sql);
    return;
  }
  await client.query(`BEGIN; TRUNCATE TABLE ONLY ${table}`);
  await pipeline(createReadStream(file!, { highWaterMark: CHUNK_BYTES_TARGET }), client.query(copyFrom(sql)));
  await client.query("COMMIT");
}
