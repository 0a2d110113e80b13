import { plural } from "../../core/thousands.js";
import { CHECK_KINDS } from "../../verify/check-kinds.js";
import type { CheckResult, VerificationReport } from "../../verify/result.js";
import { formatCount, formatSeconds } from "./format.js";
import { formatRows } from "./rows.js";
import { createPaint, type Paint } from "./style.js";
import { layOutTable, paintTotalled } from "./table.js";
import { escapeControls, padRight, wrapWords } from "./text.js";

export interface VerificationOptions {
  /** Cells a line at most; only words that are longer stay whole. */
  readonly columns: number;
  readonly color: boolean;
}

/** Before the lines that belong to the line above them. */
const INDENT = "  ";

/** Tells what checks found, failed ones first, in lines without a newline at the end. */
export function formatVerification(report: VerificationReport, { columns, color }: VerificationOptions): string {
  const paint = createPaint(color);
  const failed = report.checks.filter(({ ok }) => !ok);
  return [
    ...wrapWords(headline(report, failed.length), columns).map(report.ok ? paint.green : paint.bold),
    ...failed.flatMap((check) => ["", ...failedCheck(check, columns, paint)]),
    "",
    ...kindTable(report, columns, paint),
    ...queryLines(report, columns),
    ...report.plans.flatMap(({ name, plan }) => ["", paint.bold(escapeControls(name)), ...plan.map(escapeControls)]),
  ].join("\n");
}

function headline(report: VerificationReport, failed: number): string {
  const { checks, rowsChecked, seconds, scenario, model } = report;
  const what = `${scenario} (${model}), ${plural(rowsChecked, "row")} in ${formatSeconds(seconds)}`;
  if (failed > 0) return `${formatCount(failed)} of ${plural(checks.length, "check")} failed: ${what}`;
  return `All ${plural(checks.length, "check")} passed: ${what}`;
}

function failedCheck(check: CheckResult, columns: number, paint: Paint): string[] {
  const { name, expected, found, rowsChecked, offending } = check;
  const scope = rowsChecked > 0 ? ` (${plural(rowsChecked, "row")} looked at)` : "";
  return [
    ...wrapWords(`FAILED ${escapeControls(name)}`, columns).map(paint.bold),
    ...labelled("expected", expected, columns),
    ...labelled("found", found + scope, columns),
    ...offendingLines(offending, columns, paint),
  ];
}

function labelled(label: string, text: string, columns: number): string[] {
  const width = "expected".length + INDENT.length;
  return wrapWords(escapeControls(text), Math.max(1, columns - width - INDENT.length)).map(
    (line, at) => INDENT + padRight(at === 0 ? label : "", width) + line,
  );
}

function offendingLines(offending: CheckResult["offending"], columns: number, paint: Paint): string[] {
  if (offending.length === 0) return [];
  const names = [...new Set(offending.flatMap((row) => Object.keys(row)))];
  const rows = offending.map((row) => names.map((name) => row[name] ?? null));
  const table = formatRows({ columns: names, rows }, { columns: columns - INDENT.length, color: false });
  return table.split("\n").map((line, at) => INDENT + (at === 0 ? paint.dim(line) : line));
}

function kindTable({ checks, seconds }: VerificationReport, columns: number, paint: Paint): string[] {
  const kinds = [...new Set([...Object.keys(CHECK_KINDS), ...checks.map(({ kind }) => kind)])];
  const rows = kinds.flatMap((kind) => {
    const ofKind = checks.filter((check) => check.kind === kind);
    return ofKind.length === 0
      ? []
      : [row(CHECK_KINDS[kind] ?? kind, ofKind, sum(ofKind.map((check) => check.seconds)))];
  });
  const table = {
    columns: [
      { heading: "checks of", align: "left" as const },
      { heading: "made", align: "right" as const },
      { heading: "failed", align: "right" as const },
      { heading: "seconds", align: "right" as const, dropOrder: 1 },
    ],
    rows: [...rows, row("total, side by side", checks, seconds)],
  };
  return paintTotalled(layOutTable(table, columns), paint);
}

function row(label: string, checks: readonly CheckResult[], seconds: number): string[] {
  const failed = checks.filter(({ ok }) => !ok).length;
  return [escapeControls(label), formatCount(checks.length), formatCount(failed), seconds.toFixed(2)];
}

function queryLines({ checks }: VerificationReport, columns: number): string[] {
  const queries = checks.filter(({ kind, ok }) => kind === "query" && ok);
  if (queries.length === 0) return [];
  const lines = queries.map(({ name, found, expected }) => `${name.replace(/^query: /, "")}: ${found}; ${expected}`);
  return ["", ...lines.flatMap((line) => wrapWords(escapeControls(line), columns))];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
