import { powerOf10 } from "../../core/sql-type.js";
import { quoteLiteral } from "../../postgres/identifiers.js";
import { asMapping, ruleContext, withoutNulls } from "../columns.js";
import { NOTHING } from "../cover.js";
import { type DraftColumn, type DraftLink, type DraftTable, hiddenColumn } from "../draft.js";
import type { Comparison } from "./condition.js";
import { apartLinks } from "./solve.js";

/** Has columns that conditions compare follow one another; once keys have settled what must differ. */
export function meetOrder(table: DraftTable): void {
  for (const { left, op, right } of table.order) {
    const isTurned = op === ">" || op === ">=";
    const [low, high] = isTurned ? [right, left] : [left, right];
    const links = apartLinks(table, { kind: "columns", left: low, op, right: high });
    if (links !== undefined) setApart(table, links, { column: table.covered.get(low)!.column, op });
    else if (op === "<>") differ(table, left, right);
    else if (op === "=") copyOf(table, left, right);
    else inOrder(table, low, high, op.length === 1);
  }
}

/** Has links lead to two different rows, or the first to one before that of the second. */
function setApart(
  { combinations }: DraftTable,
  [a, b]: readonly [DraftLink, DraftLink],
  { column, op }: { readonly column: string; readonly op: Comparison["op"] },
): void {
  const groupOf = ({ name }: DraftLink): number => combinations.findIndex((members) => members.includes(name));
  const [groupA, groupB] = [groupOf(a), groupOf(b)];
  if (op === "<>") {
    // One that is of a combination alone is as that says.
    const [one, other] = groupB < 0 ? [b, a] : [a, b];
    if (groupA === groupB || groupOf(one) < 0) one.declared = { ...withoutSkip(one), not: other.name };
    return;
  }
  const { declared } = a.target.columns.get(column)!;
  const isCounted = typeof declared === "object" && "id" in declared;
  if (op === "=" || !isCounted || groupA !== groupB) return;
  a.declared = { ...withoutSkip(a), below: b.name };
  if (groupB < 0) b.declared = { ...b.declared, skip: Math.max(1, Number(b.declared["skip"] ?? 0)) };
}

function withoutSkip({ declared }: DraftLink): Record<string, unknown> {
  const { skip: _skip, ...rest } = declared;
  return rest;
}

/** Has two columns' values differ in each row. */
function differ(table: DraftTable, left: string, right: string): void {
  const [a, b] = [table.columns.get(left), table.columns.get(right)];
  if (a === undefined || b === undefined || a.type.family !== b.type.family) return;
  const [of, to] = b.isSettled || b.isUnique ? [b, a] : [a, b];
  if (to.isSettled || to.isUnique || dependsOn(table, of.catalog.name, to.catalog.name)) return;
  const values = twoValues(to);
  if (values === undefined) return;
  const own = hiddenColumn(table, "_own", asMapping(withoutNulls(to.declared)));
  const other = calledIn(table, of.catalog.name);
  const [first, second] = values;
  const expr = `case when ${own} <> ${other} then ${own} when ${other} = ${first} then ${second} else ${first} end`;
  to.declared = { expr, ...(to.type.type !== "text" && { type: to.type.type }), ...absencesOf(to) };
  to.why = `not ${of.catalog.name}`;
  to.follows = of.catalog.name;
  to.isSettled = true;
}

/** Two values that a column may have, as an expression writes them. */
function twoValues({ declared, type }: DraftColumn): readonly [string, string] | undefined {
  const { choice, integer, pattern, text, word } = declared as {
    readonly choice?: readonly string[] | Readonly<Record<string, number>>;
    readonly integer?: readonly [number, number];
    readonly pattern?: string;
    readonly text?: string;
    readonly word?: string;
  };
  const isText = type.family === "text" || type.family === "fixed";
  if (choice !== undefined && isText) {
    const labels = Array.isArray(choice) ? choice : Object.keys(choice);
    return labels.length < 2 ? undefined : [quoteLiteral(labels[0]), quoteLiteral(labels[1])];
  }
  if (integer !== undefined) return integer[1] > integer[0] ? [`${integer[0]}`, `${integer[0] + 1}`] : undefined;
  if (pattern !== undefined && isText)
    return ["A", "B"].map((letter) => quoteLiteral(pattern.replaceAll("?", letter).replaceAll("#", "1"))) as [
      string,
      string,
    ];
  return (text !== undefined || word !== undefined) && isText ? ["'one'", "'other'"] : undefined;
}

function copyOf(table: DraftTable, left: string, right: string): void {
  const [a, b] = [table.columns.get(left), table.columns.get(right)];
  if (a === undefined || b === undefined) return;
  const [from, to] = b.isSettled ? [b, a] : [a, b];
  if (to.isSettled) return;
  to.declared = { copy: from.catalog.name };
  to.isSettled = true;
}

/** Has one column be at least another, or more. */
function inOrder(table: DraftTable, low: string, high: string, isStrict: boolean): void {
  const [a, b] = [table.columns.get(low), table.columns.get(high)];
  if (a === undefined || b === undefined || a === b) return;
  // Nothing is below nothing.
  if (a.declared === NOTHING || b.declared === NOTHING) return;
  if (b.isSettled && !a.isSettled) before(table, a, b);
  else if (b.isSettled) shift(table, a, b);
  if (b.isSettled || dependsOn(table, low, high)) return;
  if (b.catalog.notNull && isSometimesThere(a)) {
    const areNumbers = NUMBERS.has(a.type.family) && NUMBERS.has(b.type.family);
    if (areNumbers && !b.isUnique) atLeast(table, a, b, isStrict);
    return;
  }
  const context = ruleContext(table, b);
  const thinned = absencesOf(b);
  if (b.catalog.notNull) a.declared = withoutNulls(a.declared);
  const from = calledIn(table, low);
  const { family, type } = b.type;
  switch (family) {
    case "moment": {
      const hours = context.hidden("_hours", { integer: [1, 720] });
      if (a.type.family !== "moment") return;
      b.declared = { expr: `${from} + interval '1 hour' * ${hours}`, type, ...thinned };
      break;
    }
    case "date": {
      const days = context.hidden("_days", { integer: [1, 60] });
      if (a.type.family !== "date" && a.type.family !== "moment") return;
      b.declared = { expr: `${a.type.family === "date" ? from : `date(${from})`} + ${days}`, type, ...thinned };
      break;
    }
    case "whole":
    case "decimal":
    case "double": {
      if (b.isUnique || !NUMBERS.has(a.type.family)) return;
      if (a.isUnique && b.type.largest < a.type.largest) {
        if (!atLeast(table, a, b, isStrict)) return;
        break;
      }
      const gaps = gapsBetween(a, b, isStrict);
      if (gaps === undefined) {
        if ((a.facts?.low ?? -Infinity) === -Infinity) atMost(table, a, b);
        return;
      }
      const gap = context.hidden(isStrict ? "_gap" : "_more", { integer: gaps });
      b.declared = { expr: `${from} + ${gap}`, type, ...thinned };
      break;
    }
    default:
      return;
  }
  b.why = `follows ${low}`;
  b.follows = low;
  b.isSettled = true;
}

/** Has a number be its own or what another one asks for, whichever is more; that one is kept within its type. */
function atLeast(table: DraftTable, a: DraftColumn, b: DraftColumn, isStrict: boolean): boolean {
  const { integer, decimal } = a.declared as {
    readonly integer?: readonly [number, number];
    readonly decimal?: readonly [number, number];
  };
  const bounds = integer ?? decimal;
  const top = b.type.largest - 1;
  if (bounds === undefined || bounds[0] >= top || b.facts !== undefined) return false;
  const kept = [bounds[0], Math.min(bounds[1], top)] as const;
  a.declared = { ...asMapping(a.declared), ...(integer ? { integer: kept } : { decimal: kept }) };
  if (a.isUnique) table.most = Math.min(table.most, Math.floor((kept[1] - kept[0]) * powerOf10(a.type.scale)));
  const own = hiddenColumn(table, "_own", asMapping(withoutNulls(b.declared)));
  const asked = `${a.type.family === "whole" ? calledIn(table, a.catalog.name) : `ceil(${calledIn(table, a.catalog.name)})`}${isStrict ? " + 1" : ""}`;
  b.declared = { expr: `greatest(${own}, ${asked})`, type: b.type.type, ...absencesOf(b) };
  b.why = `follows ${a.catalog.name}`;
  b.follows = a.catalog.name;
  b.isSettled = true;
  return true;
}

/** How usual a number's distance from a smaller one is. */
const GAP_USUAL = 100;

/** How far a number may be above another, so that it is within its own bounds; undefined where no distance does that. */
function gapsBetween(a: DraftColumn, b: DraftColumn, isStrict: boolean): readonly [number, number] | undefined {
  const { integer, decimal, low, high } = a.declared as {
    readonly integer?: readonly [number, number];
    readonly decimal?: readonly [number, number];
    readonly low?: number;
    readonly high?: number;
  };
  const [least, most] = integer ?? decimal ?? [low ?? 0, high ?? GAP_USUAL];
  const { low: lowest = -Infinity, high: highest = Infinity } = b.facts ?? {};
  const from = Math.max(isStrict ? 1 : 0, lowest === -Infinity ? 0 : Math.ceil(lowest - least));
  const to = Math.min(from + GAP_USUAL, Math.floor(Math.min(highest, b.type.largest) - most));
  return to >= from ? [from, to] : undefined;
}

const NUMBERS: ReadonlySet<string> = new Set(["whole", "decimal", "double"]);

/** Words that mean something else in an expression. */
const RESERVED =
  /^(case|when|then|else|end|and|or|not|is|null|in|between|interval|true|false|window|date|year|month|day|hour|minute|dow|length)$/i;

/** What a column is called in an expression: of one with another name than a plain one, that of a hidden copy. */
function calledIn(table: DraftTable, name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !RESERVED.test(name) ? name : hiddenColumn(table, "_copied", { copy: name });
}

/** Whether conditions have settled in which rows a column has a value. */
function isSometimesThere({ declared }: DraftColumn): boolean {
  return typeof declared !== "string" && declared["when"] !== undefined;
}

/** Where a column has no value, as it is declared. */
function absencesOf({ declared, catalog }: DraftColumn): Readonly<Record<string, unknown>> {
  if (typeof declared === "string") return {};
  const { nulls, when } = declared;
  return { ...(nulls !== undefined && !catalog.notNull && { nulls }), ...(when !== undefined && { when }) };
}

/** Whether a column's values follow another's, directly or by way of others. */
function dependsOn({ columns }: DraftTable, name: string, other: string): boolean {
  for (let at: string | undefined = name; at !== undefined; at = columns.get(at)?.follows)
    if (at === other) return true;
  return false;
}

/** Has a column be below another one that is settled. */
function before(table: DraftTable, a: DraftColumn, b: DraftColumn): void {
  if (dependsOn(table, b.catalog.name, a.catalog.name) || (a.facts?.low ?? -Infinity) > -Infinity) return;
  const { family, type } = a.type;
  if (a.catalog.notNull && isSometimesThere(b)) {
    // The least of what is there.
    if (NUMBERS.has(family)) atMost(table, a, b);
    return;
  }
  if (family !== b.type.family && !(NUMBERS.has(family) && NUMBERS.has(b.type.family))) return;
  const { hidden } = ruleContext(table, a);
  const gap =
    family === "moment"
      ? `interval '1 hour' * ${hidden("_hours", { integer: [1, 720] })}`
      : family === "date"
        ? hidden("_days", { integer: [1, 60] })
        : NUMBERS.has(family) && a.type.largest >= b.type.largest
          ? hidden("_gap", { integer: [1, 100] })
          : undefined;
  if (gap === undefined) {
    if (NUMBERS.has(family)) atMost(table, a, b);
    return;
  }
  if (a.catalog.notNull) b.declared = withoutNulls(b.declared);
  a.declared = { expr: `${calledIn(table, b.catalog.name)} - ${gap}`, type, ...absencesOf(a) };
  a.follows = b.catalog.name;
  a.isSettled = true;
}

/** Has a number of a narrower type be its own, or one less than another one where that is less. */
function atMost(table: DraftTable, a: DraftColumn, b: DraftColumn): void {
  if (a.isUnique || a.isSettled) return;
  const own = hiddenColumn(table, "_own", asMapping(withoutNulls(a.declared)));
  const other = calledIn(table, b.catalog.name);
  a.declared = { expr: `least(${own}, ${other} - 1)`, type: a.type.type, ...absencesOf(a) };
  a.follows = b.catalog.name;
  a.isSettled = true;
}

/** Of two columns that both differ in all rows, the later one an hour, or one, after the other. */
function shift(table: DraftTable, a: DraftColumn, b: DraftColumn): void {
  if (!a.isUnique || !b.isUnique) return;
  if (NUMBERS.has(a.type.family) && NUMBERS.has(b.type.family)) {
    const isFree = b.facts === undefined && a.follows === undefined && typeof b.declared === "object";
    const isWide = b.type.largest > a.type.largest && b.type.scale >= a.type.scale && b.type.family !== "whole";
    if (!isFree || !isWide || !a.catalog.notNull) return;
    b.declared = { expr: `${calledIn(table, a.catalog.name)} + 1`, type: b.type.type, unique: true, ...absencesOf(b) };
    b.follows = a.catalog.name;
    return;
  }
  if (a.type.family !== "moment" || b.type.family !== "moment") return;
  if (a.follows !== undefined || !/^[A-Za-z_]\w*$/.test(a.catalog.name)) return;
  b.declared = { expr: `${a.catalog.name} + interval '1 hour'`, type: b.type.type, unique: true };
  b.follows = a.catalog.name;
}
