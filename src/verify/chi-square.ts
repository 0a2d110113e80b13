/**
 * How often a good load may fail one statistical check by chance. A load has fewer than a hundred of them, and cells
 * of {@link EXPECTED_MIN} and more keep the true rate below a hundred times the nominal one (a test computes it), so
 * that a good load fails less than once in ten thousand.
 */
export const SIGNIFICANCE = 1e-8;

/** Expected counts below this are pooled: the chi-square distribution says little of the tails of smaller ones. */
export const EXPECTED_MIN = 20;

/** One value of a distribution. */
export interface Cell {
  readonly label: string;
  readonly observed: number;
  readonly expected: number;
}

/** What Pearson's chi-square test says of some cells. */
export interface ChiSquare {
  readonly statistic: number;
  readonly degrees: number;
  /** How often chance alone gives a statistic as large; 1 where there are too few rows to tell. */
  readonly probability: number;
}

/** Pearson's chi-square test. A value that cannot occur and does has the probability 0. */
export function chiSquareTest(cells: readonly Cell[]): ChiSquare {
  if (cells.some(({ observed, expected }) => expected === 0 && observed > 0)) {
    return { statistic: Number.POSITIVE_INFINITY, degrees: cells.length - 1, probability: 0 };
  }
  const pooled = poolSmall(cells.filter(({ expected }) => expected > 0));
  const statistic = pooled.reduce((sum, { observed, expected }) => sum + (observed - expected) ** 2 / expected, 0);
  const degrees = Math.max(0, pooled.length - 1);
  return { statistic, degrees, probability: degrees === 0 ? 1 : chiSquareTail(statistic, degrees) };
}

function poolSmall(cells: readonly Cell[]): Cell[] {
  const ordered = cells.toSorted((a, b) => b.expected - a.expected);
  while (ordered.length > 1 && ordered[ordered.length - 1].expected < EXPECTED_MIN) {
    const last = ordered.pop()!;
    const next = ordered.pop()!;
    ordered.push({
      label: `${next.label}, ${last.label}`,
      observed: next.observed + last.observed,
      expected: next.expected + last.expected,
    });
  }
  return ordered;
}

/**
 * The probability that chi-square exceeds a value, by the recursion Q(a + 1, y) = Q(a, y) + y^a e^-y / Gamma(a + 1)
 * (Abramowitz and Stegun, 6.5.21), from Q(1, y) = e^-y or Q(1/2, y) = erfc(sqrt(y)).
 * @param degrees of freedom, at least 1
 */
export function chiSquareTail(value: number, degrees: number): number {
  const y = value / 2;
  if (!(y > 0)) return 1;
  let a = degrees % 2 === 0 ? 1 : 0.5;
  let tail = degrees % 2 === 0 ? Math.exp(-y) : erfc(Math.sqrt(y));
  // The logarithm of y^a e^-y / Gamma(a + 1): Gamma(3/2) is sqrt(pi) / 2.
  let logTerm = degrees % 2 === 0 ? Math.log(y) - y : Math.log(y) / 2 - y - Math.log(Math.sqrt(Math.PI) / 2);
  for (; a < degrees / 2; a++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log(y) - Math.log(a + 1);
  }
  return Math.min(1, tail);
}

/** The complementary error function of x >= 0 to a relative error of 1.2e-7 (Press et al., "Numerical Recipes", 6.2). */
function erfc(x: number): number {
  const t = 1 / (1 + x / 2);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const polynomial = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  return t * Math.exp(-x * x + polynomial);
}
