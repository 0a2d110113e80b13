import { describe, expect, it } from "vitest";
import { LatencyRecorder } from "../../../src/engine/run/latencies.js";

describe("latencies", () => {
  it("are never more at a percentile than the most of all", () => {
    for (const values of [[3_313_077], [3_313_077, 1_000], [17], [2_000_001, 2_000_003, 999_999]]) {
      const recorder = new LatencyRecorder();
      for (const us of values) recorder.recordUs(us);
      const { count, p50, p99, max } = recorder.summaryMs();
      expect(count).toBe(values.length);
      expect(Math.abs(max - Math.max(...values) / 1000)).toBeLessThan(0.002 * max);
      expect(p99).toBeLessThanOrEqual(max);
      expect(p50).toBeLessThanOrEqual(p99);
    }
  });
});
