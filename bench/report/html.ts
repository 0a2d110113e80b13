import { formatBytes, formatCount } from "../../src/cli/screen/format.js";
import type { Comparison } from "../comparison.js";
import type { Series } from "../metrics.js";
import { escapeHtml } from "./escape.js";
import { formatFigure, formatLimit, formatNoise } from "./figures.js";
import { type Bar, barPlot, linePlot } from "./plots.js";
import type { BenchReport } from "./report.js";
import { STYLE_SHEET } from "./style-sheet.js";

/** Axes of the plots, and the headings above them. */
const PLOTS: Readonly<Record<Series["plot"], { readonly title: string; readonly x: string; readonly y: string }>> = {
  throughput: { title: "Throughput over time", x: "seconds of the load", y: "rows/s" },
  latency: { title: "Latencies", x: "percentile", y: "ms" },
  scale: { title: "Time against rows", x: "rows", y: "seconds" },
  memory: { title: "Peak memory against rows", x: "rows", y: "bytes" },
};

/** A report as one HTML file that needs nothing else: no scripts, no fonts, no network. */
export function htmlReport(report: BenchReport, comparison?: Comparison): string {
  const title = `seed-bulk bench: ${report.scenario}, ${report.date.slice(0, 10)}`;
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>${escapeHtml(title)}</title><style>${STYLE_SHEET}</style></head><body><main>`,
    `<h1>${escapeHtml(title)}</h1>`,
    facts(report),
    section("The bar", barTable(report)),
    section("Loading, beside others", barPlot(loadBars(report))),
    section("Generating, one core", barPlot(generateBars(report))),
    ...(Object.keys(PLOTS) as Series["plot"][]).map((plot) => section(PLOTS[plot].title, plotOf(report, plot))),
    section("Beside the baseline", comparison ? comparisonTable(comparison) : ""),
    section("All figures", metricTable(report)),
    section("Not there", list(report.absences.map(({ name, reason }) => `${name}: ${reason}`))),
    section("Notes", list(report.notes)),
    "</main></body></html>",
    "",
  ].join("\n");
}

function section(title: string, content: string): string {
  return content === "" ? "" : `<section><h2>${escapeHtml(title)}</h2>${content}</section>`;
}

function facts({ machine, postgres, commit, ...report }: BenchReport): string {
  const lines: [string, string][] = [
    [
      "scenario",
      `${report.scenario} (${report.model}), scale ${report.scale}, seed ${report.seed}, ${formatCount(report.rows)} rows`,
    ],
    ["measured", `${report.runs} runs in turns, ${report.workers} workers${report.quick ? ", quick" : ""}`],
    ["machine", `${machine.cpu}, ${machine.cores} cores, ${formatBytes(machine.memoryBytes)}, ${machine.system}`],
    [
      "versions",
      `seed-bulk ${report.version}, Node ${machine.node}${postgres ? `, Postgres ${postgres.version}` : ""}`,
    ],
    ...(commit ? [["commit", `${commit.hash}${commit.dirty ? ", with changes" : ""}`] as [string, string]] : []),
    ...(postgres
      ? [
          [
            "settings",
            Object.entries(postgres.settings)
              .map(([name, value]) => `${name} ${value}`)
              .join(", "),
          ] as [string, string],
        ]
      : []),
    ...(report.validation
      ? [
          [
            "verified",
            report.validation.ok ? `${report.validation.checks} checks, all hold` : report.validation.failed.join("; "),
          ] as [string, string],
        ]
      : []),
    ["plan", report.planHash],
  ];
  return `<dl>${lines.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>`;
}

function barTable({ bar }: BenchReport): string {
  const rows = bar.map((line) => [
    line.claim,
    formatFigure(line.value, line.unit),
    formatNoise(line.noise),
    formatLimit(line),
    line.verdict,
  ]);
  return table(["what", "is", "noise", "limit", ""], rows);
}

function comparisonTable({ changes, missing, differences }: Comparison): string {
  const rows = changes.map(({ name, ratio, verdict, fails }) => [
    name,
    formatFigure(ratio.value, "ratio"),
    formatNoise(ratio.noise),
    fails ? `${verdict}, below the limit` : verdict,
  ]);
  const told = [...differences, ...missing.map((name) => `no longer measured: ${name}`)];
  return table(["what", "ratio", "noise", ""], rows) + list(told);
}

function metricTable({ metrics }: BenchReport): string {
  const rows = metrics.map(({ name, unit, summary }) => [
    name,
    formatFigure(summary.median, unit),
    formatNoise(summary.noise),
    formatFigure(summary.min, unit),
    formatFigure(summary.max, unit),
    String(summary.runs),
  ]);
  return table(["what", "median", "noise", "from", "to", "runs"], rows);
}

function loadBars(report: BenchReport): Bar[] {
  return barsOf(report, /^load (\S+) rows$/, new Set(["seed-bulk", "contacts"]));
}

function generateBars(report: BenchReport): Bar[] {
  return barsOf(report, /^generate (\S+) bytes$/, new Set(["all"]));
}

/** Bars of the metrics whose names fit, the longest first. */
function barsOf({ metrics }: BenchReport, pattern: RegExp, own: ReadonlySet<string>): Bar[] {
  const bars = metrics.flatMap(({ name, unit, summary }): Bar[] => {
    const label = pattern.exec(name)?.[1];
    if (label === undefined) return [];
    const text = `${formatFigure(summary.median, unit)} ${formatNoise(summary.noise)}`;
    return [{ name: label, value: summary.median, noise: summary.noise, text, own: own.has(label) }];
  });
  return bars.sort((a, b) => b.value - a.value);
}

function plotOf({ series }: BenchReport, plot: Series["plot"]): string {
  const lines = series.filter((each) => each.plot === plot);
  const { x, y } = PLOTS[plot];
  return lines.length === 0 ? "" : linePlot({ xLabel: x, yLabel: y, lines });
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const head = headings.map((heading) => `<th>${escapeHtml(heading)}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`).join("");
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join("")}</ul>`;
}
