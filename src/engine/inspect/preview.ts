import type { SqlType } from "../../core/sql-type.js";
import { isNull, type Vector } from "../../core/vectors.js";
import { storedColumns } from "../../model/entity.js";
import type { Universe } from "../../model/universe.js";

/** Rows of an entity as text, NULL as null. */
export interface PreviewedRows {
  readonly columns: string[];
  readonly rows: (string | null)[][];
}

/**
 * Makes rows `[start, start + count)` of an entity, and nothing else.
 * @param count up to BATCH_ROWS_MAX
 * @param wanted these columns, also ones that are not stored; all that are without it
 */
export function previewRows(
  universe: Universe,
  entity: string,
  start: number,
  count: number,
  wanted?: readonly string[],
): PreviewedRows {
  const { columns: all } = universe.entity(entity);
  const columns = wanted?.map((name) => [name, all[name]] as const) ?? storedColumns(universe.entity(entity));
  const names = columns.map(([name]) => name);
  const program = universe.program(entity, names);
  if (count > 0) program.run(start, count);
  const vectors = columns.map(([name, { type }]) => ({ type, vector: program.vector(name) }));
  const rows = Array.from({ length: Math.max(0, count) }, (_, i) =>
    vectors.map(({ type, vector }) => (isNull(vector, i) ? null : textOf(type, vector, i))),
  );
  return { columns: names, rows };
}

const decoder = new TextDecoder();

/** A value as Postgres would show it. */
function textOf(type: SqlType, vector: Vector, i: number): string {
  if (vector.kind === "number") return numberText(type, vector.values[i]);
  const bytes =
    vector.kind === "text" ? vector.bytes.subarray(vector.offsets[i], vector.offsets[i + 1]) : wordBytes(vector, i);
  if (type.name === "uuid") return uuidText(bytes);
  if (type.name === "text[]") return arrayText(bytes);
  if (type.name === "inet") return addressText(bytes);
  return decoder.decode(bytes.slice());
}

function wordBytes({ dictionary, codes }: Extract<Vector, { kind: "word" }>, i: number): Uint8Array {
  const start = dictionary.starts[codes[i]];
  return dictionary.bytes.slice(start, start + dictionary.lengths[codes[i]]);
}

function numberText(type: SqlType, value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "infinity" : value < 0 ? "-infinity" : "NaN";
  switch (type.name) {
    case "bool":
      return value === 1 ? "true" : "false";
    case "numeric":
      return decimalText(value, type.scale);
    case "date":
      return new Date(value * 86_400_000).toISOString().slice(0, 10);
    case "timestamp":
    case "timestamptz": {
      const ms = Math.floor(value / 1000);
      const micros = String(value - ms * 1000).padStart(3, "0");
      const text = new Date(ms).toISOString().replace("T", " ").replace("Z", micros);
      return type.name === "timestamp" ? text : `${text}+00`;
    }
    case "inet":
      return [24, 16, 8, 0].map((shift) => (value / 2 ** shift) & 255).join(".");
    default:
      return String(value);
  }
}

function decimalText(units: number, scale: number): string {
  if (scale === 0) return String(units);
  const digits = String(Math.abs(units)).padStart(scale + 1, "0");
  return `${units < 0 ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function arrayText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getInt32(0) === 0) return "{}";
  const elements: string[] = [];
  for (let at = 20; at < bytes.length; at += 4 + view.getInt32(at)) {
    elements.push(decoder.decode(bytes.slice(at + 4, at + 4 + view.getInt32(at))));
  }
  const quoted = elements.map((text) => (/^[\w-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`));
  return `{${quoted.join(",")}}`;
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] << 8) | bytes[2 * i + 1]).toString(16));
  return groups.join(":");
}
