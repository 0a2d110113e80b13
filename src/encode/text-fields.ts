import { copyWord } from "../core/bytes.js";
import { type Dictionary, dictionaryOf } from "../core/dictionary.js";
import type { SqlType } from "../core/sql-type.js";
import {
  BATCH_ROWS_MAX,
  isNull,
  type NullMask,
  type NumberVector,
  type TextVector,
  type Vector,
  type WordVector,
} from "../core/vectors.js";
import { SeedBulkError } from "../errors.js";
import { decimalLength, writeDecimal } from "./decimals.js";
import type { Dialect } from "./dialect.js";
import type { FieldWriter } from "./field-writers.js";
import { dayLength, momentLength, writeDay, writeMoment } from "./moments.js";
import { floatText } from "./payload-text.js";
import { Arena, appendPlain, valueAppender, writtenWords } from "./text-value.js";

const QUOTE = 0x22;

/**
 * The writer of a column's values as text: measured, then written at each row's position, as binary fields are. What
 * stands between fields is the row's to write (text-rows.ts).
 */
export function textField(type: SqlType, vector: Vector, dialect: Dialect): FieldWriter {
  const nulls = nullWriter(vector.nulls, dialect);
  if (vector.kind === "word") return wordField(vector, type, dialect, nulls);
  if (vector.kind === "text") return payloadField(vector, type, dialect, nulls);
  const isQuoted = dialect.quote !== "";
  switch (type.name) {
    case "int2":
    case "int4":
    case "int8":
      return numberField(vector, nulls, false, {
        length: (value) => decimalLength(value, 0),
        write: (value, target, at) => writeDecimal(value, 0, target, at),
      });
    case "numeric": {
      const { scale } = type;
      return numberField(vector, nulls, isQuoted, {
        length: (value) => decimalLength(value, scale),
        write: (value, target, at) => writeDecimal(value, scale, target, at),
      });
    }
    case "date":
      return numberField(vector, nulls, isQuoted, { length: dayLength, write: writeDay });
    case "timestamp":
    case "timestamptz": {
      const isUtc = type.name === "timestamptz";
      return numberField(vector, nulls, isQuoted, {
        length: (value) => momentLength(exactMoment(value), isUtc),
        write: (value, target, at) => writeMoment(value, isUtc, target, at),
      });
    }
    case "bool":
      return booleanField(vector, dialect, nulls);
    case "float8":
      return printedField(vector, type, dialect, nulls, floatText);
    case "inet":
      return printedField(vector, type, dialect, nulls, addressText);
    default:
      throw new SeedBulkError("SB_INTERNAL", `a ${type.name} column needs words or text, got numbers`);
  }
}

/** What a column's NULLs come to. */
interface NullWriter {
  readonly mask: NullMask;
  readonly length: number;
  /** Writes NULL and returns the position after it. */
  write(target: Uint8Array, at: number): number;
}

function nullWriter(mask: NullMask, { nullText }: Dialect): NullWriter {
  const text = Buffer.from(nullText);
  return {
    mask,
    length: text.length,
    write(target, at) {
      for (let k = 0; k < text.length; k++) target[at++] = text[k];
      return at;
    },
  };
}

function exactMoment(us: number): number {
  if (Number.isFinite(us) && !Number.isSafeInteger(us)) {
    throw new SeedBulkError("SB_VALUE_INVALID", `${us} is beyond 2^53, so not exact`);
  }
  return us;
}

function wordField(vector: WordVector, type: SqlType, dialect: Dialect, nulls: NullWriter): FieldWriter {
  let known: Dictionary | undefined;
  let words: Dictionary;
  return {
    measure(count, lengths) {
      if (vector.dictionary !== known) {
        known = vector.dictionary;
        words = writtenWords(known, type, dialect);
      }
      measureWords(vector.codes, words, nulls, count, lengths);
    },
    write: (count, positions, { view, bytes }) => writeWords(vector.codes, words, nulls, count, positions, view, bytes),
  };
}

/** Truth values are words too: their number is their code. */
function booleanField({ values }: NumberVector, dialect: Dialect, nulls: NullWriter): FieldWriter {
  const words = dictionaryOf(dialect.booleans);
  return {
    measure: (count, lengths) => measureWords(values, words, nulls, count, lengths),
    write: (count, positions, { view, bytes }) => writeWords(values, words, nulls, count, positions, view, bytes),
  };
}

function measureWords(
  codes: Int32Array | Float64Array,
  words: Dictionary,
  nulls: NullWriter,
  count: number,
  lengths: Int32Array,
): void {
  const { any, flags } = nulls.mask;
  for (let i = 0; i < count; i++) lengths[i] += any && flags[i] === 1 ? nulls.length : words.lengths[codes[i]];
}

function writeWords(
  codes: Int32Array | Float64Array,
  words: Dictionary,
  nulls: NullWriter,
  count: number,
  positions: Int32Array,
  view: DataView,
  bytes: Uint8Array,
): void {
  const { any, flags } = nulls.mask;
  const { quads, starts, lengths } = words;
  for (let i = 0; i < count; i++) {
    const at = positions[i];
    if (any && flags[i] === 1) {
      positions[i] = nulls.write(bytes, at);
      continue;
    }
    const code = codes[i];
    copyWord(quads, starts[code], lengths[code], view, at);
    positions[i] = at + lengths[code];
  }
}

/** How numbers of a type are printed, without quotes around them. */
interface Printing {
  length(value: number): number;
  /** Returns the position after it. */
  write(value: number, target: Uint8Array, at: number): number;
}

function numberField(
  { values }: NumberVector,
  nulls: NullWriter,
  isQuoted: boolean,
  { length, write }: Printing,
): FieldWriter {
  const quotes = isQuoted ? 2 : 0;
  return {
    measure(count, lengths) {
      const { any, flags } = nulls.mask;
      for (let i = 0; i < count; i++) lengths[i] += any && flags[i] === 1 ? nulls.length : quotes + length(values[i]);
    },
    write(count, positions, { bytes }) {
      const { any, flags } = nulls.mask;
      for (let i = 0; i < count; i++) {
        let at = positions[i];
        if (any && flags[i] === 1) {
          positions[i] = nulls.write(bytes, at);
          continue;
        }
        if (isQuoted) bytes[at++] = QUOTE;
        at = write(values[i], bytes, at);
        if (isQuoted) bytes[at++] = QUOTE;
        positions[i] = at;
      }
    },
  };
}

/** Values that are written once, while they are measured, and then copied to their places. */
function stagedField(nulls: NullWriter, append: (i: number, arena: Arena) => void): FieldWriter {
  const arena = new Arena();
  const offsets = new Int32Array(BATCH_ROWS_MAX + 1);
  return {
    measure(count, lengths) {
      const { any, flags } = nulls.mask;
      arena.length = 0;
      for (let i = 0; i < count; i++) {
        offsets[i] = arena.length;
        if (any && flags[i] === 1) lengths[i] += nulls.length;
        else {
          append(i, arena);
          lengths[i] += arena.length - offsets[i];
        }
      }
      offsets[count] = arena.length;
    },
    write(count, positions, { bytes }) {
      const { any, flags } = nulls.mask;
      const source = arena.bytes;
      for (let i = 0; i < count; i++) {
        let at = positions[i];
        if (any && flags[i] === 1) at = nulls.write(bytes, at);
        else for (let k = offsets[i], end = offsets[i + 1]; k < end; k++) bytes[at++] = source[k];
        positions[i] = at;
      }
    },
  };
}

function payloadField(vector: TextVector, type: SqlType, dialect: Dialect, nulls: NullWriter): FieldWriter {
  const append = valueAppender(type, dialect);
  return stagedField(nulls, (i, arena) => append(vector.bytes, vector.offsets[i], vector.offsets[i + 1], arena));
}

/** Numbers whose text has no length that could be told beforehand. */
function printedField(
  vector: NumberVector,
  type: SqlType,
  dialect: Dialect,
  nulls: NullWriter,
  print: (value: number) => string,
): FieldWriter {
  return stagedField(nulls, (i, arena) => {
    if (!isNull(vector, i)) appendPlain(print(vector.values[i]), type, dialect, arena);
  });
}

function addressText(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}
