import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { COPY_HEADER, COPY_TRAILER } from "../encode/copy-binary.js";
import { type Entity, storedColumns } from "../model/entity.js";
import { connect } from "./connection.js";
import { qualified, quoteIdentifier } from "./identifiers.js";

/** Makes a shard's rows, handing chunks over; resolves with the bytes made. */
type WriteRows = (sink: (chunk: Uint8Array) => Promise<void>) => Promise<number>;

/** One worker's connection, kept from shard to shard and made anew where it broke. */
export class PostgresSink {
  readonly #url: string;
  readonly #schema: string;
  #client: pg.Client | undefined;

  constructor({ url, schema }: { readonly url: string; readonly schema: string }) {
    this.#url = url;
    this.#schema = schema;
  }

  /**
   * Copies rows into an entity's table in one transaction: all of them or none.
   * @returns the bytes copied
   * @throws what Postgres, the connection or `write` threw, once the transaction is gone
   */
  async copy(entity: Entity, write: WriteRows): Promise<number> {
    const client = (this.#client ??= await connect(this.#url, "worker"));
    try {
      await client.query("BEGIN");
      const bytes = await copyRows(client, copyStatement(this.#schema, entity), write);
      await client.query("COMMIT");
      return bytes;
    } catch (error) {
      await this.#rollback(client);
      throw error;
    }
  }

  async #rollback(client: pg.Client): Promise<void> {
    try {
      await client.query("ROLLBACK");
    } catch {
      // The connection is gone, and its transaction with it: the next shard connects anew.
      this.#client = undefined;
      client.end().catch(() => {});
    }
  }
}

/** The COPY of an entity's stored columns in binary. */
export function copyStatement(schema: string, entity: Entity): string {
  const columns = storedColumns(entity).map(([name]) => quoteIdentifier(name));
  return `COPY ${qualified(schema, entity.name)} (${columns.join(", ")}) FROM STDIN WITH (FORMAT binary)`;
}

async function copyRows(client: pg.Client, statement: string, write: WriteRows): Promise<number> {
  const stream = client.query(copyFrom(statement));
  // A write's callback waits for the socket to drain, which a broken connection never does: the error ends the wait.
  const failed = new Promise<never>((_, reject) => stream.once("error", reject));
  failed.catch(() => {});
  const send = (chunk: Uint8Array): Promise<void> =>
    Promise.race([failed, new Promise<void>((resolve) => stream.write(chunk, () => resolve()))]);
  try {
    await send(COPY_HEADER);
    const bytes = await write(send);
    await send(COPY_TRAILER);
    const finished = new Promise<void>((resolve) => stream.once("finish", resolve));
    stream.end();
    await Promise.race([failed, finished]);
    return bytes;
  } catch (error) {
    await abandon(stream, error as Error);
    throw error;
  }
}

/** Tells the server that the COPY fails, and waits until it has heard; nothing to tell where it said so itself. */
async function abandon(stream: ReturnType<typeof copyFrom>, error: Error): Promise<void> {
  if (stream.destroyed) return;
  const closed = new Promise<void>((resolve) => stream.once("close", resolve));
  stream.destroy(error);
  await closed;
}
