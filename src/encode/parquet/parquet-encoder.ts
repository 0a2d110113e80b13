import { ByteWriter, type ColumnSource, ParquetWriter } from "hyparquet-writer";
import { type ParquetColumn, parquetSchema, writingSchema } from "./schema.js";
import { type ParquetValue, parquetValues } from "./values.js";

/** A file's compression, inside. */
export interface ParquetCodec {
  readonly name: "SNAPPY" | "GZIP" | "ZSTD";
  /** Absent for SNAPPY, which the library has. */
  readonly compress?: (bytes: Uint8Array) => Uint8Array;
}

/** Encodes a table's rows as one Parquet file, row group by row group; bytes are taken in between. */
export class ParquetEncoder {
  readonly #columns: readonly ParquetColumn[];
  readonly #appenders: readonly ((count: number, out: ParquetValue[]) => void)[];
  readonly #bytes = new ByteWriter(2 ** 20);
  readonly #writer: ParquetWriter;
  #groups: ParquetValue[][];

  constructor(columns: readonly ParquetColumn[], { name, compress }: ParquetCodec) {
    this.#columns = columns;
    this.#appenders = columns.map(({ type, vector }) => parquetValues(type, vector));
    this.#groups = columns.map(() => []);
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: writingSchema(parquetSchema(columns)),
      codec: name,
      createdBy: "seed-bulk",
      ...(compress && { compressors: { [name]: compress } }),
    });
  }

  /** Adds the first `count` rows of the columns' vectors to the row group. */
  add(count: number): void {
    for (const [place, append] of this.#appenders.entries()) append(count, this.#groups[place]);
  }

  /** Ends the row group. */
  endGroup(): void {
    const rows = this.#groups[0]?.length ?? 0;
    if (rows === 0) return;
    const columnData = this.#columns.map(({ name, type }, place): ColumnSource => {
      const source: ColumnSource = { name, data: this.#groups[place] };
      // The least and the greatest document are of no use, and kept whole they may be large.
      return type.name === "jsonb" ? { ...source, statistics: false } : source;
    });
    // Synchronous: our writer has no flush to wait for.
    this.#writer.write({ columnData, rowGroupSize: rows });
    this.#groups = this.#columns.map(() => []);
  }

  /** Ends the file. */
  finish(): void {
    this.endGroup();
    this.#writer.schema = parquetSchema(this.#columns);
    this.#writer.finish();
  }

  /** The bytes made since the last call; valid until the next row is added. */
  take(): Uint8Array {
    const bytes = this.#bytes.getBytes();
    this.#bytes.index = 0;
    return bytes;
  }
}
