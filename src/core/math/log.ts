import { highWord, powerOfTwo } from "./words.js";

/*
 * The constants and the polynomial are those of fdlibm's e_log.c:
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc. business.
 * Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.
 */

const LEAST_NORMAL = 2.2250738585072014e-308;
const TWO_54 = 18014398509481984;
/** ln 2 in two parts: the first has so few bits that its multiples are exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** (log(1 + s) - log(1 - s)) / s - 2 by Remez, in powers of s * s. */
const L1 = 0.6666666666666735;
const L2 = 0.3999999999940942;
const L3 = 0.2857142874366239;
const L4 = 0.22222198432149784;
const L5 = 0.1818357216161805;
const L6 = 0.15313837699209373;
const L7 = 0.14798198605116586;

/**
 * The natural logarithm, by the same operations on every machine: x = 2^k * (1 + f) with 1 + f near 1, and a polynomial
 * of s = f / (2 + f) (fdlibm's e_log.c, Sun Microsystems, 1993). The error is below one ulp.
 */
export function log(x: number): number {
  if (x >= LEAST_NORMAL && x <= Number.MAX_VALUE) return logOf(x, 0);
  if (x > 0) return x === Number.POSITIVE_INFINITY ? x : logOf(x * TWO_54, -54);
  return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
}

/** The logarithm of a normal number x > 0, times 2^twos. */
function logOf(x: number, twos: number): number {
  const word = highWord(x);
  const mantissa = word & 0xfffff;
  // 1 + f lies in [sqrt(1/2), sqrt(2)): above it, it is halved.
  const exponent = (word >> 20) - 1023 + (((mantissa + 0x95f64) >> 20) & 1);
  return sumOf(x * powerOfTwo(-exponent) - 1, exponent + twos, mantissa);
}

/** k * ln 2 + log(1 + f). */
function sumOf(f: number, k: number, mantissa: number): number {
  // |f| < 2^-20: three terms of the series are enough.
  if (((2 + mantissa) & 0xfffff) < 3) {
    const r = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - r : k * LN2_HIGH - (r - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const r = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6));
  // Where f is large its square is taken out of the polynomial, lest it be rounded twice.
  if (mantissa > 0x6147a && mantissa <= 0x6b851) {
    const half = 0.5 * f * f;
    return k === 0 ? f - (half - s * (half + r)) : k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
  }
  return k === 0 ? f - s * (f - r) : k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f);
}
