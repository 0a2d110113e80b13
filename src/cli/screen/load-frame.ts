import type { ProgressLine } from "../../engine/run/load-progress.js";
import { formatCompact, formatCount, formatPercent, formatTimeLeft } from "./format.js";
import type { Paint } from "./style.js";
import { padLeft, padRight, textWidth, truncate } from "./text.js";

const BAR_WIDTH_MIN = 10;
const BAR_WIDTH_MAX = 30;
/** Names are cut to this before a layout with fewer figures is chosen. */
const NAME_WIDTH_WANTED = 24;
/** Lines of the terminal left to what is no entity: the line of those not shown, the total, the cursor's own. */
const OTHER_LINES = 3;

export interface FrameOptions {
  /** Cells a line at most. */
  readonly width: number;
  /** Of the terminal. */
  readonly terminalRows: number;
  readonly paint: Paint;
  readonly unicode: boolean;
}

/** What is said right of a bar. Widths do not depend on the current figures, so that nothing jumps. */
interface Layout {
  widths(rowsMax: number): number[];
  cells(line: ProgressLine): string[];
}

/** From the richest to the barest. */
const LAYOUTS: readonly Layout[] = [
  {
    widths: (rowsMax) => [2 * formatCount(rowsMax).length + 3, "99,999,999 rows/s".length, "120 min left".length],
    cells: (line) => [
      `${formatCount(line.rows)} / ${formatCount(line.rowsTotal)}`,
      figure(line.rowsPerSecond, (rate) => `${formatCount(rate)} rows/s`),
      left(line, " left"),
    ],
  },
  {
    widths: (rowsMax) => [2 * formatCount(rowsMax).length + 1, "9,999,999/s".length, "120 min".length],
    cells: (line) => [
      `${formatCount(line.rows)}/${formatCount(line.rowsTotal)}`,
      figure(line.rowsPerSecond, (rate) => `${formatCount(rate)}/s`),
      left(line),
    ],
  },
  {
    widths: () => ["9.99M/9.99M".length, "9.99M/s".length, "120 min".length],
    cells: (line) => [`${formatCompact(line.rows)}/${formatCompact(line.rowsTotal)}`, compactRate(line), left(line)],
  },
  {
    widths: () => ["100%".length, "9.99M/s".length, "120 min".length],
    cells: (line) => [percent(line), compactRate(line), left(line)],
  },
  {
    widths: () => ["100%".length, "120 min".length],
    cells: (line) => [percent(line), left(line)],
  },
];

/**
 * Draws a load: a bar an entity, then one for all.
 * @param load.entities in the order of the plan; where the terminal is too low, those at work and then the largest
 * unfinished ones are drawn
 */
export function drawLoad(
  load: { readonly entities: readonly ProgressLine[]; readonly total: ProgressLine },
  options: FrameOptions,
): string[] {
  const shown = chooseEntities(load.entities, Math.max(0, options.terminalRows - OTHER_LINES));
  const hidden = load.entities.filter((line) => !shown.includes(line));
  const draw = lineDrawer([...load.entities, load.total], options);
  return [
    ...shown.map((line) => draw(line, plain)),
    ...(hidden.length > 0 ? [options.paint.dim(truncate(describeHidden(hidden), options.width))] : []),
    draw(load.total, options.paint.bold),
  ];
}

/**
 * Draws how far the whole run is: its rows, and what comes after them.
 * @param run.share 0 to 1
 */
export function drawWhole(
  { share, secondsLeft }: { readonly share: number; readonly secondsLeft: number | undefined },
  { width, paint, unicode }: Pick<FrameOptions, "width" | "paint" | "unicode">,
): string {
  const name = "whole run";
  const figures = `  ${padLeft(formatPercent({ part: share, of: 1 }), 4)}${secondsLeft === undefined ? "" : `  about ${formatTimeLeft(secondsLeft)} left`}`;
  const barWidth = Math.min(BAR_WIDTH_MAX, width - name.length - 2 - "  100%  about 120 min left".length);
  if (barWidth < 1) return truncate(`${name}${figures}`, width);
  const filled = Math.floor(share * barWidth);
  const [full, empty] = unicode ? ["█", "░"] : ["#", "-"];
  return `${paint.bold(name)}  ${paint.cyan(full.repeat(filled))}${paint.dim(empty.repeat(barWidth - filled))}${figures}`;
}

function chooseEntities(entities: readonly ProgressLine[], linesMax: number): readonly ProgressLine[] {
  if (entities.length <= linesMax) return entities;
  const urgency = { active: 0, waiting: 1, done: 2 };
  const chosen = entities
    .toSorted((a, b) => urgency[a.state] - urgency[b.state] || b.rowsTotal - a.rowsTotal)
    // One line less, for the line that says how many are not shown.
    .slice(0, Math.max(0, linesMax - 1));
  return entities.filter((line) => chosen.includes(line));
}

function describeHidden(hidden: readonly ProgressLine[]): string {
  const done = hidden.filter(({ state }) => state === "done").length;
  return `and ${hidden.length} more, ${done} of them done`;
}

function lineDrawer(
  lines: readonly ProgressLine[],
  { width, paint, unicode }: FrameOptions,
): (line: ProgressLine, paintName: (text: string) => string) => string {
  const nameWidthMax = Math.max(...lines.map(({ name }) => textWidth(name)));
  const rowsMax = Math.max(...lines.map(({ rowsTotal }) => rowsTotal));
  const room = (layout: Layout): number => layout.widths(rowsMax).reduce((rest, cell) => rest - cell - 2, width - 2);
  const nameWidthWanted = Math.min(nameWidthMax, NAME_WIDTH_WANTED);
  const layout =
    LAYOUTS.find((candidate) => room(candidate) >= nameWidthWanted + BAR_WIDTH_MIN) ?? LAYOUTS[LAYOUTS.length - 1];
  const widths = layout.widths(rowsMax);
  const nameWidth = Math.max(1, Math.min(nameWidthMax, room(layout) - BAR_WIDTH_MIN));
  const barWidth = Math.max(1, Math.min(BAR_WIDTH_MAX, room(layout) - nameWidth));
  const [full, empty] = unicode ? ["█", "░"] : ["#", "-"];

  return (line, paintName) => {
    const name = padRight(truncate(line.name, nameWidth), nameWidth);
    const share = line.rowsTotal === 0 ? 1 : line.rows / line.rowsTotal;
    const filled = Math.floor(share * barWidth);
    const bars = [full.repeat(filled), empty.repeat(barWidth - filled)];
    const cells = layout.cells(line).map((cell, i) => `  ${padLeft(cell, widths[i])}`);
    const figures = cells.join("").trimEnd();
    const text = `${name}  ${bars.join("")}${figures}`;
    // A terminal below 40 columns, or a figure beyond what its column was made for.
    if (textWidth(text) > width) return truncate(text, width);
    const paintFull = line.state === "done" ? paint.green : paint.cyan;
    return `${paintName(name)}  ${paintFull(bars[0])}${paint.dim(bars[1])}${figures}`;
  };
}

function plain(text: string): string {
  return text;
}

function percent(line: ProgressLine): string {
  return formatPercent({ part: line.rows, of: line.rowsTotal });
}

function compactRate(line: ProgressLine): string {
  return figure(line.rowsPerSecond, (rate) => `${formatCompact(rate)}/s`);
}

function left(line: ProgressLine, suffix = ""): string {
  if (line.state === "done") return "done";
  return figure(line.secondsLeft, (seconds) => formatTimeLeft(seconds) + suffix);
}

function figure(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? "" : format(value);
}
