import { move, transferableSymbol, valueSymbol } from "piscina";
import { BATCH_ROWS_MAX } from "../core/vectors.js";
import type { BatchEncoder } from "../encode/copy-binary.js";
import { COPY_TEXT } from "../encode/copy-text.js";
import { CSV } from "../encode/csv.js";
import type { Dialect } from "../encode/dialect.js";
import { JSONL } from "../encode/jsonl.js";
import { textRowsEncoder } from "../encode/text-rows.js";
import { assert } from "../errors.js";
import { storedColumns } from "../model/entity.js";
import type { Model } from "../model/model.js";
import type { EntityProgram } from "../model/program.js";
import { Universe } from "../model/universe.js";
import { type Compress, compressor } from "./compress.js";
import { writeParquetFile } from "./parquet-file.js";
import type {
  EncodedRows,
  ExportFormat,
  ExportOutcome,
  ExportTask,
  ExportWorkerData,
  RowRange,
  WrittenFile,
} from "./protocol.js";

/** How the rows of each format of text are written. */
const DIALECTS: Readonly<Record<Exclude<ExportFormat, "parquet">, Dialect>> = {
  csv: CSV,
  jsonl: JSONL,
  sql: COPY_TEXT,
};

/** What a fresh buffer holds; it grows to what pieces need and then goes round. */
const BUFFER_BYTES = 4 * 2 ** 20;

/** Raised between batches once the coordinator has asked to stop. */
class Cancelled extends Error {}

/** A thread's side of an export: state that lasts from task to task, and one call a task. */
export class ExportWorker {
  readonly #data: ExportWorkerData;
  readonly #universe: Universe;
  readonly #progress: BigInt64Array;
  readonly #cancel: Int32Array;
  readonly #compress: Promise<Compress | undefined>;
  readonly #encoders = new Map<string, { readonly program: EntityProgram; readonly encoder: BatchEncoder }>();

  constructor(data: ExportWorkerData, model: Model) {
    const { universe } = data;
    this.#data = data;
    this.#universe = new Universe(model, universe.scenario, universe.dictionaries, universe);
    this.#progress = new BigInt64Array(data.progress);
    this.#cancel = new Int32Array(data.cancel);
    this.#compress = compressor(data.format === "parquet" ? null : data.compression);
  }

  /** Does one task; a failure is an outcome, not a rejection. */
  async run(task: ExportTask): Promise<ExportOutcome> {
    try {
      return task.kind === "parquet" ? await this.#parquet(task) : moved(await this.#encode(task, task.buffer));
    } catch (error) {
      const { message, code } = error as { message: string; code?: unknown };
      return {
        ok: false,
        message,
        code: typeof code === "string" ? code : undefined,
        cancelled: error instanceof Cancelled,
      };
    }
  }

  async #encode({ entity, start, end }: RowRange, given: ArrayBuffer | undefined): Promise<EncodedRows> {
    const { program, encoder } = this.#encoder(entity);
    let target = targetOf(given ?? new ArrayBuffer(BUFFER_BYTES));
    let length = 0;
    for (let at = start; at < end; at += BATCH_ROWS_MAX) {
      const count = Math.min(BATCH_ROWS_MAX, end - at);
      program.run(at, count);
      const bytes = encoder.measure(count);
      if (length + bytes > target.bytes.length) target = grown(target.bytes, length, length + bytes);
      encoder.write(count, target, length);
      length += bytes;
      this.#made(entity, count);
    }
    const compress = await this.#compress;
    if (compress === undefined) return { ok: true, buffer: target.bytes.buffer, length };
    const packed = compress(target.bytes.subarray(0, length));
    return { ok: true, ...ownBuffer(packed) };
  }

  async #parquet(task: Extract<ExportTask, { kind: "parquet" }>): Promise<WrittenFile> {
    const entity = this.#universe.entity(task.entity);
    const made = await writeParquetFile(task, {
      program: this.#universe.program(
        entity.name,
        storedColumns(entity).map(([name]) => name),
      ),
      compression: this.#data.compression,
      onBatch: (count) => this.#made(entity.name, count),
    });
    return { ok: true, ...made };
  }

  #encoder(name: string): { readonly program: EntityProgram; readonly encoder: BatchEncoder } {
    const known = this.#encoders.get(name);
    if (known !== undefined) return known;
    const { format } = this.#data;
    assert(format !== "parquet", "Parquet is not encoded in pieces");
    const columns = storedColumns(this.#universe.entity(name));
    const program = this.#universe.program(
      name,
      columns.map(([column]) => column),
    );
    const encoder = textRowsEncoder(
      columns.map(([column, { type }]) => ({ name: column, type, vector: program.vector(column) })),
      DIALECTS[format],
    );
    this.#encoders.set(name, { program, encoder });
    return { program, encoder };
  }

  #made(entity: string, rows: number): void {
    if (Atomics.load(this.#cancel, 0) === 1) throw new Cancelled();
    Atomics.add(this.#progress, this.#data.entities.indexOf(entity), BigInt(rows));
  }
}

/** An answer whose buffer goes to the other thread without being copied. */
function moved(rows: EncodedRows): EncodedRows {
  return move({ [transferableSymbol]: [rows.buffer], [valueSymbol]: rows } as never) as unknown as EncodedRows;
}

interface OwnTarget {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
}

function targetOf(buffer: ArrayBuffer): OwnTarget {
  return { bytes: new Uint8Array(buffer), view: new DataView(buffer) };
}

function grown(from: Uint8Array, length: number, needed: number): OwnTarget {
  const target = targetOf(new ArrayBuffer(needed + (needed >>> 2)));
  target.bytes.set(from.subarray(0, length));
  return target;
}

/** Bytes as a buffer that is theirs alone, since only a whole one can go to another thread. */
function ownBuffer(bytes: Uint8Array): { readonly buffer: ArrayBuffer; readonly length: number } {
  const copy = new Uint8Array(bytes);
  return { buffer: copy.buffer as ArrayBuffer, length: copy.length };
}
