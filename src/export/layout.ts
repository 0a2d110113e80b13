import { BATCH_ROWS_MAX } from "../core/vectors.js";
import { SeedBulkError } from "../errors.js";
import type { Plan, PlannedEntity } from "../model/plan.js";
import type { Compression, ExportFormat, RowRange } from "./protocol.js";
import { SCRIPTS } from "./script.js";

/** Bytes of COPY that a piece aims at: enough to pay for its way between threads and to compress well by itself. */
const PIECE_BYTES_TARGET = 2 * 2 ** 20;
/** Of a Parquet file, which one thread makes alone. */
const PARQUET_FILE_BYTES_TARGET = 64 * 2 ** 20;
/** Of a row group in memory; row groups are whole batches. */
const GROUP_BYTES_TARGET = 32 * 2 ** 20;
const GROUP_ROWS_MAX = 64 * BATCH_ROWS_MAX;

/** The name of the script that holds everything, with format sql. */
const SQL_NAME = "load";

const EXTENSIONS: Readonly<Record<Compression, string>> = { gzip: ".gz", zstd: ".zst" };

/** One file of an export, known before any row is made. */
export interface PlannedFile {
  readonly file: string;
  /** Null for scripts: the one that holds all entities, and those beside files of rows. */
  readonly entity: string | null;
  /** Row indexes, half-open; of a script, all rows together. */
  readonly start: number;
  readonly end: number;
}

export interface LayoutOptions {
  readonly format: ExportFormat;
  readonly compression: Compression | null;
  /** Rows of every file but an entity's last one; whole entities without it, save Parquet's, which are bounded. */
  readonly rowsPerFile: number | null;
}

/** The files of an export, in the order in which they are made. They follow from the plan alone. */
export function plannedFiles(plan: Plan, options: LayoutOptions): PlannedFile[] {
  const { format, rowsPerFile } = options;
  const extension = extensionOf(options);
  if (format === "sql") return [{ file: `${SQL_NAME}.sql${extension}`, entity: null, start: 0, end: plan.rows }];
  return plan.entities.flatMap((planned) => {
    const { entity, rows } = planned;
    const fileRows = rowsPerFile ?? (format === "parquet" ? parquetFileRows(planned) : Math.max(1, rows));
    const count = Math.max(1, Math.ceil(rows / fileRows));
    const isNumbered = rowsPerFile !== null || count > 1;
    return Array.from({ length: count }, (_, i) => ({
      file: `${fileName(entity)}${isNumbered ? `-${String(i + 1).padStart(5, "0")}` : ""}.${format}${extension}`,
      entity,
      start: i * fileRows,
      end: Math.min(rows, (i + 1) * fileRows),
    }));
  });
}

/** The files of a directory: beside files of rows stand scripts that make their tables before and their keys after them. */
export function directoryFiles(plan: Plan, options: LayoutOptions): PlannedFile[] {
  const files = plannedFiles(plan, options);
  if (options.format === "sql") return files;
  const [schema, keys] = SCRIPTS.map((file) => ({ file, entity: null, start: 0, end: 0 }));
  return [schema, ...files, keys];
}

/** Parquet is compressed inside. */
function extensionOf({ format, compression }: LayoutOptions): string {
  return format === "parquet" || compression === null ? "" : EXTENSIONS[compression];
}

/** An entity's name as file systems take it: what is no letter, digit, `_`, `-` or inner dot becomes %XX. */
function fileName(entity: string): string {
  return [...Buffer.from(entity)]
    .map((byte, i) => {
      const character = String.fromCharCode(byte);
      const isPlain = /[A-Za-z0-9_-]/.test(character) || (character === "." && i > 0);
      return isPlain ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

/** The ranges that a file's rows are encoded in, in their order. */
export function* piecesOf({ entity, start, end }: RowRange, rowBytes: number): Generator<RowRange> {
  const rows = wholeBatches(PIECE_BYTES_TARGET / Math.max(1, rowBytes));
  for (let at = start; at < end; at += rows) yield { entity, start: at, end: Math.min(end, at + rows) };
}

/** Rows of a Parquet row group. */
export function groupRowsOf({ rowBytes }: PlannedEntity): number {
  return Math.min(GROUP_ROWS_MAX, wholeBatches(GROUP_BYTES_TARGET / Math.max(1, rowBytes)));
}

function parquetFileRows(planned: PlannedEntity): number {
  const groupRows = groupRowsOf(planned);
  const groups = Math.round(PARQUET_FILE_BYTES_TARGET / Math.max(1, planned.rowBytes) / groupRows);
  return groupRows * Math.max(1, groups);
}

function wholeBatches(rows: number): number {
  return BATCH_ROWS_MAX * Math.max(1, Math.round(rows / BATCH_ROWS_MAX));
}

/**
 * Refuses what a format cannot do.
 * @throws SeedBulkError SB_USAGE
 */
export function refuseLayout({ format, rowsPerFile }: LayoutOptions): void {
  if (format === "sql" && rowsPerFile !== null) {
    throw new SeedBulkError("SB_USAGE", "the format sql is one script and cannot be cut by --rows-per-file");
  }
}
