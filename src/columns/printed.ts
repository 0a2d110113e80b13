import type { SqlType } from "../core/sql-type.js";
import { assert } from "../errors.js";

const DAY_US = 86_400_000_000;

/** What a number of a vector stands for, as Postgres prints it. */
export type PrintNumber = (value: number) => string;

/** Whether values of a type are numbers without a fraction, written with their digits alone. */
export function isWhole(type: SqlType): boolean {
  return type.name === "int2" || type.name === "int4" || type.name === "int8";
}

/**
 * How Postgres prints the numbers of a type: a numeric with all digits of its scale, dates and moments in ISO style,
 * those with a time zone at UTC, truth values in full as a cast to text gives them, addresses without a mask.
 */
export function numberPrinter(type: SqlType): PrintNumber {
  switch (type.name) {
    case "int2":
    case "int4":
    case "int8":
      return (value) => decimalText(value, 0);
    case "numeric":
      return (value) => (Number.isFinite(value) ? decimalText(value, type.scale) : nonFinite(value));
    case "float8":
      return floatText;
    case "bool":
      return (value) => (value === 0 ? "false" : "true");
    case "date":
      return (days) => (Number.isFinite(days) ? dayText(days, "") : nonFinite(days).toLowerCase());
    case "timestamp":
      return (us) => (Number.isFinite(us) ? momentText(us, "") : nonFinite(us).toLowerCase());
    case "timestamptz":
      return (us) => (Number.isFinite(us) ? momentText(us, "+00") : nonFinite(us).toLowerCase());
    case "inet":
      return (value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join(".");
    default:
      return assert(false, `values of ${type.name} are no numbers`) as never;
  }
}

/** A UUID's 16 bytes as Postgres prints them. */
export function uuidText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function nonFinite(value: number): string {
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

function decimalText(units: number, scale: number): string {
  assert(Number.isSafeInteger(units), `${units} is a whole number of units, exact to 2^53`);
  const digits = String(Math.abs(units)).padStart(scale + 1, "0");
  const sign = units < 0 ? "-" : "";
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The fewest digits that give the number back; Postgres turns to exponents at 10^15 and below 10^-4. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits, exponent] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 15) return String(value);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function momentText(us: number, zone: string): string {
  const days = Math.floor(us / DAY_US);
  const rest = us - days * DAY_US;
  const seconds = Math.floor(rest / 1_000_000);
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => twoDigits(Math.floor(part)));
  const micros = rest - seconds * 1_000_000;
  const fraction = micros === 0 ? "" : `.${String(micros).padStart(6, "0").replace(/0+$/, "")}`;
  return dayText(days, ` ${clock.join(":")}${fraction}${zone}`);
}

/** A civil date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days), the time before BC. */
function dayText(days: number, time: string): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const shown = String(year > 0 ? year : 1 - year).padStart(4, "0");
  return `${shown}-${twoDigits(month)}-${twoDigits(day)}${time}${year > 0 ? "" : " BC"}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
