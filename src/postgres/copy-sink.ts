import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { COPY_HEADER, COPY_TRAILER } from "../encode/copy-binary.js";
import type { Lease } from "../ledger/lease.js";
import { recordShard, type ShardRecord } from "../ledger/shards.js";
import { writerName } from "../ledger/shares.js";
import { type Entity, storedColumns } from "../model/entity.js";
import { beginWriting, connect, isCut, within } from "./connection.js";
import { tableName } from "./ddl.js";
import { quoteIdentifier } from "./identifiers.js";

/** Makes a shard's rows, handing chunks over; resolves with the bytes made. */
type WriteRows = (sink: (chunk: Uint8Array) => Promise<void>) => Promise<number>;

/** How long undoing may take; a connection that is cut is undone by the server. */
const UNDO_SECONDS_MAX = 5;

/** The run whose tables a sink writes to. */
export interface SinkTarget {
  readonly url: string;
  readonly schema: string;
  readonly runId: string;
  readonly unlogged: boolean;
  readonly lease: Lease;
  /** How long the server may take to accept a chunk or to answer, before the connection counts as lost. */
  readonly stallSecondsMax: number;
}

/** A statement with the values of its parameters; plain data. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What the ledger is told of a shard, besides what the copy itself shows. */
export interface CopyRecord extends Pick<ShardRecord, "shard" | "worker" | "attempt"> {
  /** Done in the same transaction, after the ledger's row; the shard is there also where it fails. */
  readonly also?: Statement | undefined;
}

/** One worker's connection, kept from shard to shard and made anew where it broke. */
export class PostgresSink {
  readonly #target: SinkTarget;
  #client: pg.Client | undefined;

  constructor(target: SinkTarget) {
    this.#target = target;
  }

  /**
   * Copies a shard's rows into its table and records it in the ledger, in one transaction: all of it or nothing.
   * @returns the bytes copied
   * @throws what Postgres, the connection or `write` threw, once the transaction is gone
   */
  async copy(entity: Entity, record: CopyRecord, write: WriteRows): Promise<number> {
    const { url, schema, runId, unlogged, lease, stallSecondsMax } = this.#target;
    const client = (this.#client ??= await connect(url, writerName("worker", lease), stallSecondsMax));
    const answered = <T>(work: Promise<T>): Promise<T> => within(stallSecondsMax, client, work);
    const { also, ...of } = record;
    const began = performance.now();
    try {
      await answered(client.query(beginWriting(client)));
      const bytes = await copyRows(client, copyStatement(schema, entity), answered, (send) => write(send));
      const seconds = (performance.now() - began) / 1000;
      await answered(recordShard(client, { ...of, runId, unlogged, lease, bytes, seconds }));
      if (also) await answered(besides(client, also));
      await answered(client.query("COMMIT"));
      return bytes;
    } catch (error) {
      await this.#rollback(client);
      throw error;
    }
  }

  async #rollback(client: pg.Client): Promise<void> {
    try {
      await within(UNDO_SECONDS_MAX, client, client.query("ROLLBACK"));
    } catch {
      // The connection is gone, and its transaction with it: the next shard connects anew.
      this.#client = undefined;
      client.end().catch(() => {});
    }
  }
}

/** Does a statement that may fail without harm to the transaction around it. */
async function besides(client: pg.Client, { text, values }: Statement): Promise<void> {
  await client.query("SAVEPOINT besides");
  await client.query(text, [...values]).catch(() => client.query("ROLLBACK TO SAVEPOINT besides"));
}

/** The COPY of an entity's stored columns in binary. */
export function copyStatement(schema: string, entity: Entity): string {
  const columns = storedColumns(entity).map(([name]) => quoteIdentifier(name));
  return `COPY ${tableName(schema, entity)} (${columns.join(", ")}) FROM STDIN WITH (FORMAT binary)`;
}

export async function copyRows(
  client: pg.Client,
  statement: string,
  answered: <T>(work: Promise<T>) => Promise<T>,
  write: WriteRows,
): Promise<number> {
  const stream = client.query(copyFrom(statement));
  // A write's callback waits for the socket to drain, which a broken connection never does: the error ends the wait.
  // The listener stays: a stream that is destroyed after its connection broke reports that a second time.
  const failed = new Promise<never>((_, reject) => stream.on("error", reject));
  failed.catch(() => {});
  const send = (chunk: Uint8Array): Promise<void> =>
    answered(Promise.race([failed, new Promise<void>((resolve) => stream.write(chunk, () => resolve()))]));
  try {
    await send(COPY_HEADER);
    const bytes = await write(send);
    await send(COPY_TRAILER);
    const finished = new Promise<void>((resolve) => stream.once("finish", resolve));
    stream.end();
    await answered(Promise.race([failed, finished]));
    return bytes;
  } catch (error) {
    await abandon(client, stream, error as Error);
    throw error;
  }
}

/**
 * Tells the server that the COPY fails, and waits until it has heard; nothing to tell where it said so itself, and no
 * answer where its backend was ended meanwhile.
 */
async function abandon(client: pg.Client, stream: ReturnType<typeof copyFrom>, error: Error): Promise<void> {
  // Let go of by the stream once the server has answered with an error, be it before it took the first byte.
  const isAnswered = (stream as unknown as { readonly connection?: object | null }).connection === null;
  if (isAnswered || stream.destroyed || isCut(client)) return;
  const closed = new Promise<void>((resolve) => stream.once("close", resolve));
  stream.destroy(error);
  await within(UNDO_SECONDS_MAX, client, closed).catch(() => {});
}
