import { build } from "hdr-histogram-js";

/** A distribution of latencies, in milliseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Collects latencies of all workers in one histogram, from 1 µs to 10 minutes at three digits. */
export class LatencyRecorder {
  readonly #histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 600_000_000,
    numberOfSignificantValueDigits: 3,
  });

  recordUs(us: number): void {
    this.#histogram.recordValue(Math.min(600_000_000, Math.max(1, Math.round(us))));
  }

  summaryMs(): LatencySummary {
    const histogram = this.#histogram;
    const max = histogram.maxValue / 1000;
    // A bucket is named by its upper end, which may lie above the largest value in it.
    const percentile = (percent: number): number => Math.min(max, histogram.getValueAtPercentile(percent) / 1000);
    return { count: histogram.totalCount, p50: percentile(50), p99: percentile(99), max };
  }
}
