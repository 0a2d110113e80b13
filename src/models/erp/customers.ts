import type { BindContext } from "../../columns/column.js";
import { exp, log } from "../../core/math/index.js";
import { permutation } from "../../core/permutation.js";

/** How few companies most orders are from. */
export const COMPANY_EXPONENT = 0.7;

/**
 * Companies by how many orders they give, the most first; which of them order often, a shuffle says.
 * @returns from a rank to a company's row
 */
export function companiesByRank(context: BindContext): (rank: number) => number {
  const { rowCount } = context.entity("companies");
  return permutation(context.sharedKey("customers"), Math.max(1, rowCount)).forward;
}

/** How often each rank orders beside the others. */
export function rankWeights(companies: number): Float64Array {
  return Float64Array.from({ length: companies }, (_, rank) => exp(-COMPANY_EXPONENT * log(rank + 1)));
}

/**
 * The share of all orders that is each company's.
 * @returns from a company's row to its share
 */
export function orderShares(context: BindContext): (company: number) => number {
  const { rowCount } = context.entity("companies");
  const weights = rankWeights(rowCount);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const companyOf = companiesByRank(context);
  const shares = new Float64Array(rowCount);
  for (let rank = 0; rank < rowCount; rank++) shares[companyOf(rank)] = weights[rank] / total;
  return (company) => shares[company];
}
