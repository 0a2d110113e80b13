import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { copyBinaryEncoder } from "../../encode/copy-binary.js";
import type { Target } from "../../encode/field-writers.js";
import { storedColumns } from "../../model/entity.js";
import type { Universe } from "../../model/universe.js";

/**
 * Bytes a chunk aims at. Measured on a Unix socket: 512 KiB chunks load 16% faster than 128 KiB ones, and larger
 * ones no faster.
 */
export const CHUNK_BYTES_TARGET = 512 * 1024;

/** Takes a chunk; the bytes may be overwritten once the promise has settled, at once where there is none. */
export type ChunkSink = (chunk: Uint8Array) => Promise<void> | undefined;

/** Makes the rows of one entity as chunks of COPY rows. */
export interface EntityWriter {
  /**
   * Makes rows `[start, end)`.
   * @param onBatch told the rows of each batch; it may throw to stop
   * @returns the bytes made
   */
  write(start: number, end: number, sink: ChunkSink, onBatch?: (rows: number) => void): Promise<number>;
}

/** Two buffers a thread, reused by all its writers: one is filled while the other is on its way. */
export class ChunkBuffers {
  #filling = newBuffer(CHUNK_BYTES_TARGET);
  #sending = newBuffer(CHUNK_BYTES_TARGET);

  get filling(): Target {
    return this.#filling;
  }

  swap(): void {
    [this.#filling, this.#sending] = [this.#sending, this.#filling];
  }

  /** Makes the buffer being filled, which is empty, hold `bytes`: one batch of very wide rows. */
  grow(bytes: number): void {
    if (this.#filling.bytes.length < bytes) this.#filling = newBuffer(bytes);
  }
}

function newBuffer(size: number): Target {
  const buffer = Buffer.allocUnsafeSlow(size);
  return { bytes: buffer, view: new DataView(buffer.buffer) };
}

/**
 * The writer of an entity's stored columns.
 * @param only the names of those that are written; all of them without it
 */
export function entityWriter(
  universe: Universe,
  name: string,
  buffers: ChunkBuffers,
  only?: readonly string[],
): EntityWriter {
  const stored = storedColumns(universe.entity(name));
  const columns = only === undefined ? stored : stored.filter(([column]) => only.includes(column));
  const program = universe.program(
    name,
    columns.map(([column]) => column),
  );
  const encoder = copyBinaryEncoder(
    columns.map(([column, { type }]) => ({ type, vector: program.vector(column) })),
    universe.literals,
  );
  return {
    async write(start, end, sink, onBatch) {
      let filled = 0;
      let total = 0;
      let pending: Promise<void> | undefined;
      const flush = async (): Promise<void> => {
        await pending;
        pending = sink(buffers.filling.bytes.subarray(0, filled));
        // A failure is met at the next await; until then it must not count as unhandled.
        pending?.catch(() => {});
        buffers.swap();
        filled = 0;
      };
      try {
        for (let at = start; at < end; at += BATCH_ROWS_MAX) {
          const count = Math.min(BATCH_ROWS_MAX, end - at);
          program.run(at, count);
          const bytes = encoder.measure(count);
          if (filled > 0 && filled + bytes > buffers.filling.bytes.length) await flush();
          if (filled === 0) buffers.grow(bytes);
          encoder.write(count, buffers.filling, filled);
          filled += bytes;
          total += bytes;
          onBatch?.(count);
        }
        if (filled > 0) await flush();
      } finally {
        // Nobody fills a buffer that is still being sent, whatever stopped this writer.
        await pending?.catch(() => {});
      }
      await pending;
      return total;
    },
  };
}
