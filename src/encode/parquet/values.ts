import type { Dictionary } from "../../core/dictionary.js";
import type { SqlType } from "../../core/sql-type.js";
import { isNull, type TextVector, type Vector, type WordVector } from "../../core/vectors.js";
import { SeedBulkError } from "../../errors.js";
import { arrayElements, payloadText } from "../payload-text.js";

/** A value as the Parquet library takes it; null is NULL. */
export type ParquetValue = number | bigint | boolean | string | Uint8Array | readonly (string | null)[] | null;

/** Appends the first `count` rows of a column's vector to a row group's values. */
export type AppendRows = (count: number, out: ParquetValue[]) => void;

/** Infinite days and moments as the largest numbers of their type, which DuckDB takes for infinite too. */
const DAYS_INFINITE = 2 ** 31 - 1;
const US_INFINITE = 2n ** 63n - 1n;

/** How a column's values come to Parquet. */
export function parquetValues(type: SqlType, vector: Vector): AppendRows {
  if (vector.kind === "word") return wordValues(vector, payloadReader(type));
  if (vector.kind === "text") return textValues(vector, payloadReader(type));
  const read = numberReader(type);
  return (count, out) => {
    for (let i = 0; i < count; i++) out.push(isNull(vector, i) ? null : read(vector.values[i]));
  };
}

type ReadPayload = (payload: Uint8Array) => ParquetValue;

/** Each word is read once; rows then share it, which makes a dictionary of them cheap. */
function wordValues(vector: WordVector, read: ReadPayload): AppendRows {
  let known: Dictionary | undefined;
  let values: ParquetValue[] = [];
  const wordAt = ({ bytes, starts, lengths }: Dictionary, code: number): ParquetValue => {
    let value = values[code];
    if (value === undefined) {
      value = read(bytes.slice(starts[code], starts[code] + lengths[code]));
      values[code] = value;
    }
    return value;
  };
  return (count, out) => {
    const { dictionary, codes } = vector;
    if (dictionary !== known) {
      known = dictionary;
      values = [];
    }
    for (let i = 0; i < count; i++) out.push(isNull(vector, i) ? null : wordAt(dictionary, codes[i]));
  };
}

function textValues(vector: TextVector, read: ReadPayload): AppendRows {
  return (count, out) => {
    // One copy a batch: the vector's own bytes are overwritten by the next.
    const bytes = vector.bytes.slice(0, vector.offsets[count]);
    for (let i = 0; i < count; i++) {
      out.push(isNull(vector, i) ? null : read(bytes.subarray(vector.offsets[i], vector.offsets[i + 1])));
    }
  };
}

/** How a payload (core/vectors.ts) is read; bytes stay bytes where Parquet has them so. */
function payloadReader(type: SqlType): ReadPayload {
  switch (type.name) {
    case "text":
    case "varchar":
    case "enum":
    case "jsonb":
    case "uuid":
    case "other":
      return (payload) => payload;
    case "text[]":
      return arrayElements;
    case "inet":
      return (payload) => payloadText(type, payload);
    case "int8":
      return (payload) => viewOf(payload).getBigInt64(0);
    case "int2":
      return (payload) => viewOf(payload).getInt16(0);
    case "int4":
      return (payload) => viewOf(payload).getInt32(0);
    case "float8":
      return (payload) => viewOf(payload).getFloat64(0);
    case "bool":
      return (payload) => payload[0] === 1;
    default:
      throw new SeedBulkError("SB_VALUE_INVALID", `Parquet takes no ready-made payloads of ${type.name}`);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function numberReader(type: SqlType): (value: number) => ParquetValue {
  switch (type.name) {
    case "int2":
    case "int4":
    case "float8":
      return (value) => value;
    case "bool":
      return (value) => value === 1;
    case "int8":
      return exact;
    case "numeric":
      return (units) => {
        if (Number.isFinite(units)) return exact(units);
        throw new SeedBulkError("SB_VALUE_INVALID", `Parquet's decimals know no ${units}`, {
          hint: "Export this entity as csv, jsonl or sql.",
        });
      };
    case "date":
      return (days) => (Number.isFinite(days) ? days : Math.sign(days) * DAYS_INFINITE);
    case "timestamp":
    case "timestamptz":
      return (us) => (Number.isFinite(us) ? exact(us) : us > 0 ? US_INFINITE : -US_INFINITE);
    case "inet":
      return (value) => `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
    default:
      throw new SeedBulkError("SB_INTERNAL", `a ${type.name} column needs words or text, got numbers`);
  }
}

function exact(value: number): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value);
  throw new SeedBulkError("SB_VALUE_INVALID", `${value} is beyond 2^53, so not exact`);
}
