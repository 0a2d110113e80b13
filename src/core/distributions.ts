import { exp, log } from "./math/index.js";
import { unitOf } from "./random.js";

/** A number >= 0 or any real from a 32-bit draw, by inverting the distribution function: one draw a value. */
export type Quantile = (bits: number) => number;

/**
 * The normal distribution's inverse by Acklam's rational approximation (2003; relative error below 1.15e-9).
 * @param p in (0, 1)
 */
export function normalQuantile(p: number): number {
  if (p < 0.02425) return normalTail(Math.sqrt(-2 * log(p)));
  if (p > 1 - 0.02425) return -normalTail(Math.sqrt(-2 * log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  const numerator =
    ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
    2.506628277459239;
  const denominator =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1;
  return (numerator * q) / denominator;
}

function normalTail(q: number): number {
  const numerator =
    ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
    2.938163982698783;
  const denominator =
    (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
  return numerator / denominator;
}

/** Normal with a mean and a standard deviation. */
export function normal(mean: number, deviation: number): Quantile {
  return (bits) => mean + deviation * normalQuantile(unitOf(bits));
}

/** Lognormal: `median` times e to a normal with deviation `sigma`. */
export function lognormal(median: number, sigma: number): Quantile {
  return (bits) => median * exp(sigma * normalQuantile(unitOf(bits)));
}

/** Exponential with a mean. */
export function exponential(mean: number): Quantile {
  return (bits) => -mean * log(unitOf(bits));
}

/** Uniform on [low, high). */
export function uniform(low: number, high: number): Quantile {
  return (bits) => low + (high - low) * unitOf(bits);
}

/** One of some bins by weight, evenly within it. @param bins [low, high, weight] each, a weight above 0 among them */
export function histogram(bins: readonly (readonly [low: number, high: number, weight: number])[]): Quantile {
  const sum = bins.reduce((total, [, , weight]) => total + weight, 0);
  const ends: number[] = [];
  for (const [, , weight] of bins) ends.push((ends.at(-1) ?? 0) + weight / sum);
  const last = bins.findLastIndex(([, , weight]) => weight > 0);
  return (bits) => {
    const unit = unitOf(bits);
    let at = 0;
    while (at < last && unit >= ends[at]) at++;
    const start = at === 0 ? 0 : ends[at - 1];
    const [low, high] = bins[at];
    return Math.min(high, low + ((high - low) * (unit - start)) / (ends[at] - start));
  };
}

/**
 * Zipf ranks by inverting the continuous envelope of sum(k^-exponent): rank in [0, size), 0 the most frequent.
 * The integral form (Hörmann and Derflinger, "Rejection-Inversion", 1996) without its rejection step: the head's
 * shares are those of the integral of x^-exponent over [k + 1/2, k + 3/2), close to Zipf's and computed in O(1).
 * @param size how many ranks, up to 2^53
 * @param exponent above 0; 1 is the classic law
 */
export function zipf(size: number, exponent: number): Quantile {
  const power = 1 - exponent;
  const isLogarithmic = Math.abs(power) < 1e-9;
  const integral = (x: number): number => (isLogarithmic ? log(x) : exp(power * log(x)) / power);
  const inverse = (y: number): number => (isLogarithmic ? exp(y) : exp(log(y * power) / power));
  const low = integral(0.5);
  const high = integral(size + 0.5);
  return (bits) => Math.min(size - 1, Math.max(0, Math.floor(inverse(low + unitOf(bits) * (high - low)) - 0.5)));
}
