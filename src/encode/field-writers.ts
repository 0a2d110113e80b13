import { copyText, copyWord, viewOf } from "../core/bytes.js";
import type { SqlType } from "../core/sql-type.js";
import { isNull, type NumberVector, type TextVector, type Vector, type WordVector } from "../core/vectors.js";
import { SeedBulkError } from "../errors.js";
import { type LiteralForms, literalWords } from "./literals.js";
import { numericBytes, writeNumeric } from "./numeric.js";

/** Where rows are written: one buffer seen as bytes and as numbers. */
export interface Target {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * Encodes one column of a batch as COPY fields: a 32-bit length (-1 for NULL), then the payload.
 * A column is measured, then written at each row's position, which moves past the field.
 */
export interface FieldWriter {
  /** Adds each row's field length, with its 4 bytes of header, to `lengths`. */
  measure(count: number, lengths: Int32Array): void;
  write(count: number, positions: Int32Array, target: Target): void;
}

/** Days and microseconds from 1970-01-01, where ours begin, to 2000-01-01, where Postgres begins. */
const EPOCH_DAYS = 10_957;
const EPOCH_US = EPOCH_DAYS * 86_400_000_000;
const TWO_32 = 2 ** 32;

/**
 * The writer of a column's vector for its type. A text vector is the payload of any type, as Postgres reads it,
 * save jsonb, whose version byte is ours to add.
 * @param literals forms of values of `other` types
 */
export function fieldWriter(type: SqlType, vector: Vector, literals?: LiteralForms): FieldWriter {
  if (type.name === "other") return literalWriter(type.sql, vector, literals);
  if (vector.kind === "word") return wordWriter(vector, type.name === "jsonb");
  if (vector.kind === "text")
    return type.name === "inet" ? inetWriter(vector) : textWriter(vector, type.name === "jsonb");
  switch (type.name) {
    case "int2":
      return fixedWriter(vector, 2, (view, at, value) => view.setInt16(at, value));
    case "int4":
      return fixedWriter(vector, 4, (view, at, value) => view.setInt32(at, value));
    case "int8":
      return int8Writer(vector, 0);
    case "float8":
      return fixedWriter(vector, 8, (view, at, value) => view.setFloat64(at, value));
    case "bool":
      return fixedWriter(vector, 1, (view, at, value) => view.setInt8(at, value));
    case "date":
      return fixedWriter(vector, 4, (view, at, value) => view.setInt32(at, dateDays(value)));
    case "timestamp":
    case "timestamptz":
      return int8Writer(vector, EPOCH_US);
    case "inet":
      return ipv4Writer(vector);
    case "numeric":
      return numericWriter(vector, type.scale);
    default:
      throw new SeedBulkError("SB_INTERNAL", `a ${type.name} column needs words or text, got numbers`);
  }
}

function literalWriter(sql: string, vector: Vector, literals: LiteralForms | undefined): FieldWriter {
  if (vector.kind === "word") {
    return wordWriter({ ...vector, dictionary: literalWords(vector.dictionary, sql, literals) }, false);
  }
  throw new SeedBulkError("SB_INTERNAL", `a column of the type ${sql} needs words, got ${vector.kind}s`);
}

/** Row i's field is `4 + payload` bytes, or 4 where it is NULL. */
function measureFixed(vector: Vector, payload: number, count: number, lengths: Int32Array): void {
  const { any, flags } = vector.nulls;
  if (any) for (let i = 0; i < count; i++) lengths[i] += flags[i] === 1 ? 4 : 4 + payload;
  else for (let i = 0; i < count; i++) lengths[i] += 4 + payload;
}

function fixedWriter(
  vector: NumberVector,
  payload: number,
  put: (view: DataView, at: number, value: number) => void,
): FieldWriter {
  return {
    measure: (count, lengths) => measureFixed(vector, payload, count, lengths),
    write(count, positions, { view }) {
      const { values, nulls } = vector;
      for (let i = 0; i < count; i++) {
        const at = positions[i];
        if (nulls.any && nulls.flags[i] === 1) {
          view.setInt32(at, -1);
          positions[i] = at + 4;
          continue;
        }
        view.setInt32(at, payload);
        put(view, at + 4, values[i]);
        positions[i] = at + 4 + payload;
      }
    },
  };
}

/** 64-bit integers from doubles, less `epoch`; infinities are the least and the greatest integer. */
function int8Writer(vector: NumberVector, epoch: number): FieldWriter {
  return {
    measure: (count, lengths) => measureFixed(vector, 8, count, lengths),
    write(count, positions, { view }) {
      const { values, nulls } = vector;
      for (let i = 0; i < count; i++) {
        const at = positions[i];
        if (nulls.any && nulls.flags[i] === 1) {
          view.setInt32(at, -1);
          positions[i] = at + 4;
          continue;
        }
        const value = values[i] - epoch;
        view.setInt32(at, 8);
        if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) {
          const high = Math.floor(value / TWO_32);
          view.setInt32(at + 4, high);
          view.setInt32(at + 8, value - high * TWO_32);
        } else {
          if (Number.isFinite(value))
            throw new SeedBulkError("SB_VALUE_INVALID", `${value} is beyond 2^53, so not exact`);
          view.setBigInt64(at + 4, value > 0 ? 2n ** 63n - 1n : -(2n ** 63n));
        }
        positions[i] = at + 12;
      }
    },
  };
}

function dateDays(value: number): number {
  if (value === Number.POSITIVE_INFINITY) return 2 ** 31 - 1;
  if (value === Number.NEGATIVE_INFINITY) return -(2 ** 31);
  return value - EPOCH_DAYS;
}

function wordWriter(vector: WordVector, isJson: boolean): FieldWriter {
  const extra = isJson ? 1 : 0;
  return {
    measure(count, lengths) {
      const { codes, nulls } = vector;
      const wordLengths = vector.dictionary.lengths;
      for (let i = 0; i < count; i++) {
        lengths[i] += nulls.any && nulls.flags[i] === 1 ? 4 : 4 + extra + wordLengths[codes[i]];
      }
    },
    write(count, positions, { view }) {
      const { codes, nulls, dictionary } = vector;
      const { quads, starts, lengths } = dictionary;
      for (let i = 0; i < count; i++) {
        let at = positions[i];
        if (nulls.any && nulls.flags[i] === 1) {
          view.setInt32(at, -1);
          positions[i] = at + 4;
          continue;
        }
        const length = lengths[codes[i]];
        view.setInt32(at, length + extra);
        if (isJson) view.setInt8(at++ + 4, 1);
        copyWord(quads, starts[codes[i]], length, view, at + 4);
        positions[i] = at + 4 + length;
      }
    },
  };
}

function textWriter(vector: TextVector, isJson: boolean): FieldWriter {
  const extra = isJson ? 1 : 0;
  return {
    measure(count, lengths) {
      const { offsets } = vector;
      for (let i = 0; i < count; i++) {
        lengths[i] += isNull(vector, i) ? 4 : 4 + extra + offsets[i + 1] - offsets[i];
      }
    },
    write(count, positions, { view, bytes }) {
      const { offsets } = vector;
      const source = viewOf(vector.bytes);
      for (let i = 0; i < count; i++) {
        let at = positions[i];
        if (isNull(vector, i)) {
          view.setInt32(at, -1);
          positions[i] = at + 4;
          continue;
        }
        const end = offsets[i + 1];
        view.setInt32(at, end - offsets[i] + extra);
        if (isJson) bytes[at++ + 4] = 1;
        at += 4;
        copyText(source, offsets[i], end, view, at);
        positions[i] = at + end - offsets[i];
      }
    },
  };
}

/** An inet payload's header: family (2 is IPv4, 3 IPv6), prefix bits, is it a cidr, bytes of the address. */
const IPV4_HEADER = 0x02_20_00_04;
const IPV6_HEADER = 0x03_80_00_10 | 0;

function ipv4Writer(vector: NumberVector): FieldWriter {
  return fixedWriter(vector, 8, (view, at, value) => {
    view.setInt32(at, IPV4_HEADER);
    view.setUint32(at + 4, value);
  });
}

function inetWriter(vector: TextVector): FieldWriter {
  return {
    measure(count, lengths) {
      for (let i = 0; i < count; i++) {
        lengths[i] += isNull(vector, i) ? 4 : 8 + vector.offsets[i + 1] - vector.offsets[i];
      }
    },
    write(count, positions, { view, bytes }) {
      for (let i = 0; i < count; i++) {
        const at = positions[i];
        if (isNull(vector, i)) {
          view.setInt32(at, -1);
          positions[i] = at + 4;
          continue;
        }
        const start = vector.offsets[i];
        const length = vector.offsets[i + 1] - start;
        view.setInt32(at, 4 + length);
        view.setInt32(at + 4, length === 4 ? IPV4_HEADER : IPV6_HEADER);
        bytes.set(vector.bytes.subarray(start, start + length), at + 8);
        positions[i] = at + 8 + length;
      }
    },
  };
}

function numericWriter(vector: NumberVector, scale: number): FieldWriter {
  return {
    measure(count, lengths) {
      for (let i = 0; i < count; i++) {
        lengths[i] += isNull(vector, i) ? 4 : 4 + numericBytes(vector.values[i], scale);
      }
    },
    write(count, positions, { view }) {
      for (let i = 0; i < count; i++) {
        const at = positions[i];
        if (isNull(vector, i)) {
          view.setInt32(at, -1);
          positions[i] = at + 4;
          continue;
        }
        const end = writeNumeric(vector.values[i], scale, view, at + 4);
        view.setInt32(at, end - at - 4);
        positions[i] = end;
      }
    },
  };
}
