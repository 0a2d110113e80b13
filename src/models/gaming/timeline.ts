import type { BindContext } from "../../columns/column.js";
import { DAY_US } from "../../core/calendar.js";
import { unitOf } from "../../core/random.js";
import { SeedBulkError } from "../../errors.js";
import { worldCalendar } from "./calendars.js";
import { bitsOf } from "./vocabulary.js";

export const SECOND_US = 1_000_000;
export const MINUTE_US = 60 * SECOND_US;

/** Every account is at least this old at the window's end, so that its logins have room. */
const AGE_MIN_US = 2 * DAY_US;
const WINDOW_MIN_US = 28 * DAY_US;

/** The kinds of players, in the order of their codes. */
export const USER_TYPES = ["new", "active", "dormant", "premium"] as const;
export const [NEW, ACTIVE, DORMANT, PREMIUM] = [0, 1, 2, 3];

/** When the last account is registered. @throws SeedBulkError SB_SCENARIO_INVALID where the window is too short */
export function registrationEndUs({ from, to }: { readonly from: number; readonly to: number }): number {
  if (to - from < WINDOW_MIN_US) {
    throw new SeedBulkError(
      "SB_SCENARIO_INVALID",
      `the window of ${((to - from) / DAY_US).toFixed(1)} days is too short for gaming: players come, play and stay away`,
      { hint: `Give a window of ${WINDOW_MIN_US / DAY_US} days or more.` },
    );
  }
  return to - AGE_MIN_US;
}

/**
 * When accounts are registered: later ones have larger IDs, so that "everybody who was there before" is a range of IDs.
 * @returns the moment that splits registrations at a share of all accounts
 */
export function registrations(context: BindContext): (share: number) => number {
  const { between } = worldCalendar(context);
  const { from } = context.windowUs;
  const end = registrationEndUs(context.windowUs);
  return (share) => between(share, from, end);
}

/** Until when a player plays: the window's end, or the day on which a dormant one lost interest. */
export function activeUntilUs(type: number, createdUs: number, word: number, toUs: number): number {
  if (type !== DORMANT) return toUs;
  const age = toUs - createdUs;
  return createdUs + Math.floor(Math.max(Math.min(age, AGE_MIN_US), age * (0.1 + 0.3 * unitOf(bitsOf(word, 1)))));
}

/** The part of each slot that a login may take; the rest keeps it apart from the next. */
const SLOT_LEAD = 0.15;
const SLOT_PART = 0.5;
const FIRST_LOGIN_MOST_US = 10 * MINUTE_US;

/** What decides when a player logs in. */
export interface PlayerTimes {
  createdUs: number;
  untilUs: number;
  logins: number;
  /** The player's random word. */
  word: number;
}

/**
 * When a player's login with a number comes: the player's time has a slot for each, in their order; the first follows
 * the registration. No two lie closer than 0.35 slots by the calendar's weight.
 * @param ordinal from 0; of the number of logins, the end of the player's time
 */
export function slotMoment(
  { createdUs, untilUs, logins, word }: PlayerTimes,
  ordinal: number,
  between: (share: number, fromUs: number, toUs: number) => number,
): number {
  if (ordinal >= logins) return untilUs;
  const share = unitOf(bitsOf(word, 16 + ordinal));
  if (ordinal > 0) return between((ordinal + SLOT_LEAD + SLOT_PART * share) / logins, createdUs, untilUs);
  return createdUs + Math.floor(share * Math.min(FIRST_LOGIN_MOST_US, (untilUs - createdUs) / (8 * logins)));
}

/** With which login a player's character with a number was made: the first with the account, others after a while of playing. */
export function characterLogin(logins: number, word: number, character: number): number {
  return Math.floor(logins * characterShare(word, character));
}

/** When that was; where there are no logins, after the same part of the player's time. */
export function characterMoment(
  times: PlayerTimes,
  character: number,
  between: (share: number, fromUs: number, toUs: number) => number,
): number {
  const { createdUs, untilUs, logins, word } = times;
  if (character === 0) return createdUs;
  if (logins > 0) return slotMoment(times, characterLogin(logins, word, character), between);
  return createdUs + Math.floor((untilUs - createdUs) * characterShare(word, character));
}

/** Below 0.6, as no account has more than three characters. */
function characterShare(word: number, character: number): number {
  return character * (0.1 + 0.2 * unitOf(bitsOf(word, 2 + character)));
}
