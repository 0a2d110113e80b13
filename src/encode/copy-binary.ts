import type { SqlType } from "../core/sql-type.js";

export { encodeTextArray } from "../core/text-array.js";

import { BATCH_ROWS_MAX, type Vector } from "../core/vectors.js";
import { type FieldWriter, fieldWriter, type Target } from "./field-writers.js";
import type { LiteralForms } from "./literals.js";

/** The header of a binary COPY: signature, no flags, no extension (Postgres manual, COPY, "Binary Format"). */
export const COPY_HEADER: Uint8Array = Uint8Array.from([
  0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** The trailer: a field count of -1. */
export const COPY_TRAILER: Uint8Array = Uint8Array.from([0xff, 0xff]);

/** Encodes batches of an entity's stored columns as rows of binary COPY. */
export interface BatchEncoder {
  /** The bytes that the first `count` rows of the vectors take; sets what the next `write` relies on. */
  measure(count: number): number;
  /** Writes the rows just measured at `offset`; the caller has made sure that they fit. */
  write(count: number, target: Target, offset: number): void;
}

/**
 * The encoder of a table's columns, in the order of its COPY list. It works a column at a time, at each row's own
 * position: every loop then handles one type, which V8 compiles to straight code.
 */
export function copyBinaryEncoder(
  columns: readonly { readonly type: SqlType; readonly vector: Vector }[],
  literals?: LiteralForms,
): BatchEncoder {
  const writers: FieldWriter[] = columns.map(({ type, vector }) => fieldWriter(type, vector, literals));
  const lengths = new Int32Array(BATCH_ROWS_MAX);
  const positions = new Int32Array(BATCH_ROWS_MAX);
  return {
    measure(count) {
      lengths.fill(2, 0, count);
      for (const writer of writers) writer.measure(count, lengths);
      let sum = 0;
      for (let i = 0; i < count; i++) sum += lengths[i];
      return sum;
    },
    write(count, target, offset) {
      let at = offset;
      for (let i = 0; i < count; i++) {
        target.view.setInt16(at, columns.length);
        positions[i] = at + 2;
        at += lengths[i];
      }
      for (const writer of writers) writer.write(count, positions, target);
    },
  };
}
