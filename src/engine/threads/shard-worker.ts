import { threadId } from "node:worker_threads";
import type { Model } from "../../model/model.js";
import { Universe } from "../../model/universe.js";
import { PostgresSink } from "../../postgres/copy-sink.js";
import { ChunkBuffers, type ChunkSink, type EntityWriter, entityWriter } from "./entity-writer.js";
import type { LoadData, ShardDone, ShardOutcome, ShardTask } from "./protocol.js";

/** Raised between batches once the coordinator has asked to stop. */
class Cancelled extends Error {}

/** A worker's side of the protocol: state that lasts from task to task, and one call a task. */
export class ShardWorker {
  readonly #data: LoadData;
  readonly #universe: Universe;
  readonly #buffers = new ChunkBuffers();
  readonly #writers = new Map<string, EntityWriter>();
  readonly #progress: BigInt64Array;
  readonly #cancel: Int32Array;
  readonly #postgres: PostgresSink | undefined;

  constructor(data: LoadData, model: Model) {
    const { universe, sink } = data;
    this.#data = data;
    this.#universe = new Universe(model, universe.scenario, universe.dictionaries, universe);
    this.#progress = new BigInt64Array(data.progress);
    this.#cancel = new Int32Array(data.cancel);
    this.#postgres = sink.kind === "postgres" ? new PostgresSink(sink) : undefined;
  }

  /** Makes one shard; a failure is an outcome, not a rejection. */
  async run(task: ShardTask): Promise<ShardOutcome> {
    const slot = this.#data.entities.indexOf(task.shard.entity);
    let counted = 0;
    const onBatch = (rows: number): void => {
      if (Atomics.load(this.#cancel, 0) === 1) throw new Cancelled();
      counted += rows;
      Atomics.add(this.#progress, slot, BigInt(rows));
    };
    try {
      return await this.#make(task, onBatch);
    } catch (error) {
      Atomics.sub(this.#progress, slot, BigInt(counted));
      const { message, code, schema, table, constraint } = error as Error & Record<string, unknown>;
      const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
      return {
        ok: false,
        message,
        code: text(code),
        schema: text(schema),
        table: text(table),
        constraint: text(constraint),
        cancelled: error instanceof Cancelled,
      };
    }
  }

  async #make({ shard, attempt, also }: ShardTask, onBatch: (rows: number) => void): Promise<ShardDone> {
    const began = performance.now();
    const writer = this.#writer(shard.entity);
    const latencies: number[] = [];
    const chunks: Uint8Array[] = [];
    const write = (sink: ChunkSink): Promise<number> =>
      writer.write(shard.start, shard.end, timed(sink, latencies), onBatch);
    let bytes: number;
    if (this.#postgres)
      bytes = await this.#postgres.copy(
        this.#universe.entity(shard.entity),
        { shard, attempt, worker: threadId, also },
        write,
      );
    else if (this.#data.sink.kind === "digest") bytes = await write((chunk) => keep(chunk, chunks));
    else bytes = await write(() => undefined);
    return {
      ok: true,
      rows: shard.end - shard.start,
      bytes,
      seconds: (performance.now() - began) / 1000,
      chunkLatenciesUs: Float64Array.from(latencies),
      ...(chunks.length > 0 ? { chunks } : {}),
    };
  }

  #writer(entity: string): EntityWriter {
    let writer = this.#writers.get(entity);
    if (writer === undefined) {
      writer = entityWriter(this.#universe, entity, this.#buffers);
      this.#writers.set(entity, writer);
    }
    return writer;
  }
}

function keep(chunk: Uint8Array, chunks: Uint8Array[]): undefined {
  // A copy: the buffer is filled again. Not by slice(), which on a Buffer gives a view of the same bytes.
  chunks.push(new Uint8Array(chunk));
  return undefined;
}

function timed(sink: ChunkSink, latenciesUs: number[]): ChunkSink {
  return (chunk) => {
    const began = performance.now();
    const pending = sink(chunk);
    if (pending === undefined) return undefined;
    return pending.then(() => {
      latenciesUs.push((performance.now() - began) * 1000);
    });
  };
}
