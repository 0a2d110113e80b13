/**
 * floor(a * b / c) of whole numbers up to 2^53, exact also where the product is beyond.
 * @param c above 0
 */
export function floorOfProduct(a: number, b: number, c: number): number {
  const product = a * b;
  if (product <= Number.MAX_SAFE_INTEGER) return Math.floor(product / c);
  return Number((BigInt(a) * BigInt(b)) / BigInt(c));
}
