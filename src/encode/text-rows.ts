import { copyWord } from "../core/bytes.js";
import { dictionaryOf } from "../core/dictionary.js";
import type { SqlType } from "../core/sql-type.js";
import { BATCH_ROWS_MAX, type Vector } from "../core/vectors.js";
import type { BatchEncoder } from "./copy-binary.js";
import type { Dialect } from "./dialect.js";
import type { Target } from "./field-writers.js";
import { textField } from "./text-fields.js";

/** A column of a table, with the vector that its values come in. */
export interface TextColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly vector: Vector;
}

/** Encodes batches of an entity's stored columns as rows of a text format; columns one after another, as binary rows are. */
export function textRowsEncoder(columns: readonly TextColumn[], dialect: Dialect): BatchEncoder {
  const fields = columns.map(({ type, vector }) => textField(type, vector, dialect));
  const marks = dictionaryOf([...columns.map(({ name }, place) => dialect.before(name, place)), dialect.rowEnd]);
  let marksBytes = 0;
  for (let mark = 0; mark < marks.count; mark++) marksBytes += marks.lengths[mark];
  const lengths = new Int32Array(BATCH_ROWS_MAX);
  const positions = new Int32Array(BATCH_ROWS_MAX);

  /** Writes what stands before a field, or behind the last one, in every row. */
  function writeMark(mark: number, count: number, { bytes, view }: Target): void {
    const length = marks.lengths[mark];
    const start = marks.starts[mark];
    if (length === 1) {
      const byte = marks.bytes[start];
      for (let i = 0; i < count; i++) bytes[positions[i]++] = byte;
      return;
    }
    if (length === 0) return;
    for (let i = 0; i < count; i++) {
      copyWord(marks.quads, start, length, view, positions[i]);
      positions[i] += length;
    }
  }

  return {
    measure(count) {
      lengths.fill(marksBytes, 0, count);
      for (const field of fields) field.measure(count, lengths);
      let sum = 0;
      for (let i = 0; i < count; i++) sum += lengths[i];
      return sum;
    },
    write(count, target, offset) {
      let at = offset;
      for (let i = 0; i < count; i++) {
        positions[i] = at;
        at += lengths[i];
      }
      for (const [place, field] of fields.entries()) {
        writeMark(place, count, target);
        field.write(count, positions, target);
      }
      writeMark(columns.length, count, target);
    },
  };
}
