import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exp, log } from "../../../src/core/math/index.js";
import { ulpsFromExp, ulpsFromLog } from "../../support/exact-math.js";

const runs = { numRuns: 2000 };

describe("exp", () => {
  it("is less than an ulp off, wherever it is a number above zero", () => {
    fc.assert(
      fc.property(fc.double({ min: -745.13, max: 709.78, noNaN: true }), (x) => {
        expect(Math.abs(ulpsFromExp(x, exp(x)))).toBeLessThan(1);
      }),
      runs,
    );
  });

  it("is less than an ulp off near zero and where the formula changes", () => {
    const edges = [0, 2 ** -28, 0.5 * Math.LN2, Math.LN2, 1, 1.5 * Math.LN2, 2, 3];
    const near = fc.tuple(fc.constantFrom(...edges), fc.double({ min: -1e-3, max: 1e-3, noNaN: true }));
    fc.assert(
      fc.property(near, ([edge, by]) => {
        for (const x of [edge + by, -edge + by]) expect(Math.abs(ulpsFromExp(x, exp(x)))).toBeLessThan(1);
      }),
      runs,
    );
  });

  it("has the values that are exact, and ends where doubles do", () => {
    expect([exp(0), exp(-0), exp(1)]).toEqual([1, 1, Math.E]);
    expect([exp(709.782712893384), exp(709.7827128933841)]).toEqual([expect.any(Number), Number.POSITIVE_INFINITY]);
    expect(exp(709.782712893384)).toBeLessThan(Number.POSITIVE_INFINITY);
    expect([exp(-745.1332191019411), exp(-745.1332191019412)]).toEqual([Number.MIN_VALUE, 0]);
    expect([exp(Number.POSITIVE_INFINITY), exp(Number.NEGATIVE_INFINITY), exp(Number.NaN)]).toEqual([
      Number.POSITIVE_INFINITY,
      0,
      Number.NaN,
    ]);
  });
});

describe("log", () => {
  it("is less than an ulp off for every positive number", () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(Math.abs(ulpsFromLog(x, log(x)))).toBeLessThan(1);
      }),
      runs,
    );
  });

  it("is less than an ulp off around 1 and where the formula changes", () => {
    const edges = [1, Math.SQRT1_2, Math.SQRT2, 1 + 2 ** -20, 1 - 2 ** -20, 1.38, 1.42, 0.69, 0.71];
    const near = fc.tuple(fc.constantFrom(...edges), fc.double({ min: -1e-2, max: 1e-2, noNaN: true }));
    fc.assert(
      fc.property(near, ([edge, by]) => {
        const x = edge + by;
        expect(Math.abs(ulpsFromLog(x, log(x)))).toBeLessThan(1);
      }),
      runs,
    );
  });

  it("has the values that are exact, and ends where doubles do", () => {
    expect([log(1), log(2), log(0), log(-0), log(-1), log(Number.NaN), log(Number.POSITIVE_INFINITY)]).toEqual([
      ...[0, Math.LN2, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, Number.NaN],
      Number.POSITIVE_INFINITY,
    ]);
  });
});
