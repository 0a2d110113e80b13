import { normalQuantile } from "../../src/core/distributions.js";

/** The chi-square statistic of observed counts against one expectation. */
export function chiSquareOf(observed: Float64Array, expected: number): number {
  return observed.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** What chi-square exceeds by chance once in a million (Wilson and Hilferty's approximation, 1931). */
export function chiSquareLimit(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + normalQuantile(1 - 1e-6) * Math.sqrt(spread)) ** 3;
}
