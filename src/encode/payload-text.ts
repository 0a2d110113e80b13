import type { SqlType } from "../core/sql-type.js";
import { assert } from "../errors.js";
import { dayLength, momentLength, writeDay, writeMoment } from "./moments.js";

const decoder = new TextDecoder();
/** Days and microseconds from 1970-01-01, where ours begin, to 2000-01-01, where Postgres begins. */
const EPOCH_DAYS = 10_957;
const EPOCH_US = EPOCH_DAYS * 86_400_000_000;

/**
 * A value that was given as its binary payload, as Postgres prints it. For types whose payload is not their text;
 * each word of a dictionary comes here once.
 */
export function payloadText(type: SqlType, payload: Uint8Array): string {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  switch (type.name) {
    case "uuid":
      return uuidText(payload);
    case "inet":
      return addressText(payload);
    case "int2":
      return String(view.getInt16(0));
    case "int4":
      return String(view.getInt32(0));
    case "int8":
      return String(view.getBigInt64(0));
    case "float8":
      return floatText(view.getFloat64(0));
    case "bool":
      return payload[0] === 1 ? "true" : "false";
    case "date":
      return dayText(view.getInt32(0));
    case "timestamp":
    case "timestamptz":
      return momentText(view.getBigInt64(0), type.name === "timestamptz");
    case "numeric":
      return numericText(view);
    default:
      return decoder.decode(payload.slice());
  }
}

/** A float8 as Postgres reads it, in the fewest digits that give it back. */
export function floatText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return String(value);
}

/** The elements of a text[] payload; see core/text-array.ts. */
export function arrayElements(payload: Uint8Array): (string | null)[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  if (view.getInt32(0) === 0) return [];
  assert(view.getInt32(0) === 1, "lists have one dimension");
  const elements: (string | null)[] = [];
  for (let at = 20; at < payload.length; ) {
    const length = view.getInt32(at);
    at += 4;
    if (length < 0) elements.push(null);
    else {
      elements.push(decoder.decode(payload.slice(at, at + length)));
      at += length;
    }
  }
  return elements;
}

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] << 8) | bytes[2 * i + 1]).toString(16));
  return groups.join(":");
}

function dayText(days: number): string {
  const since1970 =
    days === 2 ** 31 - 1
      ? Number.POSITIVE_INFINITY
      : days === -(2 ** 31)
        ? Number.NEGATIVE_INFINITY
        : days + EPOCH_DAYS;
  const bytes = new Uint8Array(dayLength(since1970));
  writeDay(since1970, bytes, 0);
  return decoder.decode(bytes);
}

function momentText(us: bigint, isUtc: boolean): string {
  const since1970 =
    us === 2n ** 63n - 1n
      ? Number.POSITIVE_INFINITY
      : us === -(2n ** 63n)
        ? Number.NEGATIVE_INFINITY
        : Number(us) + EPOCH_US;
  assert(!Number.isFinite(since1970) || Number.isSafeInteger(since1970), "moments are exact to 2^53 µs");
  const bytes = new Uint8Array(momentLength(since1970, isUtc));
  writeMoment(since1970, isUtc, bytes, 0);
  return decoder.decode(bytes);
}

/** Postgres's binary numeric as text; see numeric.ts. */
function numericText(view: DataView): string {
  const count = view.getInt16(0);
  const weight = view.getInt16(2);
  const sign = view.getUint16(4);
  const scale = view.getInt16(6);
  if (sign === 0xc000) return "NaN";
  if (sign === 0xd000) return "Infinity";
  if (sign === 0xf000) return "-Infinity";
  const group = (place: number): string =>
    place >= 0 && place < count ? String(view.getInt16(8 + 2 * place)).padStart(4, "0") : "0000";
  let whole = "";
  for (let place = 0; place <= weight; place++) whole += group(place);
  let fraction = "";
  for (let place = weight + 1; fraction.length < scale; place++) fraction += group(place);
  const digits = whole.replace(/^0+/, "") || "0";
  return `${sign === 0x4000 ? "-" : ""}${digits}${scale > 0 ? `.${fraction.slice(0, scale)}` : ""}`;
}
