import { describe, expect, it } from "vitest";
import { deriveKey } from "../../../src/core/random.js";
import { smoothNoise } from "../../../src/core/smooth-noise.js";

const key = deriveKey({ seed: 3, model: "test", entity: "$shared", column: "load" });
const HOUR = 3_600_000_000;

describe("smooth noise", () => {
  it("has no jumps: what is a thousandth of a period apart differs by little", () => {
    const noise = smoothNoise(key, [HOUR]);
    let [largest, sum] = [0, 0];
    for (let step = 0; step < 200_000; step++) {
      const change = Math.abs(noise((step * HOUR) / 1_000) - noise(((step + 1) * HOUR) / 1_000));
      largest = Math.max(largest, change);
      sum += change;
    }
    expect(largest).toBeLessThan(0.02);
    // Two nodes differ by 1.13 on average, in a thousand steps.
    expect(sum / 200_000).toBeGreaterThan(0.0008);
  });

  it("has a mean of 0 and a deviation below 1, whatever the grids", () => {
    for (const periods of [[HOUR], [HOUR, 7 * HOUR, 100 * HOUR]]) {
      const noise = smoothNoise(key, periods);
      const values = Array.from({ length: 100_000 }, (_, at) => noise(at * 97 * HOUR + at * 1_234_567));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      expect(Math.abs(mean)).toBeLessThan(0.03);
      expect(deviation).toBeGreaterThan(0.75);
      expect(deviation).toBeLessThan(1.01);
    }
  });

  it("follows its key", () => {
    const other = deriveKey({ seed: 4, model: "test", entity: "$shared", column: "load" });
    expect(smoothNoise(key, [HOUR])(12.3 * HOUR)).not.toBe(smoothNoise(other, [HOUR])(12.3 * HOUR));
  });
});
