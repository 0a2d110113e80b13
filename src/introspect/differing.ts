import { powerOf10 } from "../core/sql-type.js";
import type { CatalogKey } from "./catalog.js";
import { fixed, letters, ruleContext, WINDOW } from "./columns.js";
import { differingBy } from "./conditions/values.js";
import type { DraftColumn, DraftTable } from "./draft.js";
import { type Declared, rowNumber } from "./rules.js";

/** Numbers that a double tells apart within any bounds of usual size. */
const DOUBLES_MOST = 1e9;

/** A column's values when all of them differ. */
export interface Differing {
  readonly declared: Declared;
  /** How many there are. */
  readonly most: number;
  /** Which column of a key is best to differ: 0 for one that had better not. */
  readonly rank: number;
}

/** How a column's values differ in all rows of its table; undefined where nothing is known that does that. */
export function differing(table: DraftTable, column: DraftColumn, key: CatalogKey): Differing | undefined {
  const isAlone = key.columns.length === 1;
  const { type, rule, catalog } = column;
  const context = ruleContext(table, column);
  // Where no value is a value like others, one row alone could be without.
  const isThere = catalog.notNull || key.nullsNotDistinct || isInPrimaryKey(table, catalog.name);
  const nulls = isThere ? {} : { nulls: 0.1 };
  const typed = type.type === "text" ? {} : { type: type.type };
  const most = Number.MAX_SAFE_INTEGER;
  const asked = differingBy(column);
  if (asked !== undefined)
    return { declared: { ...(asked.declared as object), ...nulls }, most: asked.most, rank: asked.most > 1e9 ? 4 : 0 };
  if (column.facts?.in !== undefined) return undefined;
  const { low = -Infinity, high: top = Infinity } = column.facts ?? {};
  switch (type.family) {
    case "uuid":
      return { declared: Object.keys(nulls).length === 0 ? "uuid" : { uuid: null, ...nulls }, most, rank: 4 };
    case "whole": {
      if (isAlone && low <= 1 && top > 1e6 && Object.keys(nulls).length === 0)
        return { declared: { id: null, type: type.type }, most: type.largest, rank: 3 };
      const least = Math.max(1, Math.ceil(low));
      const high = Math.min(type.largest, top, least + 2_000_000_000);
      if (high < least) return undefined;
      return {
        declared: { integer: [least, high], ...typed, unique: true, ...nulls },
        most: high - least + 1,
        rank: high > 1e6 ? 1 : 0,
      };
    }
    case "text": {
      if (rule?.isUnique)
        return { declared: { ...(rule.make(context) as object), unique: true, ...nulls }, most, rank: 5 };
      if (type.length >= 32) {
        const noun = context.hidden("_noun", { word: "noun" });
        return {
          declared: { text: `{${noun}} {${rowNumber(context)}}`, ...typed, unique: true, ...nulls },
          most,
          rank: 5,
        };
      }
      const pattern = rule?.name === "code" && type.length >= 11 ? "??-########" : letters(type.length);
      return {
        declared: { pattern, ...typed, unique: true, ...nulls },
        most: 26 ** Math.min(8, type.length),
        rank: type.length >= 5 ? 4 : 0,
      };
    }
    case "fixed":
      return {
        declared: { pattern: fixed(type.length), ...typed, unique: true, ...nulls },
        most: 26 ** Math.min(8, type.length),
        rank: type.length >= 5 ? 4 : 0,
      };
    case "bytes":
      return { declared: { matching: "^[0-9a-f]{16}$", unique: true, ...nulls }, most, rank: 3 };
    case "moment":
    case "date": {
      const { expr, most, rank } = momentsApart(column, rowNumber(context));
      return most < 1 ? undefined : { declared: { expr, ...typed, unique: true, ...nulls }, most, rank };
    }
    case "decimal": {
      const [least, most] = [Math.max(0, low), Math.min(type.largest, top)];
      const size = Math.floor((most - least) * powerOf10(type.scale));
      if (size < 1) return undefined;
      return {
        declared: { decimal: [least, most], ...typed, unique: true, ...nulls },
        most: size,
        rank: size > 1e6 ? 1 : 0,
      };
    }
    case "double": {
      const number = rowNumber(context);
      if (low <= 1 && top >= most)
        return { declared: { expr: number, type: type.type, unique: true, ...nulls }, most, rank: 1 };
      const [least, highest] = [Number.isFinite(low) ? low : Math.min(0, top - 1e6), Math.min(top, low + 1e6)];
      if (type.type !== "float8" || highest <= least) return undefined;
      const step = ((highest - least) / DOUBLES_MOST).toFixed(9).replace(/0+$/, "");
      return {
        declared: { expr: `${least} + ${number} * ${step}`, type: type.type, unique: true, ...nulls },
        most: DOUBLES_MOST - 1,
        rank: 1,
      };
    }
    case "jsonb":
      return { declared: { json: { number: rowNumber(context) }, ...nulls }, most, rank: 1 };
    default:
      return undefined;
  }
}

const DAY_MS = 86_400_000;

/** Moments a second apart, or days, from the window's beginning on or within what conditions ask. */
function momentsApart(
  { type, facts }: DraftColumn,
  number: string,
): { readonly expr: string; readonly most: number; readonly rank: number } {
  const isDate = type.family === "date";
  const step = isDate ? DAY_MS : 1000;
  const start = Date.parse(WINDOW.from);
  const { low = -Infinity, high = Infinity } = facts ?? {};
  const isBounded = low > start || high < Infinity;
  // The first of those that may be.
  const from = low > -Infinity ? low : Math.min(start, high - 365 * DAY_MS);
  const offset = Math.ceil((from - start) / step);
  const places = isBounded ? Math.floor((high - start) / step) - offset : isDate ? 1_000_000 : 1e12;
  const counted = offset === 0 ? number : `(${number} + ${offset - 1})`;
  const expr = `window.from + interval '${isDate ? "1 day" : "1 second"}' * ${counted}`;
  return { expr: isDate ? `date(${expr})` : expr, most: places, rank: isDate || isBounded ? 0 : 2 };
}

function isInPrimaryKey({ catalog }: DraftTable, column: string): boolean {
  return catalog.keys.some(({ isPrimary, columns }) => isPrimary && columns.includes(column));
}
