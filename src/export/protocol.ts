import type { SharedCounters } from "../engine/threads/supervisor.js";
import type { SharedUniverse } from "../model/universe.js";

export const EXPORT_FORMATS = ["csv", "jsonl", "parquet", "sql"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const COMPRESSIONS = ["gzip", "zstd"] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** What an encoding thread gets when it starts. */
export interface ExportWorkerData extends SharedCounters {
  readonly universe: SharedUniverse;
  readonly format: ExportFormat;
  readonly compression: Compression | null;
}

/** Rows `[start, end)` of an entity. */
export interface RowRange {
  readonly entity: string;
  readonly start: number;
  readonly end: number;
}

export type ExportTask =
  /** Encode rows as text, into `buffer` where one is given and large enough. */
  | ({ readonly kind: "rows"; readonly buffer?: ArrayBuffer } & RowRange)
  /** Make a whole Parquet file at `path`. */
  | ({ readonly kind: "parquet"; readonly path: string; readonly groupRows: number } & RowRange);

/** Encoded rows: the first `length` bytes of `buffer`, which is the receiver's from now on. */
export interface EncodedRows {
  readonly ok: true;
  readonly buffer: ArrayBuffer;
  readonly length: number;
}

/** A file that is whole and synced, under the name it was asked for. */
export interface WrittenFile {
  readonly ok: true;
  readonly bytes: number;
  readonly sha256: string;
}

/** Plain data, since a thread boundary drops an error's class and code. */
export interface ExportFailed {
  readonly ok: false;
  readonly message: string;
  /** An error code of ours or of Node's. */
  readonly code: string | undefined;
  readonly cancelled: boolean;
}

export type ExportOutcome = EncodedRows | WrittenFile | ExportFailed;
