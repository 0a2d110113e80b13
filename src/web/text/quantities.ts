const WHOLE = new Intl.NumberFormat("en");

/** 1,234,567. */
export function whole(count: number): string {
  return WHOLE.format(Math.round(count));
}

/** 12.3 M: three digits are enough to compare by; up to 10,000 as it is. */
export function short(count: number): string {
  if (count < 10_000) return whole(count);
  const [value, unit] = scaled(count, 1000, ["", " k", " M", " bn"]);
  return `${unit === "" ? Math.round(value) : digits(value)}${unit}`;
}

/** 1.23 MB, in powers of ten. */
export function byteText(bytes: number): string {
  const [value, unit] = scaled(bytes, 1000, [" B", " kB", " MB", " GB", " TB"]);
  return `${unit === " B" ? Math.round(value) : digits(value)}${unit}`;
}

/** 340 ms, 12 s, 3 min 20 s. @param seconds 0 or more */
export function durationText(seconds: number): string {
  if (seconds < 0.001) return "under 1 ms";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** about 3 s. Below a second, starting the workers takes longer than the rows. */
export function estimateText(seconds: number): string {
  return seconds < 1 ? "under 1 s" : `about ${durationText(seconds)}`;
}

/** 4.7 ms. */
export function msText(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : durationText(ms / 1000);
}

/** 12.5%. @param share 0 to 1 */
export function percentText(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 2 : 1).replace(/\.?0+$/, "")}%`;
}

/** 2024-12-01 14:05, in UTC. @param iso an ISO instant */
export function momentText(iso: string | null): string {
  return iso === null ? "–" : iso.slice(0, 16).replace("T", " ");
}

function scaled(value: number, step: number, units: readonly string[]): [number, string] {
  let [left, at] = [value, 0];
  while (left >= step * 0.9995 && at < units.length - 1) {
    left /= step;
    at++;
  }
  return [left, units[at]];
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
