import { plural } from "../../core/thousands.js";
import type { LatencySummary } from "../../engine/run/latencies.js";
import type { RunReport } from "../../engine/run/report.js";
import { type Fact, layOutFacts, NO_BREAK } from "./facts.js";
import { formatByteRate, formatBytes, formatCount, formatMs, formatSeconds } from "./format.js";
import { createPaint, type Paint } from "./style.js";
import { layOutTable, paintHeading, paintTotalled, type Table, type TableColumn, tableWidth } from "./table.js";
import { escapeControls, padRight, textWidth, wrapWords } from "./text.js";

/** As much of the plan's hash as tells two plans apart. */
const HASH_DIGITS = 16;

export interface SummaryOptions {
  /** Cells a line at most; only what is to be copied whole may be longer: URLs, run IDs, digests, `lookAt`. */
  readonly columns: number;
  readonly color: boolean;
  /** Commands that show the data, a line each; printed as they are, to be copied. */
  readonly lookAt?: readonly string[];
  /** How long the checks took that followed; undefined where none were made. */
  readonly checkSeconds?: number | undefined;
  /** Whether to tell of latencies and memory too. */
  readonly isVerbose?: boolean;
}

type ReportedEntity = RunReport["entities"][number];

/** Tells what a run did, in lines without a newline at the end. */
export function formatSummary(report: RunReport, options: SummaryOptions): string {
  const { columns, color, lookAt = [], isVerbose = false } = options;
  const paint = createPaint(color);
  const hasDigests = report.entities.some(({ digest }) => digest !== undefined);
  return [
    ...wrapWords(headline(report, options.checkSeconds), columns).map(paint.bold),
    "",
    ...(hasDigests ? digestTable(report, columns, paint) : timeTable(report, columns, paint)),
    "",
    ...layOutFacts(facts(report, isVerbose), { columns, paint }),
    ...(lookAt.length > 0 ? ["", paint.bold("To look at the data:"), ...lookAt.map((line) => `  ${line}`)] : []),
  ].join("\n");
}

/** The whole time first, which is what one waits for; then the rows' own, by which loads are compared. */
function headline(report: RunReport, checkSeconds: number | undefined): string {
  const { sink, rows, bytes, rowsPerSecond } = report;
  const seconds = loadSeconds(report);
  const what = `${plural(rows, "row")} (${formatBytes(bytes)}) in`;
  const rates = `${formatSeconds(seconds)}: ${formatCount(rowsPerSecond)} rows/s, ${formatByteRate(bytes / seconds)}`;
  if (sink !== "postgres") return `Made ${what} ${rates}`;
  const whole = formatSeconds(report.seconds + (checkSeconds ?? 0));
  const and = checkSeconds === undefined ? "keys and indexes" : "keys, indexes and checks";
  return `Loaded ${what} ${whole} with ${and}; the rows alone in ${rates}`;
}

function loadSeconds({ phases, rows, rowsPerSecond }: RunReport): number {
  const { load } = phases;
  return load ?? rows / rowsPerSecond;
}

const ENTITY: TableColumn = { heading: "table", align: "left" };
const ROWS: TableColumn = { heading: "rows", align: "right" };
const SIZE: TableColumn = { heading: "size", align: "right", dropOrder: 2 };
const SECONDS: TableColumn = { heading: "seconds", align: "right", dropOrder: 3 };
const RATE: TableColumn = { heading: "rows/s", align: "right", dropOrder: 1 };
const DIGEST: TableColumn = { heading: "sha256", align: "left" };

function timeTable(report: RunReport, width: number, paint: Paint): string[] {
  const row = (entity: Omit<ReportedEntity, "table">): string[] => [
    escapeControls(entity.entity),
    formatCount(entity.rows),
    formatBytes(entity.bytes),
    entity.seconds.toFixed(2),
    formatCount(entity.rows / entity.seconds),
  ];
  const { rows, bytes } = report;
  const table = {
    columns: [ENTITY, ROWS, SIZE, SECONDS, RATE],
    rows: [...report.entities.map(row), row({ entity: "total", rows, bytes, seconds: loadSeconds(report) })],
  };
  return paintTotalled(layOutTable(table, width), paint);
}

/** A digest is of use only whole: what does not fit beside it is left out, or goes on a line of its own. */
function digestTable(report: RunReport, width: number, paint: Paint): string[] {
  const table = (columns: readonly TableColumn[]): Table => ({
    columns,
    rows: report.entities.map((entity) => {
      const cells = new Map([
        [ENTITY, escapeControls(entity.entity)],
        [ROWS, formatCount(entity.rows)],
        [SIZE, formatBytes(entity.bytes)],
        [DIGEST, entity.digest ?? "-"],
      ]);
      return columns.map((column) => cells.get(column) ?? "");
    }),
  });
  const candidates = [table([ENTITY, ROWS, SIZE, DIGEST]), table([ENTITY, ROWS, DIGEST]), table([ENTITY, DIGEST])];
  const fitting = candidates.find((candidate) => tableWidth(candidate) <= width);
  if (fitting) return paintHeading(layOutTable(fitting, width), paint);
  const [heading, ...lines] = paintHeading(layOutTable(table([ENTITY, ROWS, SIZE]), width), paint);
  return [heading, ...lines.flatMap((line, i) => [line, `  ${report.entities[i].digest ?? "-"}`])];
}

function facts(report: RunReport, isVerbose: boolean): Fact[] {
  const { phases, latencies, scenario, model, planHash, seed, scale } = report;
  const times = Object.entries(phases).map(([phase, seconds]) => `${phase} ${formatSeconds(seconds)}`);
  return [
    { label: "phases", lines: [...wholeItems(times), `${formatSeconds(report.seconds)} in all`] },
    ...(report.retries > 0 ? [{ label: "retries", lines: [`${plural(report.retries, "part")} of the load`] }] : []),
    ...(isVerbose
      ? [{ label: "latencies", lines: latencyLines({ chunk: latencies.chunkMs, shard: latencies.shardMs }) }]
      : []),
    { label: "memory", lines: [`${formatBytes(report.peakMemoryBytes)} at the most`] },
    { label: "plan", lines: [`${scenario} (${model}), sha256 ${planHash.slice(0, HASH_DIGITS)}`] },
    { label: "run", lines: [`${report.runId}`, `seed ${seed}, scale ${scale}, ${plural(report.workers, "worker")}`] },
    { label: "data", lines: dataLines(report) },
  ].map(({ label, lines }) => ({ label, lines: lines.map(escapeControls) }));
}

/** One line, in which only the space after an item may be broken. */
function wholeItems(items: readonly string[]): string[] {
  return items.length === 0 ? [] : [items.map((item) => item.replaceAll(" ", NO_BREAK)).join(", ")];
}

function latencyLines(latencies: Readonly<Record<string, LatencySummary>>): string[] {
  const rows = Object.entries(latencies).map(([name, { count, p50, p99, max }]) =>
    count === 0
      ? [name, "-", "-", "-"]
      : [name, `p50 ${formatMs(p50)}`, `p99 ${formatMs(p99)}`, `max ${formatMs(max)}`],
  );
  const widths = rows[0].map((_, i) => Math.max(...rows.map((cells) => textWidth(cells[i]))));
  return rows.map((cells) =>
    cells
      .map((cell, i) => padRight(cell, widths[i]))
      .join("  ")
      .trimEnd(),
  );
}

function dataLines({ database, schema, sink }: RunReport): string[] {
  if (database !== null) return [database, `schema ${schema}`];
  return [sink === "digest" ? "hashed, then thrown away (sink digest)" : "thrown away (sink discard)"];
}
