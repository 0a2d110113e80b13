import { withThousands } from "../../core/thousands.js";
import type { PlanFacts } from "../../model/checks.js";
import { tierPlan } from "./tiers.js";

/** What a plan says of the totals that were asked for and that the ranges do not allow. */
export function tapflowNotes({ scenario }: PlanFacts): string[] {
  const { totals } = tierPlan(scenario);
  return Object.entries(totals).flatMap(([name, { asked, low, high, made }]) => {
    if (asked === made) return [];
    const bound = asked > high ? `at most ${withThousands(high)}` : `at least ${withThousands(low)}`;
    return [
      `${name}: ${withThousands(asked)} asked for; the ranges of ${withThousands(scenario.sizes["accounts"])} accounts allow ` +
        `${bound}, so there are ${withThousands(made)}.`,
    ];
  });
}
