import { describe, expect, it } from "vitest";
import { chanceQuotas, type QuotaStep, STRATUM_ROWS } from "../../../src/core/quota.js";
import { deriveKey } from "../../../src/core/random.js";

const key = deriveKey({ seed: 1, model: "test", entity: "rows", column: "steps" });

/** The quotas of all strata, in order. */
function allQuotas(rows: number, steps: readonly QuotaStep[], ownKey = key): number[][] {
  const quotasOf = chanceQuotas(ownKey, rows, steps);
  return Array.from({ length: Math.ceil(rows / STRATUM_ROWS) }, (_, stratum) => [...quotasOf(stratum)]);
}

const NESTED: readonly QuotaStep[] = [
  { total: 90_000 },
  { total: 45_000, of: 0 },
  { total: 300, of: 1 },
  { total: 90_000, of: 0 },
];

describe("quotas that vary as chance would have it", () => {
  it.each([100_000, 100_001, 99_999, 123_456])(
    "come to their totals over %i rows, and none to more than its step has",
    (rows) => {
      const strata = allQuotas(
        rows,
        NESTED.map((step) => step),
      );
      for (const [at, { total }] of NESTED.entries()) {
        expect(strata.reduce((sum, quotas) => sum + quotas[at], 0)).toBe(total);
      }
      for (const [stratum, [first, second, third, all]] of strata.entries()) {
        expect(first).toBeLessThanOrEqual(Math.min(STRATUM_ROWS, rows - stratum * STRATUM_ROWS));
        expect(second).toBeLessThanOrEqual(first);
        expect(third).toBeLessThanOrEqual(second);
        expect(all).toBe(first);
      }
    },
  );

  it("have the variance of a shuffle over all rows", () => {
    const rows = 2_000_000;
    const share = 0.05;
    const strata = allQuotas(rows, [{ total: rows * share }]);
    const variance = STRATUM_ROWS * share * (1 - share);
    const sum = strata.reduce((total, [count]) => total + (count - STRATUM_ROWS * share) ** 2 / variance, 0);
    // Chi-square of 1,999 degrees: its deviation is the root of twice as many.
    expect(Math.abs(sum - strata.length)).toBeLessThan(5 * Math.sqrt(2 * strata.length));
  });

  it("give a part of a part in proportion to it", () => {
    const strata = allQuotas(2_000_000, [{ total: 400_000 }, { total: 100_000, of: 0 }]);
    const [upper, lower] = [strata.map(([first]) => first), strata.map(([, second]) => second)];
    const excess = upper.reduce((sum, first, at) => sum + (first - 200) * (lower[at] - first / 4), 0) / strata.length;
    // Independent of how large the upper part is: a covariance of none, to five deviations.
    expect(Math.abs(excess)).toBeLessThan((5 * Math.sqrt(160 * 38)) / Math.sqrt(strata.length));
  });

  it("are the same in any order of asking, and others under another key", () => {
    const rows = 10_000_000;
    const steps = [{ total: 500_000 }];
    const inOrder = chanceQuotas(key, rows, steps);
    const backwards = chanceQuotas(key, rows, steps);
    const strata = Array.from({ length: 9_000 }, (_, stratum) => stratum);
    const forward = strata.map((stratum) => inOrder(stratum)[0]);
    expect(strata.toReversed().map((stratum) => backwards(stratum)[0])).toEqual(forward.toReversed());
    const other = chanceQuotas({ k0: 1, k1: 2 }, rows, steps);
    expect(strata.map((stratum) => other(stratum)[0])).not.toEqual(forward);
  });

  it("are none of nothing and all of everything", () => {
    expect(allQuotas(0, [{ total: 0 }])).toEqual([]);
    expect(allQuotas(2_500, [{ total: 2_500 }, { total: 0, of: 0 }])).toEqual([
      [1000, 0],
      [1000, 0],
      [500, 0],
    ]);
  });
});
