import type { BindContext } from "../../columns/column.js";
import { VAT_PERCENT } from "./order-money.js";
import { catalogueOf, rankShares } from "./products.js";

/** How many of a product a line is for, by weight. */
export const QUANTITIES = { 1: 16, 2: 16, 3: 10, 4: 9, 5: 10, 6: 9, 8: 5, 10: 10, 12: 7, 20: 4, 24: 3, 48: 1 } as const;

/** Discounts take about so much of an order. */
const AFTER_DISCOUNTS = 0.97;

/** What an order comes to on average, VAT included, in piastres. */
export function meanOrder(context: BindContext): number {
  const { size, prices, productOfRank } = catalogueOf(context);
  const shares = rankShares(size, context.scenario.settings["popularShare"]);
  const price = shares.reduce((sum, share, rank) => sum + share * prices[productOfRank[rank]], 0);
  const lines = meanOf(context.scenario.weights["linesPerOrder"]);
  return price * lines * meanOf(QUANTITIES) * AFTER_DISCOUNTS * (1 + VAT_PERCENT / 100);
}

function meanOf(weights: Readonly<Record<string, number>>): number {
  const entries = Object.entries(weights);
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  return entries.reduce((sum, [value, weight]) => sum + Number(value) * weight, 0) / total;
}
