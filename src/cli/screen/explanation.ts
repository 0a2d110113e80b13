import type { ExplainedColumn, ExplainedInput, ExplainedOwner, Explanation } from "../../engine/inspect/explain.js";
import { formatCount } from "./format.js";
import { createPaint, type Paint } from "./style.js";
import { escapeControls, padRight, textWidth, truncate, wrapHard, wrapWords } from "./text.js";

export interface ExplanationOptions {
  /** Cells a line at most, at least 40. */
  readonly columns: number;
  readonly color: boolean;
}

/** A deeper cell is set in by this much, down to where half of the width is left. */
const INDENT = 2;
/** A value that is read is cut to this many lines; `--column` on its own column shows it whole. */
const INPUT_LINES_MAX = 2;

/** Shows where a row's values come from: a block a column. */
export function formatExplanation(explanation: Explanation, { columns, color }: ExplanationOptions): string {
  const paint = createPaint(color);
  const { entity, id, row, rows, scenario, model, seed } = explanation;
  const title = `${entity} ${id}, row ${formatCount(row)} of ${formatCount(rows)}; ${model}/${scenario}, seed ${seed}`;
  const lines = [
    ...wrapWords(title, columns).map(paint.bold),
    ...explanation.owners.flatMap((owner) => wrapIndented(ownerText(owner), columns, "  ")),
    ...explanation.references.flatMap(({ column, entity, id }) =>
      wrapIndented(`refers to ${entity} ${id}, by ${column}`, columns, "  "),
    ),
  ];
  for (const column of explanation.columns) lines.push("", ...cellBlock(column, { columns, paint, depth: 0 }));
  return `${lines.join("\n")}\n`;
}

interface Look {
  readonly columns: number;
  readonly paint: Paint;
  readonly depth: number;
}

function ownerText({ entity, id, of, via, ordinal, children }: ExplainedOwner): string {
  const by = via === null ? "" : `, by ${via}`;
  const child = children === 1 ? "its only one" : `its ${ordinalText(ordinal + 1)} of ${formatCount(children)}`;
  return `${of.entity} ${of.id} belongs to ${entity} ${id}${by}: ${child}`;
}

/** A cell: its name and type, its value, how that comes about, what it reads and draws. */
function cellBlock(cell: ExplainedColumn, look: Look): string[] {
  const { columns, paint, depth } = look;
  const indent = " ".repeat(Math.min(depth * INDENT, Math.floor(columns / 2)));
  const where = depth === 0 ? cell.column : `${cell.entity} ${cell.id} ${cell.column}`;
  const inner = `${indent}  `;
  const width = columns - inner.length;
  const heading = truncate(escapeControls(where), columns - indent.length);
  const type = ` ${cell.type}${cell.hidden ? ", hidden" : ""}`;
  const room = columns - indent.length - textWidth(heading);
  return [
    indent + paint.bold(heading) + paint.dim(truncate(type, Math.max(0, room))),
    ...wrapHard(valueText(cell.value), width - 2).map((piece, i) => `${inner}${i === 0 ? "= " : "  "}${piece}`),
    ...wrapHardWords(escapeControls(cell.about), width).map((line) => inner + paint.dim(line)),
    ...inputLines(cell.reads, inner, columns),
    ...(cell.dictionaries.length > 0 ? wrapIndented(`words of ${cell.dictionaries.join(", ")}`, columns, inner) : []),
    ...cell.draws.flatMap(({ label, key, bits }) =>
      wrapIndented(`draws ${bits} by key ${key}${label === null ? "" : ` (${label})`}`, columns, inner),
    ),
    ...cell.reads.flatMap(({ from }) => (from === undefined ? [] : cellBlock(from, { ...look, depth: depth + 1 }))),
  ];
}

/** What a cell reads, names in line. */
function inputLines(inputs: readonly ExplainedInput[], indent: string, columns: number): string[] {
  const lead = `${indent}reads `;
  const names = inputs.map(({ path }) => escapeControls(path));
  const nameWidth = Math.min(Math.floor((columns - lead.length) / 2), Math.max(0, ...names.map(textWidth)));
  return inputs.flatMap(({ value }, i) => {
    const name = padRight(truncate(names[i], nameWidth), nameWidth);
    const pieces = wrapHard(valueText(value), columns - lead.length - nameWidth - 3);
    const shown = pieces.slice(0, INPUT_LINES_MAX);
    if (pieces.length > INPUT_LINES_MAX) shown[INPUT_LINES_MAX - 1] = `${shown[INPUT_LINES_MAX - 1].slice(0, -1)}…`;
    return shown.map((piece, k) => {
      const before = i === 0 && k === 0 ? lead : " ".repeat(lead.length);
      return `${before}${k === 0 ? `${name} = ` : " ".repeat(nameWidth + 3)}${piece}`;
    });
  });
}

function valueText(value: string | null): string {
  if (value === null) return "NULL";
  return value === "" ? "''" : escapeControls(value);
}

function wrapIndented(text: string, columns: number, indent: string): string[] {
  return wrapHardWords(escapeControls(text), columns - indent.length).map((line) => indent + line);
}

/** Breaks at spaces, and words that are longer than a line wherever that falls. */
function wrapHardWords(text: string, width: number): string[] {
  return wrapWords(text, width).flatMap((line) => wrapHard(line, width));
}

function ordinalText(n: number): string {
  const tens = n % 100;
  const ending = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${formatCount(n)}${ending}`;
}
