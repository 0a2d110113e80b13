import { withThousands } from "../../core/thousands.js";

/** Shown for a figure that does not exist, such as the rate of a load of no rows in no time. */
const NO_FIGURE = "-";

/**
 * A whole number with commas, whatever the locale: 3,566,000.
 * @param value rounded to the nearest whole number
 */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return NO_FIGURE;
  return withThousands(value);
}

/** A number in at most five characters: 999, 1.61k, 3.57M. */
export function formatCompact(value: number): string {
  return withUnit(value, ["", "k", "M", "G", "T", "P"]);
}

/**
 * Bytes to three digits, by powers of 1,000: a rate in MB/s and the size it came from then agree in their digits.
 * @param bytes at least 0
 */
export function formatBytes(bytes: number): string {
  return withUnit(bytes, [" B", " kB", " MB", " GB", " TB", " PB"]);
}

/** Bytes a second to three digits: 93.2 MB/s. */
export function formatByteRate(bytesPerSecond: number): string {
  return Number.isFinite(bytesPerSecond) ? `${formatBytes(bytesPerSecond)}/s` : NO_FIGURE;
}

/** A measured duration to three digits: 45 ms, 4.42 s, 2 min 05 s, 1 h 02 min. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return NO_FIGURE;
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${threeDigits(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${formatCount(Math.floor(minutes / 60))} h ${twoDigits(minutes % 60)} min`;
}

/** A guessed duration in one unit, rounded up: 2 s, 119 s, 3 min, 5 h. */
export function formatTimeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return NO_FIGURE;
  if (seconds <= 120) return `${Math.ceil(seconds)} s`;
  if (seconds <= 120 * 60) return `${Math.ceil(seconds / 60)} min`;
  return `${formatCount(Math.ceil(seconds / 3600))} h`;
}

/** A latency to three digits: 0.45 ms, 12.3 ms, 1,204 ms. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return NO_FIGURE;
  return ms < 99.95 ? `${threeDigits(ms)} ms` : `${formatCount(ms)} ms`;
}

/**
 * A share of done work, rounded down so that only what is finished shows 100%.
 * @param options.of where 0, there is nothing to do and all is done
 */
export function formatPercent({ part, of }: { readonly part: number; readonly of: number }): string {
  const share = of <= 0 ? 1 : Math.min(1, Math.max(0, part / of));
  return `${Math.floor(share * 100)}%`;
}

function withUnit(value: number, units: readonly string[]): string {
  if (!Number.isFinite(value)) return NO_FIGURE;
  let scaled = value;
  let unit = 0;
  // 999.5 would be printed as 1000.
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(scaled) : threeDigits(scaled)}${units[unit]}`;
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
