import { previewRows } from "../../src/engine/inspect/preview.js";
import { storedColumns } from "../../src/model/entity.js";
import type { Universe } from "../../src/model/universe.js";

/** Rows of a table that are looked at: so many stretches of so many, from all over it. */
const STRETCHES = 16;
const STRETCH_ROWS = 128;

const EXAMPLES = 10;
const VALUE_LENGTH_MAX = 42;

/** A column with more different values than this is no list of words. */
const LABELS_MAX = 12;

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const WEEKDAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");

interface Looked {
  readonly columns: string[];
  readonly rows: (string | null)[][];
}

/**
 * What the tables of a universe look like: ten rows each from all over the table, how values are distributed, and when
 * things happen. Of a part of the rows, to the percent.
 */
export function looksOf(universe: Universe): string {
  const tables = universe.entities.filter(({ name }) => universe.rowCount(name) > 0);
  return tables.map(({ name }) => tableLooks(universe, name)).join("\n");
}

function tableLooks(universe: Universe, entity: string): string {
  const total = universe.rowCount(entity);
  const looked = lookedAt(universe, entity, total);
  const types = new Map(storedColumns(universe.entity(entity)).map(([name, { type }]) => [name, type.name]));
  const lines = looked.columns.flatMap((name, at) => {
    const values = looked.rows.map((row) => row[at]);
    const said = distribution(types.get(name)!, values);
    return said === undefined ? [] : [`- ${name}: ${said}`];
  });
  const step = looked.rows.length / EXAMPLES;
  const examples = Array.from({ length: Math.min(EXAMPLES, looked.rows.length) }, (_, at) =>
    looked.rows[Math.floor(at * Math.max(1, step))].map((value) => shortened(value)).join(" | "),
  );
  return [
    `## ${entity}`,
    "",
    `${total.toLocaleString("en")} rows.`,
    "",
    "```text",
    looked.columns.join(" | "),
    ...examples,
    "```",
    "",
    ...lines,
    "",
  ].join("\n");
}

function lookedAt(universe: Universe, entity: string, total: number): Looked {
  if (total <= STRETCHES * STRETCH_ROWS) {
    const parts = Array.from({ length: Math.ceil(total / STRETCH_ROWS) }, (_, at) =>
      previewRows(universe, entity, at * STRETCH_ROWS, Math.min(STRETCH_ROWS, total - at * STRETCH_ROWS)),
    );
    return { columns: parts[0].columns, rows: parts.flatMap(({ rows }) => rows) };
  }
  const parts = Array.from({ length: STRETCHES }, (_, at) =>
    previewRows(universe, entity, Math.floor((at * (total - STRETCH_ROWS)) / (STRETCHES - 1)), STRETCH_ROWS),
  );
  return { columns: parts[0].columns, rows: parts.flatMap(({ rows }) => rows) };
}

function shortened(value: string | null): string {
  if (value === null) return "-";
  const line = value.replaceAll("\n", " ");
  return line.length > VALUE_LENGTH_MAX ? `${line.slice(0, VALUE_LENGTH_MAX - 1)}…` : line;
}

function distribution(type: string, values: readonly (string | null)[]): string | undefined {
  const present = values.filter((value) => value !== null);
  const absent = percent(values.length - present.length, values.length);
  const missing = present.length === values.length ? "" : `; ${absent} NULL`;
  if (present.length === 0) return "all NULL";
  if (type === "timestamptz" || type === "timestamp") return `${calendar(present)}${missing}`;
  const counts = new Map<string, number>();
  for (const value of present) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size === present.length && present.length > 1) return missing === "" ? undefined : missing.slice(2);
  if (counts.size <= LABELS_MAX) {
    const shares = [...counts.entries()].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return `${shares.map(([label, count]) => `${shortened(label)} ${percent(count, present.length)}`).join(", ")}${missing}`;
  }
  if (/^(int|float|numeric)/.test(type) && counts.size < present.length) {
    const sorted = present.map(Number).toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    return `5% below ${at(0.05)}, half below ${at(0.5)}, 5% above ${at(0.95)}, most ${sorted.at(-1)}${missing}`;
  }
  const [most, count] = [...counts.entries()].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
  if (counts.size < 0.9 * present.length) {
    return `${counts.size.toLocaleString("en")} different, most often ${shortened(most)} (${percent(count, present.length)})${missing}`;
  }
  return undefined;
}

/** By UTC. */
function calendar(moments: readonly string[]): string {
  const dates = moments.map((text) => new Date(`${text.replace(" ", "T").slice(0, 23)}Z`));
  const shares = (labels: readonly string[], of: (date: Date) => number): string => {
    const counts = labels.map(() => 0);
    for (const date of dates) counts[of(date)]++;
    return labels.map((label, at) => `${label} ${percent(counts[at], dates.length)}`).join(" ");
  };
  const sorted = moments.toSorted();
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour));
  return [
    `${sorted[0].slice(0, 10)} to ${sorted.at(-1)!.slice(0, 10)}`,
    shares(MONTHS, (date) => date.getUTCMonth()),
    shares(WEEKDAYS, (date) => date.getUTCDay()),
    `hours ${shares(hours, (date) => date.getUTCHours())}`,
  ].join("; ");
}

function percent(count: number, total: number): string {
  const share = (100 * count) / total;
  return share > 0 && share < 0.5 ? "<1%" : `${Math.round(share)}%`;
}
