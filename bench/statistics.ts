/** What several measurements of one thing come to. */
export interface Summary {
  readonly runs: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /**
   * Standard deviation of one run as a share of the median: how far another run would lie off by chance. Null for a
   * single run, which says nothing of its noise.
   */
  readonly noise: number | null;
}

/** Expected range of n normal draws in standard deviations, by n from 2 (Tippett's d2; Montgomery, Statistical Quality Control). */
const RANGE_OF_NORMAL = [1.128, 1.693, 2.059, 2.326, 2.534, 2.704, 2.847, 2.97, 3.078] as const;
/** The median absolute deviation of a normal distribution is this share of its standard deviation. */
const MAD_OF_NORMAL = 0.6745;

/**
 * Summarises measurements.
 * @param values at least one, all finite and above 0
 */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted[sorted.length - 1]];
  const middle = median(sorted);
  return { runs: sorted.length, median: middle, min, max, noise: noiseOf(sorted, middle) };
}

/** The middle of values in any order; the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The median distance from the median. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

/**
 * The larger of two estimates. Three runs may have two alike by luck, and then their MAD is near 0: the range sees the
 * third. Of many runs a single outlier makes the range too large, so from 11 on the MAD alone counts.
 */
function noiseOf(sorted: readonly number[], middle: number): number | null {
  if (sorted.length < 2) return null;
  const robust = medianAbsoluteDeviation(sorted) / MAD_OF_NORMAL;
  const perDeviation = RANGE_OF_NORMAL[sorted.length - 2];
  const byRange = perDeviation === undefined ? 0 : (sorted[sorted.length - 1] - sorted[0]) / perDeviation;
  return Math.max(robust, byRange) / middle;
}

/** A ratio of two medians, with how far it may be off by chance. */
export interface Ratio {
  readonly value: number;
  /** As a share of the ratio; null where one side was measured once. */
  readonly noise: number | null;
}

/** The ratio of two summaries' medians; the noise of a quotient is that of both its sides. */
export function ratioOf(top: Summary, bottom: Summary): Ratio {
  const noise = top.noise === null || bottom.noise === null ? null : Math.hypot(top.noise, bottom.noise);
  return { value: top.median / bottom.median, noise };
}

/** Whether a ratio differs from 1 by more than chance would make it. */
export function isResult({ value, noise }: Ratio): boolean {
  return noise !== null && Math.abs(Math.log(value)) > noise;
}
