const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,3})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;

/**
 * Reads `YYYY-MM-DD`, which means midnight UTC, or an ISO 8601 instant with its zone, to the millisecond.
 * @returns the instant in UTC as `YYYY-MM-DDTHH:MM:SS.sssZ`, or undefined for anything else and for dates that do not exist
 */
export function parseInstant(text: string): string | undefined {
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return isoOf(Date.parse(text));
}

/** µs since 1970 UTC of an instant that `parseInstant` accepts. */
export function instantUs(text: string): number {
  return Date.parse(text) * 1000;
}

/**
 * The instant some calendar months earlier, at the same time of day; a day that month does not have becomes its last.
 * @param instant as `parseInstant` returns it
 * @returns undefined where that lies before the year 1
 */
export function monthsBefore(instant: string, months: number): string | undefined {
  const date = new Date(instant);
  const monthIndex = date.getUTCFullYear() * 12 + date.getUTCMonth() - months;
  const year = Math.floor(monthIndex / 12);
  const month = monthIndex - year * 12 + 1;
  if (year < 1) return undefined;
  const day = Math.min(date.getUTCDate(), daysInMonth(year, month));
  const pad = (value: number, width: number) => String(value).padStart(width, "0");
  return isoOf(Date.parse(`${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}${instant.slice(10)}`));
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** A zone's offset can carry an instant out of the four-digit years, which sort and print as text. */
function isoOf(epochMs: number): string | undefined {
  if (Number.isNaN(epochMs)) return undefined;
  const iso = new Date(epochMs).toISOString();
  return iso.length === 24 && !iso.startsWith("0000") ? iso : undefined;
}
