import { describe, expect, it } from "vitest";
import { type Cell, chiSquareTail, chiSquareTest, EXPECTED_MIN, SIGNIFICANCE } from "../../../src/verify/chi-square.js";

/** Statistical checks that one load has at the most, and how often a good load may fail any of them. */
const CHECKS_MAX = 100;
const FAILURES_MAX = 1e-4;

function twoCells(trials: number, share: number, successes: number): Cell[] {
  return [
    { label: "yes", observed: successes, expected: trials * share },
    { label: "no", observed: trials - successes, expected: trials * (1 - share) },
  ];
}

/** The exact probability that the test fails a binomial count drawn by just the expected share. */
function falseAlarms(trials: number, share: number): number {
  let sum = 0;
  let logProbability = trials * Math.log1p(-share);
  for (let successes = 0; successes <= trials; successes++) {
    const { probability } = chiSquareTest(twoCells(trials, share, successes));
    if (probability < SIGNIFICANCE) sum += Math.exp(logProbability);
    logProbability += Math.log((trials - successes) / (successes + 1)) + Math.log(share / (1 - share));
  }
  return sum;
}

describe("chiSquareTail", () => {
  it("agrees with tables", () => {
    // R: pchisq(x, df, lower.tail = FALSE)
    const known: readonly (readonly [number, number, number])[] = [
      [3.841459, 1, 0.05],
      [5.991465, 2, 0.05],
      [18.30704, 10, 0.05],
      [10.82757, 1, 0.001],
      [32.90949, 12, 0.001],
      [28.37399, 1, 1e-7],
      [67.50481, 50, 0.05],
    ];
    for (const [value, degrees, tail] of known) {
      expect(chiSquareTail(value, degrees) / tail, `${value}, ${degrees}`).toBeCloseTo(1, 3);
    }
    expect(chiSquareTail(0, 3)).toBe(1);
    expect(chiSquareTail(1e5, 3)).toBe(0);
  });
});

describe("chiSquareTest", () => {
  it("fails a good load less than once in ten thousand, over all its checks", () => {
    for (const trials of [50, 100, 1000, 20_000, 200_000]) {
      for (const share of [0.5, 0.3, 0.1, 0.02, EXPECTED_MIN / trials]) {
        if (share <= 0 || share > 0.5) continue;
        expect(falseAlarms(trials, share) * CHECKS_MAX, `${trials} rows, share ${share}`).toBeLessThan(FAILURES_MAX);
      }
    }
  });

  it("notices a share that is a tenth off in 20,000 rows", () => {
    expect(chiSquareTest(twoCells(20_000, 0.3, 6600)).probability).toBeLessThan(SIGNIFICANCE);
    expect(chiSquareTest(twoCells(20_000, 0.3, 6100)).probability).toBeGreaterThan(SIGNIFICANCE);
  });

  it("pools what is expected too rarely, and says nothing of too few rows", () => {
    const cells = [10, 5, 3, 2].map((expected, at) => ({ label: String(at), observed: at === 0 ? 20 : 0, expected }));
    expect(chiSquareTest(cells)).toEqual({ statistic: 0, degrees: 0, probability: 1 });
  });

  it("fails on a value that cannot occur", () => {
    const cells = [
      { label: "known", observed: 1000, expected: 1000 },
      { label: "unknown", observed: 1, expected: 0 },
    ];
    expect(chiSquareTest(cells).probability).toBe(0);
  });
});
