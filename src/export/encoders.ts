import type { Piscina } from "piscina";
import type { RunObserver } from "../engine/observer.js";
import { startPool } from "../engine/threads/pool.js";
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

/** Between two looks at the workers' counters. */
const PROGRESS_INTERVAL_MS = 200;
/** How long workers may take to stop once asked to; then their threads are ended. */
const STOP_GRACE_MS = 1500;

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
  readonly #pool: Piscina;
  readonly #progress: BigInt64Array;
  readonly #cancel: Int32Array;
  readonly #names: readonly string[];
  readonly #ticker: NodeJS.Timeout;
  readonly #compress: Promise<Compress | undefined>;
  /** Buffers that wait for their next piece. */
  readonly #free: ArrayBuffer[] = [];
  #grace: NodeJS.Timeout | undefined;
  readonly #stop = (): void => {
    Atomics.store(this.#cancel, 0, 1);
    this.#grace = setTimeout(() => void this.#pool.destroy(), STOP_GRACE_MS);
  };

  constructor(options: EncodersOptions) {
    const { universe, plan, format, compression, workers, signal } = options;
    this.#options = options;
    this.window = 2 * workers + 1;
    this.#names = plan.entities.map(({ entity }) => entity);
    this.#progress = new BigInt64Array(new SharedArrayBuffer(8 * Math.max(1, this.#names.length)));
    this.#cancel = new Int32Array(new SharedArrayBuffer(4));
    const data: ExportWorkerData = {
      universe: universe.share(),
      format,
      compression,
      progress: this.#progress.buffer as SharedArrayBuffer,
      entities: this.#names,
      cancel: this.#cancel.buffer as SharedArrayBuffer,
    };
    this.#pool = startPool("export", workers, data);
    this.#compress = compressor(compression);
    this.#ticker = setInterval(() => this.#report(), PROGRESS_INTERVAL_MS);
    signal?.addEventListener("abort", this.#stop, { once: true });
    if (signal?.aborted) this.#stop();
  }

  /** Counts rows that need not be made. */
  skip({ entity, start, end }: RowRange): void {
    Atomics.add(this.#progress, this.#names.indexOf(entity), BigInt(end - start));
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
    Atomics.store(this.#cancel, 0, 1);
    clearInterval(this.#ticker);
    clearTimeout(this.#grace);
    this.#options.signal?.removeEventListener("abort", this.#stop);
    this.#report();
    await this.#pool.destroy();
  }

  #report(): void {
    this.#options.observer?.progress?.(Array.from(this.#progress, Number));
  }

  async #run(task: ExportTask, buffer?: ArrayBuffer): Promise<Exclude<ExportOutcome, ExportFailed>> {
    let outcome: ExportOutcome;
    try {
      outcome = await this.#pool.run(task, buffer ? { transferList: [buffer] } : {});
    } catch (error) {
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
