import type { BindContext, Column } from "../../columns/column.js";
import { codes, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { type Permutation, permutation } from "../../core/permutation.js";
import { enumType, INT4 } from "../../core/sql-type.js";
import { type Ranged, TIERS } from "./knobs.js";
import type { Ladder } from "./ladder.js";
import { tierPlan } from "./tiers.js";

/** An account's place among all, by a shuffle: its tier and the place within the tier follow from it. */
export function tierPlace(): Column {
  return numbers({ type: INT4, about: "another place in each row, by a shuffle" }, (context) => {
    const { forward } = permutation(context.key(), Math.max(1, context.rowCount));
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = forward(rowIndexes[i]);
    };
  });
}

/** The tier that a place among all accounts falls into: exact shares. */
export function tierOf(placePath: string): Column {
  const spec = { type: enumType("account_tier", TIERS), labels: TIERS, about: "by the weights of tiers, exactly" };
  return codes({ ...spec, reads: [placePath] }, (context, inputs) => {
    const places = numbersOf(inputs, 0).values;
    const { accountsBefore } = tierPlan(context.scenario);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        let tier = 0;
        while (places[i] >= accountsBefore[tier + 1]) tier++;
        out[i] = tier;
      }
    };
  });
}

/** An account's place within its tier, from 0. */
export function placeInTier(placePath: string, tierPath: string): Column {
  return numbers({ type: INT4, reads: [placePath, tierPath], about: "place within the tier" }, (context, inputs) => {
    const places = numbersOf(inputs, 0).values;
    const tiers = wordsOf(inputs, 1).codes;
    const { accountsBefore } = tierPlan(context.scenario);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = places[i] - accountsBefore[tiers[i]];
    };
  });
}

/** Children of all parents of the tier before this one; see {@link countInTier}. */
export function countBefore(ranged: Ranged, placePath: string, tierPath: string): Column {
  const about = `${ranged} of the tier's accounts of lower places`;
  return numbers({ type: INT4, reads: [placePath, tierPath], about }, (context, inputs) => {
    const places = numbersOf(inputs, 0).values;
    const tiers = wordsOf(inputs, 1).codes;
    const ladders = tierPlan(context.scenario).ladders[ranged];
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = ladders[tiers[i]].before(places[i]);
    };
  });
}

/**
 * How many children a row has: within its tier's range, and exact in total.
 * @param options.place the path of the row's place within its tier
 * @param options.tier the path of its tier
 * @param options.shuffled whether another shuffle decides who has many, so that two counts do not go together
 */
export function countInTier(
  ranged: Ranged,
  options: { place: string; tier: string; shuffled?: boolean; type?: Column["type"] },
): Column {
  const { place, tier, shuffled = false, type = INT4 } = options;
  const about = `${ranged} within the tier's range, exact in total`;
  return numbers({ type, reads: [place, tier], about }, (context, inputs) => {
    const places = numbersOf(inputs, 0).values;
    const tiers = wordsOf(inputs, 1).codes;
    const ladders = tierPlan(context.scenario).ladders[ranged];
    const shuffles = shuffled ? shufflesOf(context, ladders) : undefined;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const own = tiers[i];
        out[i] = ladders[own].count(shuffles === undefined ? places[i] : shuffles[own].forward(places[i]));
      }
    };
  });
}

function shufflesOf(context: BindContext, ladders: readonly Ladder[]): Permutation[] {
  return ladders.map(({ parents }, tier) => permutation(context.key(TIERS[tier]), Math.max(1, parents)));
}

/** A location's place among those of its tier: its account's first one, and which of the account's it is. */
export function locationPlace(): Column {
  const reads = ["account_id.locations_before", "$ordinal"];
  return numbers({ type: INT4, reads, about: "place among the tier's locations" }, (_context, inputs) => {
    const [before, ordinal] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = before[i] + ordinal[i];
    };
  });
}

/** How many terms an account has had: one to three, exact in total. */
export function termCount(): Column {
  return numbers({ type: INT4, about: "one to three, mostly one, exact in total" }, (context) => {
    const { subscriptions } = tierPlan(context.scenario);
    const { forward } = permutation(context.key(), Math.max(1, context.rowCount));
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = subscriptions.count(forward(rowIndexes[i]));
    };
  });
}

/** True in an exact share of the rows, by a shuffle: 0 or 1. */
export function dealt(share: string): Column {
  return numbers({ type: INT4, about: `1 in exactly the share ${share} of the rows` }, (context) => {
    const { forward } = permutation(context.key(), Math.max(1, context.rowCount));
    const quota = Math.round(context.rowCount * context.scenario.shares[share]);
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = forward(rowIndexes[i]) < quota ? 1 : 0;
    };
  });
}
