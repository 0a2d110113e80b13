import type { BindContext } from "../../columns/column.js";
import { cellBits, unitOf } from "../../core/random.js";
import { INDUSTRY_NAMES } from "./data/industries.js";

// Who belongs to whom, where more than one table has to know.

/** Fractional parts of multiples of these spread evenly (the golden ratio's and the plastic number's inverses). */
const GOLDEN = 0.6180339887498949;
const PLASTIC = 0.7548776662466927;

/**
 * Which client each campaign is for: by the clients' weights, as exactly as so many campaigns allow, neighbours apart.
 * @returns from a campaign's row index to a client's
 */
export function clientOfCampaign(context: BindContext): (campaign: number) => number {
  const clients = context.weightedRows("clients", "campaign_weight");
  const start = unitOf(cellBits(context.sharedKey("clients of campaigns"), 0, 0));
  return (campaign) => clients.rowAt(fraction(start + campaign * GOLDEN));
}

/**
 * Which industry each client is in: the scenario's weights, met as closely as so many clients allow.
 * @returns from a client's row index to a place in INDUSTRY_NAMES
 */
export function industryOfClient({
  scenario: { weights },
  sharedKey,
}: Pick<BindContext, "scenario" | "sharedKey">): (client: number) => number {
  const byName = weights["industry"] ?? {};
  const start = unitOf(cellBits(sharedKey("industries"), 0, 0));
  let sum = 0;
  const bounds = INDUSTRY_NAMES.map((name) => (sum += byName[name] ?? 0));
  const last = bounds.indexOf(sum);
  return (client) => {
    const at = fraction(start + client * PLASTIC) * sum;
    const industry = bounds.findIndex((bound) => at < bound);
    return industry < 0 ? last : industry;
  };
}

function fraction(value: number): number {
  return value - Math.floor(value);
}
