import type { RunObserver } from "../engine/observer.js";
import { Supervisor } from "../engine/threads/supervisor.js";
import { ThreadPool } from "../engine/threads/thread-pool.js";
import { ERROR_CODES, type ErrorCode, SeedBulkError } from "../errors.js";
import type { Plan } from "../model/plan.js";
import type { Universe } from "../model/universe.js";
import { type Compress, compressor } from "./compress.js";
import type {
  Compression,
  EncodedRows,
  ExportFailed,
  ExportFormat,
  ExportOutcome,
  ExportTask,
  ExportWorkerData,
  RowRange,
  WrittenFile,
} from "./protocol.js";

export interface EncodersOptions {
  readonly universe: Universe;
  readonly plan: Plan;
  readonly format: ExportFormat;
  readonly compression: Compression | null;
  /** Threads. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  readonly observer?: RunObserver | undefined;
}

/** Bytes on their way into a file; `release` gives their buffer back once they are written. */
export interface Encoded {
  readonly bytes: Uint8Array;
  release(): void;
}

/** The threads of an export. Pieces may be asked for side by side; each answers by itself. */
export class Encoders {
  /** Results that may be under way: enough that no thread waits for the writer, few enough that memory stays small. */
  readonly window: number;
  readonly #options: EncodersOptions;
  readonly #threads: ThreadPool;
  readonly #supervisor: Supervisor;
  readonly #compress: Promise<Compress | undefined>;
  /** Buffers that wait for their next piece. */
  readonly #free: ArrayBuffer[] = [];

  constructor(options: EncodersOptions) {
    const { universe, plan, format, compression, workers, signal, observer } = options;
    this.#options = options;
    this.window = 2 * workers + 1;
    const entities = plan.entities.map(({ entity }) => entity);
    this.#supervisor = new Supervisor(entities, { signal, observer });
    const data: ExportWorkerData = { universe: universe.share(), format, compression, ...this.#supervisor.shared };
    this.#threads = new ThreadPool("export", workers, data);
    this.#compress = compressor(compression);
    this.#supervisor.begin(() => this.#threads.close());
  }

  /** Counts rows that need not be made. */
  skip({ entity, start, end }: RowRange): void {
    this.#supervisor.skip(entity, end - start);
  }

  /** @throws SeedBulkError SB_INTERRUPTED, SB_WORKER_FAILED, SB_VALUE_INVALID */
  async rows(range: RowRange): Promise<Encoded> {
    const buffer = this.#free.pop();
    const done = (await this.#run({ kind: "rows", ...range, ...(buffer && { buffer }) }, buffer)) as EncodedRows;
    return {
      bytes: new Uint8Array(done.buffer, 0, done.length),
      release: () => {
        // Compressed pieces come in buffers cut to their size.
        if (this.#options.compression === null) this.#free.push(done.buffer);
      },
    };
  }

  /** A text that stands between rows, compressed as they are. */
  async text(text: string): Promise<Encoded> {
    const compress = await this.#compress;
    const bytes = Buffer.from(text);
    return { bytes: compress === undefined ? bytes : compress(bytes), release: () => {} };
  }

  /** Makes a Parquet file at `path`. @throws as `rows`, and SB_DISK_FULL, SB_EXPORT_FAILED */
  async parquet(range: RowRange, to: { readonly path: string; readonly groupRows: number }): Promise<WrittenFile> {
    return (await this.#run({ kind: "parquet", ...range, ...to })) as WrittenFile;
  }

  /** Ends the threads; what they still do is lost. */
  async close(): Promise<void> {
    this.#supervisor.end();
    await this.#threads.close();
  }

  async #run(task: ExportTask, buffer?: ArrayBuffer): Promise<Exclude<ExportOutcome, ExportFailed>> {
    let outcome: ExportOutcome;
    try {
      outcome = (await this.#threads.run(task, buffer ? { transferList: [buffer] } : {})) as ExportOutcome;
    } catch (error) {
      if (error instanceof SeedBulkError) throw error;
      const { message } = error as Error;
      outcome = { ok: false, message, code: "SB_WORKER_FAILED", cancelled: false };
    }
    if (outcome.ok) return outcome;
    if (outcome.cancelled || this.#options.signal?.aborted) throw interrupted();
    throw taskError(task, outcome);
  }
}

/** What an export that was asked to stop ends with. */
export function interrupted(): SeedBulkError {
  return new SeedBulkError("SB_INTERRUPTED", "stopped while exporting", {
    hint: "The same command goes on where it stopped.",
  });
}

function taskError({ entity, start, end }: RowRange, { message, code }: ExportFailed): SeedBulkError {
  const known = code !== undefined && code in ERROR_CODES ? (code as ErrorCode) : "SB_INTERNAL";
  const isOfFile = known === "SB_DISK_FULL" || known === "SB_EXPORT_FAILED";
  const text = isOfFile ? message : `${entity}, rows [${start}, ${end}): ${message}`;
  // A thread boundary drops the hint.
  const hint = isOfFile ? "Once that is mended, run the same command again: it goes on where it stopped." : undefined;
  return new SeedBulkError(known, text, hint === undefined ? {} : { hint });
}
