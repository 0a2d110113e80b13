import type { ColumnScenario } from "../../columns/column.js";
import { floorOfProduct } from "../../core/math/index.js";
import { type Ranged, rangeNames, TIERS } from "./knobs.js";
import { type Ladder, ladder } from "./ladder.js";

/** Terms that an account has had, the current one included. */
export const TERMS_MOST = 3;

/** A number asked for, what the ranges allow, and what is made of it. */
export interface Total {
  readonly asked: number;
  readonly low: number;
  readonly high: number;
  /** `asked`, or the nearest number that the ranges allow. */
  readonly made: number;
}

/** How many of everything there are under a scenario, tier by tier: in the order of TIERS. */
export interface TierPlan {
  /** Accounts of the tiers before each tier, and of all. */
  readonly accountsBefore: readonly number[];
  readonly totals: Readonly<Record<Ranged | "subscriptions", Total>>;
  readonly ladders: Readonly<Record<Ranged, readonly Ladder[]>>;
  readonly subscriptions: Ladder;
}

/** Works the tiers out: exact numbers of accounts, and numbers within the ranges of all that they own. */
export function tierPlan({ sizes, weights, settings }: ColumnScenario): TierPlan {
  const byTier = weights["tier"];
  const accounts = shareOut(
    sizes["accounts"],
    TIERS.map((tier) => byTier[tier]),
  );
  const deal = (ranged: Ranged, parents: readonly number[]) => {
    const tiers = TIERS.map((tier, at) => {
      const { least, most } = rangeNames(tier, ranged);
      return { parents: parents[at], least: settings[least], most: settings[most] };
    });
    return dealTotal(sizes[ranged], tiers);
  };
  const locations = deal("locations", accounts);
  const users = deal("users", accounts);
  const devices = deal(
    "devices",
    locations.ladders.map(({ total }) => total),
  );
  const terms = dealTotal(sizes["subscriptions"], [{ parents: sizes["accounts"], least: 1, most: TERMS_MOST }]);
  return {
    accountsBefore: [0, ...runningSums(accounts)],
    totals: { locations: locations.total, devices: devices.total, users: users.total, subscriptions: terms.total },
    ladders: { locations: locations.ladders, devices: devices.ladders, users: users.ladders },
    subscriptions: terms.ladders[0],
  };
}

/** Deals a total to tiers by the room that each has above its least. */
function dealTotal(asked: number, tiers: readonly { parents: number; least: number; most: number }[]) {
  const low = sum(tiers.map(({ parents, least }) => parents * least));
  const high = sum(tiers.map(({ parents, most }) => parents * most));
  const made = Math.min(high, Math.max(low, asked));
  const above = runningSums(tiers.map(({ parents, least, most }) => parents * (most - least)));
  const dealtBefore = [0, ...above.map((room) => (high === low ? 0 : floorOfProduct(made - low, room, high - low)))];
  const ladders = tiers.map((tier, at) =>
    ladder({ ...tier, total: tier.parents * tier.least + dealtBefore[at + 1] - dealtBefore[at] }),
  );
  return { total: { asked, low, high, made }, ladders };
}

/** Whole numbers in the ratio of weights, to rounding, that sum to the total. */
function shareOut(total: number, weights: readonly number[]): number[] {
  const all = sum(weights);
  const ends = runningSums(weights).map((weight) => Math.round((total * weight) / all));
  return ends.map((end, at) => end - (at === 0 ? 0 : ends[at - 1]));
}

function runningSums(values: readonly number[]): number[] {
  let running = 0;
  return values.map((value) => {
    running += value;
    return running;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
