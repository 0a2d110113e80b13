import type { SchemaElement } from "hyparquet-writer";
import type { SqlType } from "../../core/sql-type.js";
import type { TextColumn } from "../text-rows.js";

/** A column of a table as its file is to have it. */
export type ParquetColumn = TextColumn & { readonly nullable: boolean };

/** Decimals of more digits do not fit 64 bits (parquet-format, LogicalTypes.md, DECIMAL). */
const INT64_DIGITS_MAX = 18;

/** A table's schema: the root, then each column with what is below it. */
export function parquetSchema(columns: readonly ParquetColumn[]): SchemaElement[] {
  return [{ name: "schema", num_children: columns.length }, ...columns.flatMap(columnElements)];
}

function columnElements({ name, type, nullable }: ParquetColumn): SchemaElement[] {
  const repetition_type = nullable ? "OPTIONAL" : "REQUIRED";
  if (type.name !== "text[]") return [{ name, repetition_type, ...leafOf(type) }];
  return [
    { name, repetition_type, num_children: 1, converted_type: "LIST", logical_type: { type: "LIST" } },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "OPTIONAL", ...STRING },
  ];
}

type Leaf = Omit<SchemaElement, "name" | "repetition_type">;

const STRING: Leaf = { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } };

function leafOf(type: SqlType): Leaf {
  switch (type.name) {
    case "int2":
      // Without the newer annotation: the library writes its width as i32 where Thrift has a byte, and DuckDB refuses it.
      return { type: "INT32", converted_type: "INT_16" };
    case "int4":
      return { type: "INT32" };
    case "int8":
      return { type: "INT64" };
    case "float8":
      return { type: "DOUBLE" };
    case "bool":
      return { type: "BOOLEAN" };
    case "numeric":
      return decimal(type.precision, type.scale);
    case "date":
      return { type: "INT32", converted_type: "DATE", logical_type: { type: "DATE" } };
    case "timestamptz":
      return {
        type: "INT64",
        converted_type: "TIMESTAMP_MICROS",
        logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
      };
    case "timestamp":
      // The older annotation means UTC, so it has none.
      return { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "MICROS" } };
    case "uuid":
      return { type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, logical_type: { type: "UUID" } };
    case "jsonb":
      return { type: "BYTE_ARRAY", converted_type: "JSON", logical_type: { type: "JSON" } };
    default:
      return STRING;
  }
}

function decimal(precision: number, scale: number): Leaf {
  const facts = {
    converted_type: "DECIMAL",
    precision,
    scale,
    logical_type: { type: "DECIMAL", precision, scale },
  } as const;
  if (precision <= INT64_DIGITS_MAX) return { type: "INT64", ...facts };
  // Bytes of two's complement that hold so many digits: a bit for the sign, and log2(10) a digit.
  const type_length = Math.ceil((precision * Math.LN10) / Math.LN2 / 8 + 1 / 8);
  return { type: "FIXED_LEN_BYTE_ARRAY", type_length, ...facts };
}

/**
 * The schema that values are written by: without the older annotation of JSON, at which the library takes our bytes for a
 * value that is still to be written as JSON. The file's own schema has it, since DuckDB knows JSON by nothing else.
 */
export function writingSchema(schema: readonly SchemaElement[]): SchemaElement[] {
  return schema.map((element) => {
    if (element.converted_type !== "JSON") return element;
    const { converted_type: _, ...rest } = element;
    return rest;
  });
}
