import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { BATCH_ROWS_MAX } from "../core/vectors.js";
import { type ParquetCodec, ParquetEncoder } from "../encode/parquet/parquet-encoder.js";
import { storedColumns } from "../model/entity.js";
import type { EntityProgram } from "../model/program.js";
import { compressor } from "./compress.js";
import { onFile } from "./file-errors.js";
import type { Compression, RowRange } from "./protocol.js";

/** Rows of one file, and where it is to be. */
export interface ParquetTask extends RowRange {
  readonly path: string;
  readonly groupRows: number;
}

export interface ParquetMeans {
  /** Of all stored columns. */
  readonly program: EntityProgram;
  readonly compression: Compression | null;
  /** Told of each batch; it may throw to stop. */
  readonly onBatch: (rows: number) => void;
}

/** Makes a Parquet file whole and syncs it; a row group at a time is in memory. */
export async function writeParquetFile(
  { path, start, end, groupRows }: ParquetTask,
  { program, compression, onBatch }: ParquetMeans,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const columns = storedColumns(program.entity).map(([name, { type, nullable = false }]) => ({
    name,
    type,
    nullable,
    vector: program.vector(name),
  }));
  const encoder = new ParquetEncoder(columns, await codecOf(compression));
  const hash = createHash("sha256");
  let size = 0;
  return onFile(path, async () => {
    const handle = await open(path, "w");
    const drain = async (): Promise<void> => {
      const bytes = encoder.take();
      hash.update(bytes);
      await handle.writeFile(bytes);
      size += bytes.length;
    };
    try {
      for (let group = start; group < end; group += groupRows) {
        const groupEnd = Math.min(end, group + groupRows);
        for (let at = group; at < groupEnd; at += BATCH_ROWS_MAX) {
          const count = Math.min(BATCH_ROWS_MAX, groupEnd - at);
          program.run(at, count);
          encoder.add(count);
          onBatch(count);
        }
        encoder.endGroup();
        await drain();
      }
      encoder.finish();
      await drain();
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { bytes: size, sha256: hash.digest("hex") };
  });
}

async function codecOf(compression: Compression | null): Promise<ParquetCodec> {
  const compress = await compressor(compression);
  if (compress === undefined) return { name: "SNAPPY" };
  return { name: compression === "gzip" ? "GZIP" : "ZSTD", compress };
}
