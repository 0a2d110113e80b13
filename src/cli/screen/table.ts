import type { Paint } from "./style.js";
import { padLeft, padRight, textWidth, truncate } from "./text.js";

/** Between two columns. */
const GAP = "  ";
/** A first column is cut down to this before a table is allowed to be too wide. */
const FIRST_COLUMN_WIDTH_MIN = 12;

export interface TableColumn {
  readonly heading: string;
  readonly align: "left" | "right";
  /** Where the table is too wide, columns are left out in this order, 1 first. Without it a column always stays. */
  readonly dropOrder?: number;
}

export interface Table {
  readonly columns: readonly TableColumn[];
  /** One text a column, without control characters. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * Lays a table out: first the headings, then a line a row.
 * @param table its first column is cut short where leaving columns out is not enough
 * @param width cells a line at most
 */
export function layOutTable(table: Table, width: number): string[] {
  const all = table.columns.map((column, index) => ({
    ...column,
    index,
    width: Math.max(textWidth(column.heading), ...table.rows.map((row) => textWidth(row[index]))),
  }));
  const kept = dropColumns(all, width);
  const [first] = kept;
  const excess = widthOf(kept) - width;
  if (excess > 0) first.width = Math.max(FIRST_COLUMN_WIDTH_MIN, first.width - excess);
  const line = (cells: readonly string[]): string =>
    kept
      .map((column) => {
        const cell = truncate(cells[column.index], column.width);
        return column.align === "left" ? padRight(cell, column.width) : padLeft(cell, column.width);
      })
      .join(GAP)
      .trimEnd();
  return [line(table.columns.map(({ heading }) => heading)), ...table.rows.map(line)];
}

/** Cells that a table takes with all its columns at their full width. */
export function tableWidth(table: Table): number {
  return widthOf(
    table.columns.map(({ heading }, index) => ({
      width: Math.max(textWidth(heading), ...table.rows.map((row) => textWidth(row[index]))),
    })),
  );
}

/** Makes the first line of a table dim. */
export function paintHeading([heading, ...lines]: readonly string[], paint: Paint): string[] {
  return [paint.dim(heading), ...lines];
}

/** Makes the first line of a table dim and the last one, the total, bold. */
export function paintTotalled(lines: readonly string[], paint: Paint): string[] {
  return [...paintHeading(lines.slice(0, -1), paint), ...lines.slice(-1).map(paint.bold)];
}

function dropColumns<T extends TableColumn & { readonly width: number }>(columns: readonly T[], width: number): T[] {
  const order = columns
    .map(({ dropOrder }) => dropOrder)
    .filter((rank) => rank !== undefined)
    .sort((a, b) => a - b);
  let kept = [...columns];
  for (const rank of order) {
    if (widthOf(kept) <= width) break;
    kept = kept.filter(({ dropOrder }) => dropOrder !== rank);
  }
  return kept;
}

function widthOf(columns: readonly { readonly width: number }[]): number {
  return columns.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length);
}
