import type { Estimate } from "../../engine/estimate.js";
import type { Plan, PlannedEntity } from "../../model/plan.js";
import { layOutFacts } from "./facts.js";
import { formatBytes, formatCount, formatTimeLeft } from "./format.js";
import { createPaint } from "./style.js";
import { layOutTable, paintTotalled, type TableColumn } from "./table.js";
import { escapeControls, wrapWords } from "./text.js";

export interface PlanOptions {
  /** Cells a line at most. */
  readonly columns: number;
  readonly estimate: Estimate;
  readonly color: boolean;
  /** Whether to tell into how many parts each table is made. */
  readonly isVerbose?: boolean;
}

/** From here on a line has room for all 64 digits of the hash. */
const WHOLE_HASH_COLUMNS = 78;

const COLUMNS: readonly TableColumn[] = [
  { heading: "table", align: "left" },
  { heading: "rows", align: "right" },
  { heading: "IDs", align: "right", dropOrder: 2 },
  { heading: "size", align: "right", dropOrder: 3 },
  { heading: "shards", align: "right", dropOrder: 1 },
];

/** Tells what a plan would make, in lines without a newline at the end. */
export function formatPlan(plan: Plan, { columns, estimate, color, isVerbose = false }: PlanOptions): string {
  const paint = createPaint(color);
  const { name, model, seed, scale, window, description, schema } = plan.scenario;
  const total = ["total", formatCount(plan.rows), "", formatBytes(plan.bytesEstimated), formatCount(plan.shardCount)];
  const told = isVerbose ? COLUMNS.length : COLUMNS.length - 1;
  const rows = [...plan.entities.map(row), total].map((cells) => cells.slice(0, told));
  const table = { columns: COLUMNS.slice(0, told), rows };
  const facts = [
    { label: "time", lines: [timeOf(plan, estimate)] },
    { label: "size", lines: [`about ${formatBytes(plan.bytesEstimated)} of binary COPY, without indexes`] },
    { label: "plan", lines: [`sha256 ${columns < WHOLE_HASH_COLUMNS ? plan.hash.slice(0, 16) : plan.hash}`] },
  ];
  const about = [
    `${name}: model ${model}, schema ${schema}, seed ${seed}, scale ${scale}, ${showInstant(window.from)} to ${showInstant(window.to)}`,
    ...(description === "" ? [] : [description]),
  ];
  return [
    ...about.flatMap((line) => wrapWords(escapeControls(line), columns)),
    "",
    ...paintTotalled(layOutTable(table, columns), paint),
    "",
    ...layOutFacts(facts, { columns, paint }),
    ...plan.notes.flatMap((note) => wrapWords(escapeControls(`Note: ${note}`), columns)),
  ].join("\n");
}

/** How long it takes, and how that is known. */
function timeOf({ rows }: Plan, { seconds, from }: Estimate): string {
  const about = `about ${formatTimeLeft(Math.max(1, seconds))}`;
  if (from === "request") return `${about} at ${formatCount(rows / seconds)} rows/s`;
  const as = from === "last load" ? "as this machine loaded last" : "on two cores that Postgres shares";
  return `${about} with keys, indexes and checks, ${as}`;
}

function row({ entity, rows, idStart, idEnd, shardCount, bytesEstimated }: PlannedEntity): string[] {
  // Shown as people count, both ends included.
  const ids = rows === 0 ? "-" : `${formatCount(idStart)}-${formatCount(idEnd - 1)}`;
  return [escapeControls(entity), formatCount(rows), ids, formatBytes(bytesEstimated), formatCount(shardCount)];
}

/** Midnights go without their time of day. */
function showInstant(instant: string): string {
  return instant.replace(/T00:00:00(\.0+)?Z$/, "");
}
