const DAY_US = 86_400_000_000;

/** Days of 0001-01-01 and of 9999-12-31, since 1970: between them a date has ten characters. */
const DAY_FIRST = -719_162;
const DAY_LAST = 2_932_896;

/** The civil date of the day at hand; rows near each other share it. */
let dayKnown = Number.NaN;
let year = 0;
let month = 0;
let day = 0;

/** Sets `year`, `month` and `day` (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days). */
function toCivil(days: number): void {
  if (days === dayKnown) return;
  dayKnown = days;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0)) / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
  const fromMarch = ((5 * dayOfYear + 2) / 153) | 0;
  day = dayOfYear - (((153 * fromMarch + 2) / 5) | 0) + 1;
  month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
}

/** Characters of a date. @param days since 1970-01-01; ±Infinity */
export function dayLength(days: number): number {
  return days >= DAY_FIRST && days <= DAY_LAST ? 10 : unusualDay(days).length;
}

/** Writes a date, `2024-01-31`, and returns the position after it. */
export function writeDay(days: number, target: Uint8Array, at: number): number {
  if (days >= DAY_FIRST && days <= DAY_LAST) return writeCivil(days, target, at);
  return writeAscii(unusualDay(days), target, at);
}

/** Infinite days, and those whose year has not four digits, as Postgres reads them. */
function unusualDay(days: number): string {
  if (!Number.isFinite(days)) return days > 0 ? "infinity" : "-infinity";
  toCivil(days);
  const shown = year > 0 ? year : 1 - year;
  const parts = [String(shown).padStart(4, "0"), twoDigits(month), twoDigits(day)];
  return `${parts.join("-")}${year > 0 ? "" : " BC"}`;
}

/** Characters of a moment. @param us microseconds since 1970, or ±Infinity */
export function momentLength(us: number, isUtc: boolean): number {
  if (Number.isFinite(us)) return isUtc ? 27 : 26;
  return us > 0 ? 8 : 9;
}

/** Writes a moment as ISO 8601, `2024-01-31T09:00:00.123456Z`, and returns the position after it. Exact moments (to 2^53 µs) have years of four digits. */
export function writeMoment(us: number, isUtc: boolean, target: Uint8Array, at: number): number {
  if (!Number.isFinite(us)) return writeAscii(us > 0 ? "infinity" : "-infinity", target, at);
  const days = Math.floor(us / DAY_US);
  const rest = us - days * DAY_US;
  const seconds = Math.floor(rest / 1_000_000);
  const micros = rest - seconds * 1_000_000;
  writeCivil(days, target, at);
  const hour = (seconds / 3600) | 0;
  const minute = ((seconds / 60) | 0) - hour * 60;
  target[at + 10] = 0x54;
  writeTwo(hour, target, at + 11);
  target[at + 13] = 0x3a;
  writeTwo(minute, target, at + 14);
  target[at + 16] = 0x3a;
  writeTwo(seconds - hour * 3600 - minute * 60, target, at + 17);
  target[at + 19] = 0x2e;
  const thousands = (micros / 10_000) | 0;
  const hundreds = (micros / 100) | 0;
  writeTwo(thousands, target, at + 20);
  writeTwo(hundreds - thousands * 100, target, at + 22);
  writeTwo(micros - hundreds * 100, target, at + 24);
  if (!isUtc) return at + 26;
  target[at + 26] = 0x5a;
  return at + 27;
}

function writeCivil(days: number, target: Uint8Array, at: number): number {
  toCivil(days);
  const century = (year / 100) | 0;
  writeTwo(century, target, at);
  writeTwo(year - century * 100, target, at + 2);
  target[at + 4] = 0x2d;
  writeTwo(month, target, at + 5);
  target[at + 7] = 0x2d;
  writeTwo(day, target, at + 8);
  return at + 10;
}

function writeTwo(value: number, target: Uint8Array, at: number): void {
  const tens = (value / 10) | 0;
  target[at] = 48 + tens;
  target[at + 1] = 48 + value - tens * 10;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** Writes a text of ASCII characters and returns the position after it. */
export function writeAscii(text: string, target: Uint8Array, at: number): number {
  for (let k = 0; k < text.length; k++) target[at + k] = text.charCodeAt(k);
  return at + text.length;
}
