import { DAY_US, HOUR_US } from "../../core/calendar.js";
import { SeedBulkError } from "../../errors.js";

/** The documents' gaps, in days: created, 7 to 21, mail date, 3 to 5, drop date, 2 to 5, delivery, 1 to 14, engagement. */
export const GAPS = {
  mail: { least: 7, most: 21 },
  drop: { least: 3, most: 5 },
  delivery: { least: 2, most: 5 },
  engagement: { least: 1, most: 14 },
} as const;

/** From creation to drop, in µs. */
const LEAD_LEAST_US = (GAPS.mail.least + GAPS.drop.least) * DAY_US;
const LEAD_MOST_US = (GAPS.mail.most + GAPS.drop.most) * DAY_US;

/** What follows a first engagement on the web (form, lead) takes at most this long. */
export const FOLLOW_UP_US = 4 * HOUR_US;

/** A call, the opt-in that follows and the gift card that follows that take at most this long together. */
export const CALL_REST_US = 2 * HOUR_US;

/** When the phases of a scenario's window end. All moments in µs, whole. */
export interface Schedule {
  /** When the platform's history begins, before the window. */
  readonly historyUs: number;
  readonly fromUs: number;
  readonly toUs: number;
  /** Organizations sign up before this. */
  readonly organizationsEndUs: number;
  /** Clients are set up before this. */
  readonly clientsEndUs: number;
  /** Templates and pages are made before this; the first campaign is created after it. */
  readonly onboardingEndUs: number;
  /** Drop dates lie in `[firstDropUs, lastDropUs]`. */
  readonly firstDropUs: number;
  readonly lastDropUs: number;
}

/** Days between the last drop and the window's end: delivery, its shortest wait, and three days in which to call. */
const REST_MOST_US = 7 * DAY_US;
/** As little as that may shrink to: the two shortest gaps and half a day. */
const REST_LEAST_US = (GAPS.delivery.least + GAPS.engagement.least + 0.5) * DAY_US;

/**
 * Divides a window: a short onboarding, then campaigns. Customers came over the years before, and nothing is older than
 * what it belongs to.
 * @throws SeedBulkError SB_SCENARIO_INVALID where a journey does not fit into the window
 */
export function scheduleOf(context: {
  readonly windowUs: { readonly from: number; readonly to: number };
  readonly scenario: { readonly settings: Readonly<Record<string, number>> };
}): Schedule {
  const { from, to } = context.windowUs;
  const historyUs = context.scenario.settings["historyDays"] * DAY_US;
  const windowUs = to - from;
  const onboardingUs = Math.floor(Math.min(7 * DAY_US, Math.max(6 * HOUR_US, windowUs * 0.02)));
  const least = onboardingUs + LEAD_LEAST_US + REST_LEAST_US;
  if (windowUs < least) {
    throw new SeedBulkError(
      "SB_SCENARIO_INVALID",
      `the window of ${(windowUs / DAY_US).toFixed(1)} days is too short for marketing: from a campaign's creation ` +
        `to the first response to its mail take ${(least / DAY_US).toFixed(1)} days at the least`,
      { hint: "Give a window of 14 days or more." },
    );
  }
  const onboardingEndUs = from + onboardingUs;
  const firstDropUs = onboardingEndUs + LEAD_LEAST_US;
  const spareUs = to - firstDropUs;
  const restUs = Math.floor(Math.min(REST_MOST_US, Math.max(REST_LEAST_US, spareUs / 2)));
  return {
    historyUs: from - historyUs,
    fromUs: from,
    toUs: to,
    organizationsEndUs: from - Math.floor(historyUs * 0.3),
    clientsEndUs: from - Math.floor(historyUs * 0.02),
    onboardingEndUs,
    firstDropUs,
    lastDropUs: to - restUs,
  };
}

/** How much of their room the gaps before a drop have, 0 to 1: all of it, save in the window's first weeks. */
export function leadSlack({ onboardingEndUs }: Schedule, dropUs: number): number {
  return clampUnit((dropUs - onboardingEndUs - LEAD_LEAST_US) / (LEAD_MOST_US - LEAD_LEAST_US));
}

/** The longest delivery after a drop, in µs: five days, save where three days of engagement would no longer fit. */
export function deliverySpanUs({ toUs }: Schedule, dropUs: number): number {
  const { least, most } = GAPS.delivery;
  const roomUs = toUs - dropUs - (least + GAPS.engagement.least + 3) * DAY_US;
  return Math.floor((most - least) * DAY_US * clampUnit(roomUs / ((most - least) * DAY_US)));
}

/** When the engagement period of a drop's last delivery is over, or the window. */
export function engagementEndUs({ toUs }: Schedule, dropUs: number): number {
  return Math.min(toUs, dropUs + (GAPS.delivery.most + GAPS.engagement.most) * DAY_US);
}

function clampUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
