import { WINDOW } from "./columns.js";
import { type DraftColumn, type DraftTable, hiddenColumn } from "./draft.js";
import { fewValues, isMember, isPlain, tellsApart } from "./keys.js";

/** Stretches that do not meet, of which each row of a group has another one. */
const TILES_OF_GROUP = 8760;
const TILES_ALONE = 1_000_000;
/** Of weeks: with more, dates would be centuries away. */
const WEEKS_MAX = 5000;
/** Where they stand in the file one by one. */
const TILES_WRITTEN = 104;

/** One part of an exclusion constraint: a column or an expression, and the operator by which no two rows may agree. */
interface Part {
  readonly expression: string;
  readonly operator: string;
}

/** `EXCLUDE USING gist (room WITH =, tstzrange(a, b) WITH &&)`: its parts. */
function partsOf(definition: string): Part[] {
  const begin = definition.indexOf("(");
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  let isQuoted = false;
  for (const letter of definition.slice(begin + 1)) {
    if (letter === "'") isQuoted = !isQuoted;
    if (letter === ")" && depth === 0 && !isQuoted) break;
    if (letter === "(" && !isQuoted) depth++;
    if (letter === ")" && !isQuoted) depth--;
    if (letter === "," && depth === 0 && !isQuoted) {
      parts.push(part);
      part = "";
    } else part += letter;
  }
  return [...parts, part].map((text) => {
    const at = text.lastIndexOf(" WITH ");
    return { expression: text.slice(0, at).trim(), operator: text.slice(at + 6).trim() };
  });
}

/** Has the rows of a table, or of each of its groups, have stretches of time or numbers that do not meet. */
export function meetExclusions(table: DraftTable): void {
  for (const { definition } of table.catalog.exclusions) {
    const parts = partsOf(definition);
    const overlapping = parts.filter(({ operator }) => /^(OPERATOR\(pg_catalog\.)?&&\)?$/.test(operator));
    const equal = parts.filter(({ operator }) => /^(OPERATOR\(pg_catalog\.)?=\)?$/.test(operator));
    if (overlapping.length !== 1 || overlapping.length + equal.length !== parts.length) continue;
    const groups = equal.map(({ expression }) => unquoted(expression));
    if (groups.some((name) => table.columns.get(name)?.isUnique)) continue;
    const members = [...new Set(groups.flatMap((name) => groupMember(table, name) ?? []))];
    const tile = tiled(table, overlapping[0].expression, members.length > 0 ? TILES_OF_GROUP : TILES_ALONE);
    if (tile !== undefined) table.combinations.push([...members, tile]);
  }
}

function unquoted(name: string): string {
  return /^".*"$/.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** What of a group's column a combination may have: the link that it is read through, or the column where it has few values. */
function groupMember(table: DraftTable, name: string): string | undefined {
  const link = table.covered.get(name)?.link;
  if (link !== undefined) {
    const isFree = isPlain(table, link.name) && tellsApart(table, link.name, [name]) && !isMember(table, link.name);
    return isFree ? link.name : undefined;
  }
  const column = table.columns.get(name);
  const declared = column === undefined || column.isSettled || isMember(table, name) ? undefined : fewValues(column);
  if (declared === undefined) return undefined;
  column!.declared = declared;
  column!.isSettled = true;
  return name;
}

/** Fills what must not meet by numbered stretches; the column that says which one a row has. */
function tiled(table: DraftTable, expression: string, count: number): string | undefined {
  const column = table.columns.get(unquoted(expression));
  if (column !== undefined) return writtenTiles(table, column);
  const call = /^(ts|tstz|date|int4|int8|num)range\(([^,()]+),\s*([^,()]+?)(?:,\s*'[[(][\])]'(?:::text)?)?\)$/.exec(
    expression,
  );
  const [from, to] = [call?.[2], call?.[3]].map((name) => table.columns.get(unquoted(name?.trim() ?? "")));
  if (from === undefined || to === undefined || !isFree(table, from) || !isFree(table, to)) return undefined;
  return tilesBetween(table, { from, to }, count);
}

function isFree(table: DraftTable, { isSettled, facts, catalog }: DraftColumn): boolean {
  return !isSettled && facts === undefined && !table.covered.has(catalog.name) && /^[A-Za-z_]\w*$/.test(catalog.name);
}

/** A stretch from one column to another: two hours, a week or ten numbers, of which a part is taken. */
function tilesBetween(
  table: DraftTable,
  { from, to }: { readonly from: DraftColumn; readonly to: DraftColumn },
  count: number,
): string | undefined {
  const { family } = from.type;
  if (to.type.family !== family) return undefined;
  const tile = hiddenColumn(table, "_tile", {
    integer: [0, (family === "date" ? Math.min(count, WEEKS_MAX) : count) - 1],
    type: "int8",
  });
  const length = (most: number): string => hiddenColumn(table, "_part", { integer: [1, most] });
  const own = from.catalog.name;
  const made =
    family === "moment"
      ? [`window.from + interval '2 hours' * ${tile}`, `${own} + interval '1 minute' * ${length(110)}`]
      : family === "date"
        ? [`date(window.from + interval '7 days' * ${tile})`, `${own} + ${length(6)}`]
        : family === "whole" || family === "decimal"
          ? [`${tile} * 10`, `${own} + ${length(9)}`]
          : undefined;
  if (made === undefined) return undefined;
  for (const [at, column] of [from, to].entries()) {
    column.declared = { expr: made[at], type: column.type.type };
    column.why = "no two rows meet";
    column.isSettled = true;
  }
  to.follows = own;
  return tile;
}

const DAY_MS = 86_400_000;

/** Ranges are written out one by one. */
function writtenTiles(table: DraftTable, column: DraftColumn): string | undefined {
  const { isSettled, catalog, type } = column;
  if (isSettled || isMember(table, catalog.name)) return undefined;
  const week = (at: number): string => new Date(Date.parse(WINDOW.from) + at * 7 * DAY_MS).toISOString().slice(0, 10);
  const bounds = /^(ts|tstz|date)range$/.test(catalog.base)
    ? week
    : /^(int4|int8|num)range$/.test(catalog.base)
      ? (at: number): string => String(at * 10)
      : undefined;
  if (bounds === undefined) return undefined;
  const choice = Array.from({ length: TILES_WRITTEN }, (_, at) => `[${bounds(at)},${bounds(at + 1)})`);
  column.declared = { choice, type: type.type };
  column.why = "no two rows meet";
  column.isSettled = true;
  return catalog.name;
}
