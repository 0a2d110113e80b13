import type pg from "pg";
import { COPY_HEADER } from "../encode/copy-binary.js";
import { type Entity, storedColumns } from "../model/entity.js";
import { inReading } from "./connection.js";
import { ownRows } from "./ddl.js";
import { quoteIdentifier } from "./identifiers.js";

/**
 * How long a server may send nothing. A range read by its index begins at once; a table without one is sorted first.
 */
const SILENT_SECONDS_MAX = { indexed: 120, sorted: 3600 };

/**
 * How rows are read back. Ranges are read by the key's index: a sort of rows that stand nearly in order would only write
 * them to temporary files. The readers are the parallelism, and a plan compiled anew for each range (jit) costs more
 * than it saves.
 */
const READ_SETTINGS =
  "SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off; " +
  "SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'";

/** Runs work that reads rows back, in a transaction that cannot write. */
export function readingBack<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  return inReading(client, READ_SETTINGS, work);
}

/** Which rows of a table are read, and in which order. Absent bounds are open. */
export interface CopyRange {
  /** The column that orders rows; without it, in any order. */
  readonly column?: string;
  /** IDs, half-open. */
  readonly from?: number;
  readonly to?: number;
  /** Blocks of the table's file, half-open; instead of IDs. */
  readonly blocks?: { readonly from: number; readonly to?: number };
}

/** The COPY that reads an entity's stored columns back. */
export function copyOutStatement(schema: string, entity: Entity, range: CopyRange): string {
  const columns = storedColumns(entity).map(([name]) => quoteIdentifier(name));
  const { column, from, to, blocks } = range;
  const conditions: string[] = [];
  if (column !== undefined && from !== undefined) conditions.push(`${quoteIdentifier(column)} >= ${from}`);
  if (column !== undefined && to !== undefined) conditions.push(`${quoteIdentifier(column)} < ${to}`);
  if (blocks !== undefined) conditions.push(`ctid >= '(${blocks.from},0)'`);
  if (blocks?.to !== undefined) conditions.push(`ctid < '(${blocks.to},0)'`);
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : "";
  const order = column === undefined ? "" : ` ORDER BY ${quoteIdentifier(column)}`;
  return (
    `COPY (SELECT ${columns.join(", ")} FROM ${ownRows(schema, entity)}${where}${order}) ` +
    "TO STDOUT WITH (FORMAT binary)"
  );
}

/** Takes a row of binary COPY: its field count, then its fields. The bytes hold only during the call. */
export type RowHandler = (row: Buffer) => void;

/** As much of node-postgres's connection as a query of one's own sees. */
interface WireConnection {
  query(text: string): void;
  readonly stream: { destroy(): void };
}

/**
 * Runs a COPY TO STDOUT and hands its rows over one by one, without the file's header and trailer.
 *
 * By node-postgres's own protocol events: a message of COPY TO is always one row (Postgres manual, "COPY Operations"),
 * which is what a comparison wants, whereas pg-copy-streams puts rows together into chunks that have to be taken apart
 * again. Measured on 2 M rows of 97 bytes: 1.83 M rows/s this way, 1.68 M rows/s that way, 2.17 M rows/s inside the
 * server alone. Rows are handled while the socket waits, so nothing piles up.
 * @param onRow may throw to stop, which ends the connection too
 * @param options.sorted the server sorts before it sends, and may be silent for as long
 */
export function copyOut(
  client: pg.Client,
  sql: string,
  onRow: RowHandler,
  { sorted = false }: { readonly sorted?: boolean } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    let connection: WireConnection | undefined;
    let failure: unknown;
    let headerLeft = COPY_HEADER.length;
    let messages = 0;
    let messagesSeen = -1;
    const secondsMax = sorted ? SILENT_SECONDS_MAX.sorted : SILENT_SECONDS_MAX.indexed;
    const stop = (error: unknown): void => {
      failure ??= error;
      clearInterval(watch);
      reject(failure);
      connection?.stream.destroy();
    };
    // A look now and then costs nothing a row, which a timer set anew at each would.
    const watch = setInterval(() => {
      if (messages === messagesSeen) {
        stop(Object.assign(new Error(`the server sent nothing for ${secondsMax} s`), { code: "ETIMEDOUT" }));
      }
      messagesSeen = messages;
    }, secondsMax * 1000);
    const query = {
      submit(wire: WireConnection): void {
        connection = wire;
        wire.query(sql);
      },
      handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
        messages++;
        if (failure !== undefined) return;
        let row = chunk;
        if (headerLeft > 0) {
          row = chunk.subarray(headerLeft);
          headerLeft = Math.max(0, headerLeft - chunk.length);
        }
        // The trailer is a field count of -1.
        if (row.length < 2 || row[0] === 0xff) return;
        try {
          onRow(row);
        } catch (error) {
          stop(error);
        }
      },
      // The server's own error, or a connection that broke; there is no ReadyForQuery for this query then.
      handleError(error: unknown): void {
        clearInterval(watch);
        reject(failure ?? error);
      },
      handleCommandComplete(): void {},
      handleRowDescription(): void {},
      handleReadyForQuery(): void {
        clearInterval(watch);
        resolve();
      },
    };
    client.query(query as unknown as pg.Submittable);
  });
}
