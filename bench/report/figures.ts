import { formatByteRate, formatBytes, formatCompact, formatMs, formatSeconds } from "../../src/cli/screen/format.js";
import type { BarLine } from "../bar.js";
import type { Unit } from "../metrics.js";

/** A figure in its unit, to three digits. */
export function formatFigure(value: number, unit: Unit | "ratio"): string {
  switch (unit) {
    case "rows/s":
      return `${formatCompact(value)} rows/s`;
    case "bytes/s":
      return formatByteRate(value);
    case "bytes":
      return formatBytes(value);
    case "s":
      return value < 0.1 ? formatMs(value * 1000) : formatSeconds(value);
    case "cpu s":
      return `${value.toFixed(2)} s`;
    case "ns/row":
      return `${value.toFixed(1)} ns`;
    case "ratio":
      return value < 9.995 ? value.toFixed(2) : value.toFixed(1);
  }
}

/** A noise as a share: ±3%; a question mark where it is not known. */
export function formatNoise(noise: number | null): string {
  if (noise === null) return "±?";
  return noise < 0.0995 ? `±${(noise * 100).toFixed(1)}%` : `±${Math.round(noise * 100)}%`;
}

/** A limit: `>= 0.90`. */
export function formatLimit({ limit, unit }: BarLine): string {
  return "atLeast" in limit ? `≥ ${formatFigure(limit.atLeast, unit)}` : `≤ ${formatFigure(limit.atMost, unit)}`;
}
