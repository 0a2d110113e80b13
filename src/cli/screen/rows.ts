import { createPaint, type Paint } from "./style.js";
import { layOutTable, tableWidth } from "./table.js";
import { escapeControls, padRight, textWidth, truncate, wrapHard } from "./text.js";

/** Tells a NULL from an empty text. */
const NULL_TEXT = "NULL";

/** Rows as texts, null for NULL. */
export interface RowTable {
  readonly columns: readonly string[];
  /** One value a column. */
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface RowsOptions {
  /** Cells a line at most, at least 20. */
  readonly columns: number;
  readonly color: boolean;
}

/** Shows rows as a table where it fits the width, else a block a row as psql's `\x` does. Control characters are escaped. */
export function formatRows(table: RowTable, { columns, color }: RowsOptions): string {
  const paint = createPaint(color);
  const headings = table.columns.map(escapeControls);
  const rows = table.rows.map((row) => row.map((value) => (value === null ? NULL_TEXT : escapeControls(value))));
  const layout = {
    columns: headings.map((heading, index) => ({ heading, align: alignment(table, index) })),
    rows,
  };
  if (headings.length > 0 && tableWidth(layout) <= columns) {
    const [heading, ...lines] = layOutTable(layout, columns);
    return [paint.bold(heading), ...(rows.length === 0 ? ["(no rows)"] : lines)].join("\n");
  }
  if (rows.length === 0) return "(no rows)";
  return rows.flatMap((row, index) => recordBlock({ headings, row, index, columns, paint })).join("\n");
}

function alignment({ rows }: RowTable, index: number): "left" | "right" {
  const values = rows.map((row) => row[index]).filter((value) => value !== null);
  return values.length > 0 && values.every((value) => /^-?\d+(\.\d+)?$/.test(value)) ? "right" : "left";
}

interface RecordBlock {
  readonly headings: readonly string[];
  readonly row: readonly string[];
  /** From 0. */
  readonly index: number;
  readonly columns: number;
  readonly paint: Paint;
}

function recordBlock({ headings, row, index, columns, paint }: RecordBlock): string[] {
  const nameWidth = Math.min(Math.floor(columns / 2), Math.max(...headings.map(textWidth)));
  const valueWidth = columns - nameWidth - 3;
  const title = `-[ ${index + 1} ]`;
  return [
    paint.dim(title + "-".repeat(Math.max(0, Math.min(columns, 60) - title.length))),
    ...headings.flatMap((heading, column) =>
      wrapHard(row[column], valueWidth).map((piece, i) =>
        `${paint.bold(padRight(i === 0 ? truncate(heading, nameWidth) : "", nameWidth))} | ${piece}`.trimEnd(),
      ),
    ),
  ];
}
