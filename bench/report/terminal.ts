import { layOutFacts } from "../../src/cli/screen/facts.js";
import { formatBytes, formatSeconds } from "../../src/cli/screen/format.js";
import { createPaint, type Paint } from "../../src/cli/screen/style.js";
import { layOutTable, paintHeading, type TableColumn } from "../../src/cli/screen/table.js";
import { plural } from "../../src/core/thousands.js";
import type { Comparison } from "../comparison.js";
import { formatFigure, formatLimit, formatNoise } from "./figures.js";
import type { BenchReport } from "./report.js";

/** How a report is to look. */
export interface Look {
  /** Cells a line at most. */
  readonly columns: number;
  readonly color: boolean;
}

const METRIC_COLUMNS: readonly TableColumn[] = [
  { heading: "measured", align: "left" },
  { heading: "median", align: "right" },
  { heading: "noise", align: "right" },
  { heading: "from", align: "right", dropOrder: 1 },
  { heading: "to", align: "right", dropOrder: 1 },
];

const BAR_COLUMNS: readonly TableColumn[] = [
  { heading: "the bar", align: "left" },
  { heading: "is", align: "right" },
  { heading: "noise", align: "right", dropOrder: 1 },
  { heading: "limit", align: "right" },
  { heading: "", align: "left" },
];

const CHANGE_COLUMNS: readonly TableColumn[] = [
  { heading: "beside the baseline", align: "left" },
  { heading: "ratio", align: "right" },
  { heading: "noise", align: "right" },
  { heading: "", align: "left" },
];

/** Tells a report in lines without a newline at the end. */
export function formatReport(report: BenchReport, { columns, color }: Look): string {
  const paint = createPaint(color);
  const sections = report.scopes.flatMap((scope) => {
    const rows = report.metrics
      .filter((metric) => metric.scope === scope)
      .map(({ name, unit, summary }) => [
        name.slice(scope.length + 1),
        formatFigure(summary.median, unit),
        formatNoise(summary.noise),
        formatFigure(summary.min, unit),
        formatFigure(summary.max, unit),
      ]);
    if (rows.length === 0) return [];
    return [paint.bold(scope), ...paintHeading(layOutTable({ columns: METRIC_COLUMNS, rows }, columns), paint), ""];
  });
  return [...sections, ...bar(report, columns, paint), ...layOutFacts(facts(report), { columns, paint })].join("\n");
}

/** Tells how a report stands beside an earlier one. */
export function formatComparison({ changes, missing, differences }: Comparison, { columns, color }: Look): string {
  const paint = createPaint(color);
  const rows = changes
    .filter(({ verdict, fails }) => verdict !== "within noise" || fails)
    .map(({ name, ratio, verdict, fails }) => [
      name,
      formatFigure(ratio.value, "ratio"),
      formatNoise(ratio.noise),
      fails ? `${verdict}, below the limit` : verdict,
    ]);
  const quiet = changes.length - rows.length;
  const facts = [
    { label: "within noise", lines: [`${quiet} of ${changes.length} figures`] },
    ...(missing.length > 0 ? [{ label: "no longer", lines: missing }] : []),
    ...(differences.length > 0 ? [{ label: "not alike", lines: differences }] : []),
  ];
  const table = rows.length > 0 ? paintHeading(layOutTable({ columns: CHANGE_COLUMNS, rows }, columns), paint) : [];
  return [...table, ...layOutFacts(facts, { columns, paint })].join("\n");
}

function bar({ bar: lines }: BenchReport, columns: number, paint: Paint): string[] {
  if (lines.length === 0) return [];
  const rows = lines.map((line) => [
    line.claim,
    formatFigure(line.value, line.unit),
    formatNoise(line.noise),
    formatLimit(line),
    line.verdict,
  ]);
  return [...paintHeading(layOutTable({ columns: BAR_COLUMNS, rows }, columns), paint), ""];
}

function facts(report: BenchReport) {
  const { machine, postgres, commit, validation, absences, notes } = report;
  const memory = formatBytes(machine.memoryBytes);
  return [
    {
      label: "scenario",
      lines: [
        `${report.scenario}, scale ${report.scale}, ${plural(report.rows, "row")}; ${plural(report.workers, "worker")}, ${plural(report.runs, "run")} in turns`,
      ],
    },
    { label: "machine", lines: [`${machine.cpu}, ${machine.cores} cores, ${memory}, ${machine.system}`] },
    {
      label: "versions",
      lines: [
        `seed-bulk ${report.version}${commit ? ` (${commit.hash.slice(0, 12)}${commit.dirty ? ", changed" : ""})` : ""}, ` +
          `Node ${machine.node}${postgres ? `, Postgres ${postgres.version}${postgres.embedded ? " (embedded)" : ""}` : ""}`,
      ],
    },
    ...(validation
      ? [
          {
            label: "verified",
            lines: [validation.ok ? `${validation.checks} checks, all hold` : validation.failed.join("; ")],
          },
        ]
      : []),
    ...(absences.length > 0
      ? [{ label: "not there", lines: absences.map(({ name, reason }) => `${name}: ${reason}`) }]
      : []),
    ...(notes.length > 0 ? [{ label: "notes", lines: notes }] : []),
    { label: "took", lines: [formatSeconds(report.seconds)] },
  ];
}
