import type { BindContext } from "../../columns/column.js";
import { INDUSTRY_NAMES } from "./data/industries.js";

// Who belongs to whom, where more than one table has to know. No key takes part: a column can only derive its own.

/** Fractional parts of multiples of these spread evenly (the golden ratio's and the plastic number's inverses). */
const GOLDEN = 0.6180339887498949;
const PLASTIC = 0.7548776662466927;

/**
 * Which client each campaign is for: all in turn, in strides so that neighbours differ. A client without contacts can
 * mail nobody; its turn goes to the owner of some contact instead.
 * @returns from a campaign's row index to a client's
 */
export function clientOfCampaign(context: BindContext): (campaign: number) => number {
  const clients = context.entity("clients").rowCount;
  const contacts = context.entity("contacts").rowCount;
  const fanOut = context.fanOut("contacts");
  const stride = coprimeNear(Math.round(clients * GOLDEN), clients);
  const contact = new Float64Array(1);
  const owner = new Float64Array(1);
  const ordinal = new Float64Array(1);
  return (campaign) => {
    const round = Math.floor(campaign / clients);
    const client = ((campaign % clients) * stride + round) % clients;
    if (fanOut.start(client + 1) > fanOut.start(client)) return client;
    contact[0] = Math.floor(fraction(campaign * GOLDEN) * contacts);
    fanOut.locate(contact, 1, owner, ordinal);
    return owner[0];
  };
}

/**
 * Which industry each client is in: the scenario's weights, met as closely as so many clients allow.
 * @returns from a client's row index to a place in INDUSTRY_NAMES
 */
export function industryOfClient({ scenario: { weights } }: BindContext): (client: number) => number {
  const byName = weights["industry"] ?? {};
  let sum = 0;
  const bounds = INDUSTRY_NAMES.map((name) => (sum += byName[name] ?? 0));
  const last = bounds.indexOf(sum);
  return (client) => {
    const at = fraction((client + 0.5) * PLASTIC) * sum;
    const industry = bounds.findIndex((bound) => at < bound);
    return industry < 0 ? last : industry;
  };
}

function fraction(value: number): number {
  return value - Math.floor(value);
}

function coprimeNear(wanted: number, size: number): number {
  for (let stride = Math.max(1, wanted); ; stride++) if (greatestDivisor(stride, size) === 1) return stride;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
