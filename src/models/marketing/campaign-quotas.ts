import type { BindContext } from "../../columns/column.js";
import { normalQuantile } from "../../core/distributions.js";
import { BLOCK_PARENTS, type FanOut } from "../../core/fan-out.js";
import { exp, log } from "../../core/math/index.js";
import { type QuotaStep, quotaBefore } from "../../core/quota.js";
import { cellBits, unitOf } from "../../core/random.js";
import { clientOfCampaign, industryOfClient } from "./assignment.js";
import { INDUSTRIES, INDUSTRY_NAMES } from "./data/industries.js";

/** Campaigns of one industry respond differently: lognormal, so that one in twenty has 1.5 times the usual odds. */
const RESPONSE_SIGMA = 0.25;

/** And what follows from a response, or goes before it, differs a little from one to the next. */
const CAMPAIGN_SIGMA = 0.05;

interface Step {
  /** The step that it follows from, by its place; all recipients without it. */
  readonly of?: number;
  /** Exact in all. */
  readonly total: number;
  /** Whether it is as frequent as the industry and the campaign's luck make it. */
  readonly responds: boolean;
}

/**
 * How many recipients of each campaign take each step: totals over all campaigns are exact, and a campaign's share of
 * them goes by its size, its response and chance. In the order of `strataOf`: mailed, delivered, visited, scanned,
 * submitted, lead, called, answered, opted in, gift card.
 * @returns from a campaign to its steps
 */
export function campaignQuotas(context: BindContext, recipients: FanOut): (campaign: number) => readonly QuotaStep[] {
  const steps = journeySteps(context);
  const campaigns = context.entity("campaigns").rowCount;
  const share = shareInCampaigns(context, steps);
  const blocks = Math.ceil(campaigns / BLOCK_PARENTS);
  // What each step's weights come to before each block of campaigns, and in all.
  const before = steps.map(() => new Float64Array(blocks + 1));
  // How far the shares of a step keep from their mean.
  const spread = steps.map(() => ({ mean: 0, part: 1 }));
  const counts = steps.map(() => new Float64Array(BLOCK_PARENTS));
  const sizes = new Float64Array(BLOCK_PARENTS);
  let open = -1;

  const size = (block: number): number => Math.min(BLOCK_PARENTS, campaigns - block * BLOCK_PARENTS);
  const readSizes = (block: number): void => {
    for (let i = 0; i < size(block); i++) {
      const campaign = block * BLOCK_PARENTS + i;
      sizes[i] = recipients.start(campaign + 1) - recipients.start(campaign);
    }
  };
  const rowsOf = (at: number): Float64Array => {
    const { of } = steps[at];
    return of === undefined ? sizes : counts[of];
  };
  /** The counts of a step in a block: differences of rounded sums of weights, so that all of them come to the total. */
  const count = (at: number, block: number): void => {
    const { total } = steps[at];
    const { mean, part } = spread[at];
    const all = before[at][blocks];
    const rows = rowsOf(at);
    const scale = all > 0 ? total / all : 0;
    let weight = before[at][block];
    let reached = roundedDown(weight * scale);
    for (let i = 0; i < size(block); i++) {
      const campaign = block * BLOCK_PARENTS + i;
      weight += rows[i] * (mean + part * (share(at, campaign, rows[i]) - mean));
      const next = campaign === campaigns - 1 ? total : roundedDown(weight * scale);
      counts[at][i] = next - reached;
      reached = next;
    }
  };
  const ancestors = (at: number): number[] => {
    const { of } = steps[at];
    return of === undefined ? [] : [...ancestors(of), of];
  };

  for (const [at, { total }] of steps.entries()) {
    if (total === 0) continue;
    let [rowsInAll, taken, most] = [0, 0, 0];
    const sums = before[at];
    for (let block = 0; block < blocks; block++) {
      readSizes(block);
      for (const earlier of ancestors(at)) count(earlier, block);
      const rows = rowsOf(at);
      for (let i = 0; i < size(block); i++) {
        const own = share(at, block * BLOCK_PARENTS + i, rows[i]);
        rowsInAll += rows[i];
        taken += rows[i] * own;
        if (rows[i] > 0) most = Math.max(most, own);
      }
    }
    // No campaign may be asked for more than it has: shares draw together until none is.
    const mean = rowsInAll > 0 ? taken / rowsInAll : 1;
    const limit = (mean * rowsInAll) / total;
    spread[at] = { mean, part: most > limit ? Math.max(0, (limit - mean) / (most - mean)) : 1 };
    let sum = 0;
    for (let block = 0; block < blocks; block++) {
      sums[block] = sum;
      readSizes(block);
      for (const earlier of ancestors(at)) count(earlier, block);
      const rows = rowsOf(at);
      for (let i = 0; i < size(block); i++) {
        const { part } = spread[at];
        sum += rows[i] * (mean + part * (share(at, block * BLOCK_PARENTS + i, rows[i]) - mean));
      }
    }
    sums[blocks] = sum;
  }

  return (campaign) => {
    const block = Math.floor(campaign / BLOCK_PARENTS);
    if (block !== open) {
      readSizes(block);
      for (const at of steps.keys()) count(at, block);
      open = block;
    }
    return steps.map(({ of }, at) => ({
      total: counts[at][campaign - block * BLOCK_PARENTS],
      ...(of !== undefined && { of }),
    }));
  };
}

/** A sum of weights is off by its last bits; a whole number must not fall below itself for that. */
function roundedDown(value: number): number {
  return Math.floor(value + 1e-6 * Math.max(1, value * 1e-9));
}

/**
 * The share of a step's rows that take it in a campaign, 0 to 1: the odds of all, times the campaign's response, and off by
 * what chance gives so many rows.
 */
function shareInCampaigns(
  context: BindContext,
  steps: readonly Step[],
): (step: number, campaign: number, rows: number) => number {
  const clientOf = clientOfCampaign(context);
  const industryOf = industryOfClient(context);
  const factors = INDUSTRY_NAMES.map((name) => log(INDUSTRIES[name].responseFactor));
  const key = context.key("campaigns");
  const lucky = (campaign: number, draw: number): number => normalQuantile(unitOf(cellBits(key, campaign, draw)));
  const shares = steps.map(({ of, total }) => {
    const rows = of === undefined ? context.rowCount : steps[of].total;
    return rows > 0 ? total / rows : 0;
  });
  return (step, campaign, rows) => {
    const share = shares[step];
    if (share >= 1 || rows === 0) return share;
    const deviation = Math.sqrt(CAMPAIGN_SIGMA * CAMPAIGN_SIGMA + 1 / (share * (1 - share) * rows));
    let odds = log(share / (1 - share)) + Math.min(3, Math.max(-3, deviation * lucky(campaign, step)));
    if (steps[step].responds) {
      // By as much as the response multiplies the share, not the odds.
      const response = factors[industryOf(clientOf(campaign))] + RESPONSE_SIGMA * lucky(campaign, steps.length);
      odds += response / (1 - share);
    }
    return 1 / (1 + exp(-odds));
  };
}

/**
 * The steps of a journey. A step's total is a share of the total of the step it follows from, so that no more take it
 * than took that one.
 */
function journeySteps({ rowCount, scenario: { shares, features } }: BindContext): readonly Step[] {
  const share = shares as Record<ShareName, number>;
  const { callCenter, giftCards } = features as Record<"callCenter" | "giftCards", boolean>;
  const mailed = quotaBefore(rowCount, share.mailed);
  const delivered = quotaBefore(mailed, ratio(share.delivered, share.mailed));
  const visited = quotaBefore(delivered, ratio(share.purlVisited, share.delivered));
  const submitted = quotaBefore(visited, ratio(share.formSubmitted, share.purlVisited));
  const called = callCenter ? quotaBefore(delivered, ratio(share.called, share.delivered)) : 0;
  const answered = quotaBefore(called, share.answered);
  const optedIn = quotaBefore(answered, ratio(share.smsOptedIn, share.answered));
  return [
    { total: mailed, responds: false },
    { total: delivered, of: 0, responds: false },
    { total: visited, of: 1, responds: true },
    { total: quotaBefore(delivered, ratio(share.qrScanned, share.delivered)), of: 1, responds: true },
    { total: submitted, of: 2, responds: false },
    { total: quotaBefore(submitted, ratio(share.lead, share.formSubmitted)), of: 4, responds: false },
    { total: called, of: 1, responds: true },
    { total: answered, of: 6, responds: false },
    { total: optedIn, of: 7, responds: false },
    { total: giftCards ? quotaBefore(optedIn, share.giftCardIssued) : 0, of: 8, responds: false },
  ];
}

type ShareName =
  | "mailed"
  | "delivered"
  | "qrScanned"
  | "purlVisited"
  | "formSubmitted"
  | "lead"
  | "called"
  | "answered"
  | "smsOptedIn"
  | "giftCardIssued";

function ratio(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 0;
}
