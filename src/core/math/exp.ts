import { scaled } from "./words.js";

/*
 * The constants and the polynomial are those of fdlibm's e_exp.c:
 * Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
 * Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.
 */

const OVERFLOWS_ABOVE = 709.782712893384;
const VANISHES_BELOW = -745.1332191019411;
/** ln 2 in two parts: the first has so few bits that its multiples are exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LN2 = LN2_HIGH + LN2_LOW;
const PER_LN2 = 1 / LN2;
/** The double next to e. */
const E = 6121026514868073 / 2 ** 51;
/** x * coth(x / 2) - 2 by Remez, in powers of x * x. */
const P1 = 0.16666666666666602;
const P2 = -0.0027777777777015593;
const P3 = 0.00006613756321437934;
const P4 = -0.0000016533902205465252;
const P5 = 4.1381367970572385e-8;

/**
 * e to the x, by the same operations on every machine: x = k * ln 2 + r, and a rational function of r
 * (fdlibm's e_exp.c, Sun Microsystems, 1993 to 2004). The error is below one ulp.
 */
export function exp(x: number): number {
  if (!(x <= OVERFLOWS_ABOVE)) return x > 0 ? Number.POSITIVE_INFINITY : x;
  if (x < VANISHES_BELOW) return 0;
  const size = x < 0 ? -x : x;
  if (size <= 0.5 * LN2) {
    // Below 2^-28 the square no longer shows.
    if (size < 3.725290298461914e-9) return 1 + x;
    const c = reduced(x);
    return 1 - ((x * c) / (c - 2) - x);
  }
  // The formula is half an ulp off at 1.
  if (x === 1) return E;
  const k = size < 1.5 * LN2 ? (x < 0 ? -1 : 1) : (PER_LN2 * x + (x < 0 ? -0.5 : 0.5)) | 0;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const c = reduced(r);
  return scaled(1 - (low - (r * c) / (2 - c) - high), k);
}

/** r minus its polynomial. */
function reduced(r: number): number {
  const t = r * r;
  return r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
}
