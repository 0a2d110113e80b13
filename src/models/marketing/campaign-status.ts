import type { BindContext, Column } from "../../columns/column.js";
import { codes } from "../../columns/values.js";
import { permutation } from "../../core/permutation.js";
import { enumType } from "../../core/sql-type.js";
import { SeedBulkError } from "../../errors.js";

/** States of a campaign. */
export const CAMPAIGN_STATUSES = ["draft", "active", "paused", "completed", "cancelled"] as const;
type Status = (typeof CAMPAIGN_STATUSES)[number];

/** Their places. */
export const [DRAFT, ACTIVE, PAUSED, COMPLETED, CANCELLED] = [0, 1, 2, 3, 4];

/** A flag for each status, in their order: was there ever a drop? */
export const LAUNCHED = [0, 1, 1, 1, 0];

/** How many campaigns are in each state: the weights' shares, to rounding. */
function statusCounts({ scenario: { weights }, rowCount }: BindContext): Record<Status, number> {
  const byName = weights["campaignStatus"] ?? {};
  const order: readonly Status[] = ["completed", "active", "draft", "paused", "cancelled"];
  const sum = order.reduce((total, name) => total + (byName[name] ?? 0), 0);
  const counts = { draft: 0, active: 0, paused: 0, completed: 0, cancelled: 0 };
  let before = 0;
  let weight = 0;
  for (const name of order) {
    weight += byName[name] ?? 0;
    // Rank r falls where (r + 1/2) / n does: one campaign alone gets the state in the middle.
    const end = name === "cancelled" ? rowCount : Math.round((weight / sum) * rowCount - 1e-9);
    counts[name] = end - before;
    before = end;
  }
  if (rowCount > 0 && counts.completed + counts.active + counts.paused === 0) {
    throw new SeedBulkError(
      "SB_SCENARIO_INVALID",
      "weights.campaignStatus leaves no campaign that mails, yet there are recipients",
      {
        hint: "Give completed, active or paused a weight.",
      },
    );
  }
  return counts;
}

/**
 * The state at the window's end. Campaigns stand in the order of their drops: the last of them are active or drafts,
 * those before are over, paused or cancelled; a shuffle within each part says which.
 */
export function campaignStatus(): Column {
  const about = "exact shares; active ones and drafts are the latest";
  return codes(
    { type: enumType("campaign_status", CAMPAIGN_STATUSES), labels: CAMPAIGN_STATUSES, about },
    (context) => {
      const { completed, paused, cancelled, active, draft } = statusCounts(context);
      const early = completed + paused + cancelled;
      const shuffleEarly = permutation(context.key("early"), Math.max(1, early));
      const shuffleLate = permutation(context.key("late"), Math.max(1, active + draft));
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const row = rowIndexes[i];
          if (row < early) {
            const rank = shuffleEarly.forward(row);
            out[i] = rank < completed ? COMPLETED : rank < completed + paused ? PAUSED : CANCELLED;
          } else out[i] = shuffleLate.forward(row - early) < active ? ACTIVE : DRAFT;
        }
      };
    },
  );
}
