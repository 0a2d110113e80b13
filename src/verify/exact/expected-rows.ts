import { dictionaryOf, wordAt } from "../../core/dictionary.js";
import type { SqlType } from "../../core/sql-type.js";
import {
  BATCH_ROWS_MAX,
  copyNulls,
  isNull,
  reserveBytes,
  type TextVector,
  textVector,
  type Vector,
} from "../../core/vectors.js";
import { type BatchEncoder, copyBinaryEncoder } from "../../encode/copy-binary.js";
import { storedColumns } from "../../model/entity.js";
import type { EntityProgram } from "../../model/program.js";
import type { Universe } from "../../model/universe.js";
import { jsonbForm } from "./json-form.js";
import { rowEnd } from "./row-bytes.js";

/**
 * The rows that a table must hold, as binary COPY, made again from the plan a batch at a time: what the loader sent is
 * not looked at. One batch is in memory, whoever asks.
 */
export class ExpectedRows {
  /** Rows of the batch one after another; the row at hand begins at `at`. */
  bytes: Buffer = Buffer.allocUnsafeSlow(256 * 1024);
  at = 0;
  /** The row at hand, counted from 0; equal to the range's end once there is none left. */
  row = 0;
  /** End of the batch's bytes. */
  bytesEnd = 0;
  readonly #program: EntityProgram;
  readonly #encoder: BatchEncoder;
  #view = new DataView(this.bytes.buffer);
  readonly #rewrites: ((count: number) => void)[] = [];
  #batchEnd = 0;
  #end = 0;

  /**
   * @param options.documents composed jsonb as Postgres keeps it, too; without it, as the model writes it, which costs
   * nothing where both are the same
   */
  constructor(universe: Universe, entity: string, { documents = false }: { readonly documents?: boolean } = {}) {
    const columns = storedColumns(universe.entity(entity));
    this.#program = universe.program(
      entity,
      columns.map(([name]) => name),
    );
    this.#encoder = copyBinaryEncoder(
      columns.map(([name, { type }]) => {
        const made = this.#program.vector(name);
        if (!documents || type.name !== "jsonb" || made.kind !== "text") {
          return { type, vector: asPostgresKeeps(type, made) };
        }
        const vector = textVector();
        this.#rewrites.push((count) => rewriteDocuments(made, vector, count));
        return { type, vector };
      }),
      universe.literals,
    );
  }

  /** Begins with rows `[start, end)`. */
  open(start: number, end: number): void {
    this.row = start;
    this.#batchEnd = start;
    this.#end = end;
    this.at = 0;
    this.bytesEnd = 0;
    this.#fill();
  }

  get isDone(): boolean {
    return this.row >= this.#end;
  }

  /** Moves to the next row, the one at hand ending at `rowEnd`. */
  advance(rowEnd: number): void {
    this.at = rowEnd;
    this.row++;
    if (this.row === this.#batchEnd) this.#fill();
  }

  /** Moves on to a row further on, or to the end. */
  seek(row: number): void {
    if (row >= this.#batchEnd) {
      this.row = Math.min(row, this.#end);
      this.#batchEnd = this.row;
      this.#fill();
      return;
    }
    while (this.row < row) this.advance(rowEnd(this.bytes, this.at));
  }

  #fill(): void {
    const count = Math.min(BATCH_ROWS_MAX, this.#end - this.row);
    this.at = 0;
    this.bytesEnd = 0;
    if (count <= 0) return;
    this.#program.run(this.row, count);
    for (const rewrite of this.#rewrites) rewrite(count);
    const size = this.#encoder.measure(count);
    if (size > this.bytes.length) {
      this.bytes = Buffer.allocUnsafeSlow(size + (size >>> 2));
      this.#view = new DataView(this.bytes.buffer);
    }
    this.#encoder.write(count, { bytes: this.bytes, view: this.#view }, 0);
    this.#batchEnd = this.row + count;
    this.bytesEnd = size;
  }
}

/**
 * The vector with its dictionary's documents as Postgres keeps them, once for all rows: a row whose bytes differ only
 * in that is compared field by field, which takes ten times as long.
 */
function asPostgresKeeps(type: SqlType, vector: Vector): Vector {
  if (type.name !== "jsonb" || vector.kind !== "word") return vector;
  const { dictionary, codes, nulls } = vector;
  const documents = Array.from({ length: dictionary.count }, (_, code) => jsonbForm(wordAt(dictionary, code)));
  return { kind: "word", dictionary: dictionaryOf(documents), codes, nulls };
}

/** Puts composed documents into that form, row by row: `out` is as `vector`, whose first `count` rows hold. */
function rewriteDocuments(vector: TextVector, out: TextVector, count: number): void {
  copyNulls(vector.nulls, out.nulls, count);
  const documents = Array.from({ length: count }, (_, i) => {
    const written = Buffer.from(vector.bytes.subarray(vector.offsets[i], vector.offsets[i + 1])).toString();
    return isNull(vector, i) ? Buffer.alloc(0) : Buffer.from(jsonbForm(written));
  });
  const size = documents.reduce((sum, { length }) => sum + length, 0);
  reserveBytes(out, size);
  let end = 0;
  documents.forEach((document, i) => {
    out.bytes.set(document, end);
    end += document.length;
    out.offsets[i + 1] = end;
  });
}
