import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isResult, median, medianAbsoluteDeviation, ratioOf, summarize } from "../../../bench/statistics.js";

describe("summarize", () => {
  it("takes the middle of odd and even numbers of runs, whatever their order", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 9, 2])).toBe(3);
    expect(summarize([9, 1, 5])).toMatchObject({ runs: 3, median: 5, min: 1, max: 9 });
  });

  it("knows no noise of a single run, and none where all runs are alike", () => {
    expect(summarize([7]).noise).toBeNull();
    expect(summarize([7, 7, 7]).noise).toBe(0);
  });

  it("is not misled by two runs of three that are alike by luck", () => {
    expect(medianAbsoluteDeviation([100, 100, 130])).toBe(0);
    // 30 of range over 1.693 standard deviations.
    expect(summarize([100, 100, 130]).noise).toBeCloseTo(30 / 1.693 / 100, 10);
  });

  it("is not blown up by one outlier of many runs", () => {
    const steady = Array.from({ length: 20 }, (_, i) => 100 + (i % 3));
    expect(summarize([...steady, 1000]).noise).toBeLessThan(0.02);
  });

  it("estimates the deviation of normal runs", () => {
    // Quantiles of a normal distribution with mean 1000 and deviation 50, at eleven even places.
    const z = [-1.69, -1.1, -0.75, -0.47, -0.23, 0, 0.23, 0.47, 0.75, 1.1, 1.69];
    const { noise } = summarize(z.map((each) => 1000 + 50 * each));
    expect(noise).toBeGreaterThan(0.04);
    expect(noise).toBeLessThan(0.06);
  });

  it("measures noise in shares: of the unit it knows nothing", () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 12 }), (values) => {
        const scaled = summarize(values.map((value) => value * 8));
        expect(scaled.noise).toBeCloseTo(summarize(values).noise!, 10);
      }),
    ));
});

describe("a ratio", () => {
  it("carries the noise of both its sides", () => {
    const top = { runs: 3, median: 90, min: 80, max: 100, noise: 0.03 };
    const bottom = { runs: 3, median: 100, min: 90, max: 110, noise: 0.04 };
    const ratio = ratioOf(top, bottom);
    expect(ratio.value).toBeCloseTo(0.9, 10);
    expect(ratio.noise).toBeCloseTo(0.05, 10);
    expect(ratioOf(top, { ...bottom, noise: null }).noise).toBeNull();
  });

  it("is a result only beyond its noise, on either side alike", () => {
    expect(isResult({ value: 0.9, noise: 0.05 })).toBe(true);
    expect(isResult({ value: 0.96, noise: 0.05 })).toBe(false);
    expect(isResult({ value: 1 / 0.96, noise: 0.05 })).toBe(false);
    expect(isResult({ value: 1 / 0.9, noise: 0.05 })).toBe(true);
    expect(isResult({ value: 0.1, noise: null })).toBe(false);
    expect(isResult({ value: 1, noise: 0 })).toBe(false);
  });
});
