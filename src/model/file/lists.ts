import { parse } from "csv-parse/sync";
import * as z from "zod";
import type { ListColumn } from "../../columns/picks.js";
import { CITIES } from "../../columns/places/united-states.js";
import { BOOL, INT8, numeric, type SqlType, TEXT } from "../../core/sql-type.js";

/** A list of a model: rows of columns that agree with one another, and how often each is drawn. */
export interface List {
  readonly size: number;
  readonly weights?: readonly number[];
  readonly columns: ReadonlyMap<string, ListColumn>;
}

/** Lists that every model has, unless it has one of that name itself. */
export const BUILT_IN_LISTS: ReadonlyMap<string, List> = new Map([["us_places", unitedStates()]]);

/** Cities of the United States by their people, with what agrees in an address and a phone number there. */
function unitedStates(): List {
  const rows = CITIES.flatMap(({ postalCodes, weight, ...city }) =>
    postalCodes.map((postalCode) => ({ ...city, postalCode, weight: weight / postalCodes.length })),
  );
  const texts = (read: (row: (typeof rows)[number]) => string): ListColumn => ({ type: TEXT, values: rows.map(read) });
  return {
    size: rows.length,
    weights: rows.map(({ weight }) => weight),
    columns: new Map([
      ["city", texts(({ city }) => city)],
      ["state", texts(({ state }) => state)],
      ["postal_code", texts(({ postalCode }) => postalCode)],
      ["area_code", texts(({ areaCode }) => areaCode)],
      ["time_zone", texts(({ timeZone }) => timeZone)],
    ]),
  };
}

/** What a list of plain values calls its only column. */
export const VALUE = "value";

const LIST_ROWS_MAX = 100_000;

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: "expected a text, a number, true, false or nothing",
});

const rowsError = "expected rows: a list of mappings, or of values";

export const listSchema = () =>
  z.union(
    [
      z.array(cell).min(1).max(LIST_ROWS_MAX),
      z.strictObject({
        weight: z.string({ error: "expected the name of the column that holds weights" }).optional(),
        rows: z
          .array(z.union([z.record(z.string(), cell), cell], { error: rowsError }))
          .min(1)
          .max(LIST_ROWS_MAX),
      }),
      z.strictObject({
        weight: z.string({ error: "expected the name of the column that holds weights" }).optional(),
        file: z.string({ error: "expected the path of a CSV file beside the model" }).min(1),
      }),
    ],
    { error: "expected a list of values, { rows: [...] } with a mapping a row, or { file: a CSV file }" },
  );

export type ListDeclaration = z.output<ReturnType<typeof listSchema>>;

/** Reads a file that a model names; its text. @throws with a message for people */
export type ReadBeside = (file: string) => string;

/**
 * A list as it is declared.
 * @throws Error with what is wrong, for people
 */
export function readList(declared: ListDeclaration, readBeside: ReadBeside): List {
  if (Array.isArray(declared))
    return listOf(
      declared.map((value) => ({ [VALUE]: value })),
      undefined,
    );
  if ("file" in declared) return listOf(csvRows(readBeside(declared.file), declared.file), declared.weight);
  const rows = declared.rows.map((row) => (typeof row === "object" && row !== null ? row : { [VALUE]: row }));
  return listOf(rows, declared.weight);
}

type Cell = z.output<typeof cell>;

function csvRows(text: string, file: string): Record<string, Cell>[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true });
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`);
  }
  if (rows.length === 0) throw new Error(`${file} has no rows below its first line, which names the columns`);
  if (rows.length > LIST_ROWS_MAX) throw new Error(`${file} has more than ${LIST_ROWS_MAX} rows`);
  const numbers = Object.keys(rows[0]).filter((name) => rows.every((row) => row[name] === "" || isNumber(row[name])));
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        value === "" ? null : numbers.includes(name) ? Number(value) : value,
      ]),
    ),
  );
}

/** Digits that mean a number: with a zero in front they are a code. */
function isNumber(text: string): boolean {
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/.test(text);
}

function listOf(rows: readonly Readonly<Record<string, Cell>>[], weight: string | undefined): List {
  const names = Object.keys(rows[0]);
  for (const [at, row] of rows.entries()) {
    const others = Object.keys(row);
    if (others.length !== names.length || names.some((name) => !Object.hasOwn(row, name))) {
      throw new Error(`row ${at + 1} has the columns ${others.join(", ")}, and the first one ${names.join(", ")}`);
    }
  }
  const columns = new Map(
    names.map((name) => [
      name,
      columnOf(
        name,
        rows.map((row) => row[name]),
      ),
    ]),
  );
  if (weight === undefined) return { size: rows.length, columns };
  const weights = columns.get(weight)?.values.map(Number);
  if (weights === undefined) throw new Error(`the list has no column ${weight} to weigh its rows by`);
  if (!weights.every((value) => value >= 0) || !weights.some((value) => value > 0)) {
    throw new Error(`${weight} holds weights from 0 up, one of them above 0`);
  }
  return { size: rows.length, weights, columns };
}

function columnOf(name: string, values: readonly Cell[]): ListColumn {
  const present = values.filter((value) => value !== null);
  const kinds = new Set(present.map((value) => typeof value));
  if (kinds.size > 1) throw new Error(`the column ${name} holds ${[...kinds].join("s and ")}s: put texts in quotes`);
  return { type: typeOf(present), values };
}

function typeOf(values: readonly (string | number | boolean)[]): SqlType {
  if (typeof values[0] === "boolean") return BOOL;
  if (typeof values[0] !== "number") return TEXT;
  const digits = values.map((value) => String(value).split(".")[1]?.length ?? 0);
  const scale = Math.max(...digits);
  return scale === 0 ? INT8 : numeric(15, scale);
}
