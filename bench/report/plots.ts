import { formatCompact } from "../../src/cli/screen/format.js";
import { escapeHtml } from "./escape.js";

const WIDTH = 720;
const HEIGHT = 260;
const MARGIN = { left: 64, right: 16, top: 12, bottom: 40 };
const BAR_HEIGHT = 22;
const BAR_GAP = 8;
const LABEL_WIDTH = 240;
const VALUE_WIDTH = 150;
/** Colours of the lines, as classes of the style sheet. */
const LINE_COLORS = 4;

/** Lines over a common pair of axes. */
export interface LinePlot {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[];
}

/** Draws lines as an SVG; both axes begin at 0, so that straight and flat look so. */
export function linePlot({ xLabel, yLabel, lines }: LinePlot): string {
  const all = lines.flatMap(({ points }) => points);
  if (all.length === 0) return "";
  const xTicks = ticks(Math.max(...all.map(([x]) => x)));
  const yTicks = ticks(Math.max(...all.map(([, y]) => y)));
  const xMax = xTicks[xTicks.length - 1];
  const yMax = yTicks[yTicks.length - 1];
  const px = (x: number): number => MARGIN.left + (x / xMax) * (WIDTH - MARGIN.left - MARGIN.right);
  const py = (y: number): number => HEIGHT - MARGIN.bottom - (y / yMax) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const grid = [
    ...xTicks.map(
      (x) =>
        `<line class="grid" x1="${fix(px(x))}" y1="${MARGIN.top}" x2="${fix(px(x))}" y2="${HEIGHT - MARGIN.bottom}"/>` +
        `<text x="${fix(px(x))}" y="${HEIGHT - MARGIN.bottom + 16}" text-anchor="middle">${formatTick(x)}</text>`,
    ),
    ...yTicks.map(
      (y) =>
        `<line class="grid" x1="${MARGIN.left}" y1="${fix(py(y))}" x2="${WIDTH - MARGIN.right}" y2="${fix(py(y))}"/>` +
        `<text x="${MARGIN.left - 8}" y="${fix(py(y) + 4)}" text-anchor="end">${formatTick(y)}</text>`,
    ),
    `<text x="${WIDTH - MARGIN.right}" y="${HEIGHT - 4}" text-anchor="end" class="label">${escapeHtml(xLabel)}</text>`,
    `<text x="${MARGIN.left}" y="${HEIGHT - 4}" class="label">${escapeHtml(yLabel)}</text>`,
  ];
  const drawn = lines.map(({ points }, i) => {
    const path = points.map(([x, y]) => `${fix(px(x))},${fix(py(y))}`).join(" ");
    const dots = points.map(
      ([x, y]) => `<circle class="dot${i % LINE_COLORS}" cx="${fix(px(x))}" cy="${fix(py(y))}" r="2.5"/>`,
    );
    return `<polyline class="line${i % LINE_COLORS}" points="${path}"/>${dots.join("")}`;
  });
  const legend = lines
    .map(({ name }, i) => `<span class="key"><i class="key${i % LINE_COLORS}"></i>${escapeHtml(name)}</span>`)
    .join("");
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">${grid.join("")}${drawn.join("")}</svg><p>${legend}</p>`;
}

/** One bar of a comparison. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** As a share of the value; drawn as a line on the bar's end. */
  readonly noise: number | null;
  readonly text: string;
  /** Drawn in the first colour: what the others are compared with. */
  readonly own: boolean;
}

/** Draws bars as an SVG, the longest over the whole width. */
export function barPlot(bars: readonly Bar[]): string {
  if (bars.length === 0) return "";
  const longest = Math.max(...bars.map(({ value, noise }) => value * (1 + (noise ?? 0))));
  const height = bars.length * (BAR_HEIGHT + BAR_GAP);
  const room = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
  const drawn = bars.map(({ name, value, noise, text, own }, i) => {
    const y = i * (BAR_HEIGHT + BAR_GAP);
    const middle = y + BAR_HEIGHT / 2;
    const end = LABEL_WIDTH + (value / longest) * room;
    const spread = ((noise ?? 0) * value * room) / longest;
    return (
      `<text x="${LABEL_WIDTH - 8}" y="${middle + 4}" text-anchor="end">${escapeHtml(name)}</text>` +
      `<rect class="${own ? "own" : "other"}" x="${LABEL_WIDTH}" y="${y}" width="${fix(Math.max(1, end - LABEL_WIDTH))}" height="${BAR_HEIGHT}" rx="3"/>` +
      `<line class="whisker" x1="${fix(end - spread)}" y1="${middle}" x2="${fix(end + spread)}" y2="${middle}"/>` +
      `<text x="${fix(end + spread + 8)}" y="${middle + 4}">${escapeHtml(text)}</text>`
    );
  });
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img">${drawn.join("")}</svg>`;
}

/**
 * Round numbers from 0 to just above a maximum: steps of 1, 2 or 5 times a power of ten.
 * @param max above 0
 */
export function ticks(max: number): number[] {
  if (!(max > 0)) return [0, 1];
  const rough = max / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999)!;
  const count = Math.ceil((max / step) * 0.9999);
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

function formatTick(value: number): string {
  return value >= 1000
    ? formatCompact(value).replace(/\.(\d*?)0+(?=[kMGTP]$)/, (_, digits) => (digits === "" ? "" : `.${digits}`))
    : String(Number(value.toPrecision(3)));
}

function fix(value: number): string {
  return String(Math.round(value * 10) / 10);
}
