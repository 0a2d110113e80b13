import { type BindContext, type Column, hidden, unique } from "../../columns/column.js";
import { shuffledNumber } from "../../columns/lists.js";
import { format, rankedWord, sameCode, word } from "../../columns/text.js";
import { codes, integer, numbers, numbersOf } from "../../columns/values.js";
import { DAY_US, HOUR_US } from "../../core/calendar.js";
import { permutation } from "../../core/permutation.js";
import { cellBits, multiplyHigh } from "../../core/random.js";
import { BOOL, enumType, INT8, numeric, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { AREA_WEIGHTS } from "./dictionaries.js";
import { cairoMoment } from "./egypt-time.js";

/** Egyptian pounds; vectors hold piastres. */
export const MONEY = numeric(14, 2);

/** Part of a number's decimal digits: `floor(value / divisor) % modulus`. */
export function digitsOf(path: string, divisor: number, modulus: number): Column {
  const about = `${path} / ${divisor} modulo ${modulus}`;
  return numbers({ type: INT8, reads: [path], about }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = Math.floor(values[i] / divisor) % modulus;
    };
  });
}

/**
 * Mobile numbers that nobody has: Egypt withdrew these four codes when it gave mobile numbers eleven digits (NTRA, "Change
 * of Mobile Numbers", October 2011: 014 became 0114, 016 became 0106, 017 became 0127, 018 became 0128), and networks
 * have 010, 011, 012 and 015 alone. They look as mobile numbers do.
 */
const OPERATORS = ["14", "16", "17", "18"] as const;
const MOBILE_NUMBERS = OPERATORS.length * 100_000_000;

/** A mobile number that no other row of the table has, and that no network routes: +20 1N NNNNNNNN. */
export function mobileColumns() {
  return {
    subscriber: hidden(shuffledNumber(MOBILE_NUMBERS)),
    operator: hidden(operator()),
    line: hidden(digitsOf("subscriber", OPERATORS.length, 100_000_000)),
    phone: unique(format("+20{operator}{line:8}")),
  };
}

function operator(): Column {
  const spec = { type: TEXT, labels: OPERATORS, reads: ["subscriber"], about: "one of the four withdrawn codes" };
  return codes(spec, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = values[i] % OPERATORS.length;
    };
  });
}

/** A person's name in both scripts. */
export function personColumns(prefix = "") {
  const [first, last] = [`${prefix}first`, `${prefix}last`];
  return {
    [first]: hidden(rankedWord("first_names", { exponent: 0.7, shift: 12 })),
    [last]: hidden(rankedWord("last_names", { exponent: 0.8, shift: 8 })),
    [`${first}_ar`]: hidden(sameCode(first, "first_names_ar")),
    [`${last}_ar`]: hidden(sameCode(last, "last_names_ar")),
    [`${prefix}name_en`]: format(`{${first}} {${last}}`),
    [`${prefix}name_ar`]: format(`{${first}_ar} {${last}_ar}`),
  };
}

export const REGIONS = ["A", "B"] as const;
export const REGION = enumType("delivery_region", REGIONS);

/** An address: street, area and governorate agree in both scripts, and the region is the area's. */
export function addressColumns() {
  return {
    house_number: hidden(integer(1, 240)),
    street: hidden(word("streets")),
    street_ar: hidden(sameCode("street", "streets_ar")),
    address_en: format("{house_number} {street}"),
    address_ar: format("{house_number} {street_ar}"),
    area: word("areas", TEXT, AREA_WEIGHTS),
    area_ar: sameCode("area", "areas_ar"),
    governorate: sameCode("area", "governorates"),
    governorate_ar: sameCode("area", "governorates_ar"),
    delivery_region: sameCode("area", "regions", REGION),
  };
}

/** Master data is older than the window: up to this many days. */
const HISTORY_DAYS = 900;

/** A moment of the years before the window; the table's rows are in its order. */
export function beforeWindow(): Column {
  return daysBeforeWindow(HISTORY_DAYS, 0);
}

/** A moment of the years before any that {@link beforeWindow} gives: of people whom customers name. */
export function beforeHistory(): Column {
  return daysBeforeWindow(3 * HISTORY_DAYS, HISTORY_DAYS);
}

function daysBeforeWindow(first: number, last: number): Column {
  const about = `a moment from ${first} to ${last} days before the window, growing with the ID`;
  return numbers({ type: TIMESTAMPTZ, about }, (context) => {
    const key = context.key();
    const span = (first - last) * DAY_US;
    const start = context.windowUs.from - first * DAY_US;
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const share = (rowIndexes[i] + cellBits(key, rowIndexes[i], 0) / 2 ** 32) / context.rowCount;
        out[i] = atWork(start + share * span);
      }
    };
  });
}

/** From nine to five of the day in Cairo that a moment falls on; later moments stay later. */
export function atWork(atUs: number): number {
  const day = Math.floor(atUs / DAY_US);
  return cairoMoment(day, 9 * HOUR_US + Math.floor((8 / 24) * (atUs - day * DAY_US)));
}

/** 0 or 1: exactly this share of all rows, spread by a shuffle. */
export function exactly(share: (context: BindContext) => number, about: string): Column {
  return numbers({ type: BOOL, about }, (context) => {
    const chosen = Math.round(share(context) * context.rowCount);
    const { forward } = permutation(context.key(), Math.max(1, context.rowCount));
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = forward(rowIndexes[i]) < chosen ? 1 : 0;
    };
  });
}

/** A whole number of [low, high], evenly, from a cell's bits. */
export function within(bits: number, low: number, high: number): number {
  return low + multiplyHigh(bits, high - low + 1);
}
