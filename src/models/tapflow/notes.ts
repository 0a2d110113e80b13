import type { CheckFacts } from "../../model/checks.js";
import { tierPlan } from "./tiers.js";

/** What a plan says of the totals that were asked for and that the ranges do not allow. */
export function tapflowNotes({ scenario }: CheckFacts): string[] {
  const { totals } = tierPlan(scenario);
  return Object.entries(totals).flatMap(([name, { asked, low, high, made }]) => {
    if (asked === made) return [];
    const bound = asked > high ? `at most ${grouped(high)}` : `at least ${grouped(low)}`;
    return [
      `${name}: ${grouped(asked)} asked for; the ranges of ${grouped(scenario.sizes["accounts"])} accounts allow ` +
        `${bound}, so there are ${grouped(made)}.`,
    ];
  });
}

/** A whole number with commas, by a rule of our own: what the platform makes of it moves with its version. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
