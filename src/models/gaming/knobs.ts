import * as z from "zod";
import { atMost, daySettings, feature, setting, share, size, weights } from "../../model/scenario/knobs.js";
import type { ScenarioKnobs } from "../../model/scenario/types.js";

// Defaults are the `ctf` scenario's: the documents' figures for a database that people break into for practice.

/** A player who logs in more often than this in the mean would have no time left to play. */
const LOGINS_PER_USER_MAX = 30;

/** A guild has at most this many members, all of them different characters. */
export const GUILD_MEMBERS_MAX = 60;

const sizes = z
  .strictObject({
    users: size(250, "accounts; characters follow from these, 1 to 3 each", { min: 2 }),
    logins: size(650, "attempts to log in, failed ones included; those of an attack come on top"),
    sessions: size(400, "times that somebody played: each starts with a login that succeeded"),
    items: size(25, "things that can be owned and traded; a scale leaves them as they are"),
    transactions: size(75, "trades of an item between two players", { min: 0 }),
    guilds: size(4, `guilds, where the feature is on; never more than one for ${GUILD_MEMBERS_MAX} users`, { min: 0 }),
  })
  .refine(...atMost("sessions", "logins"))
  .refine(...atMostTimes("logins", LOGINS_PER_USER_MAX, "users"));

/** Like `atMost`, for a number that is bounded by a multiple of another. */
function atMostTimes<Name extends string>(lesser: Name, factor: number, greater: Name) {
  const holds = (section: Readonly<Record<Name, number>>) => !(section[lesser] > factor * section[greater]);
  return [holds, { error: `expected at most ${factor} times ${greater}`, path: [lesser] as PropertyKey[] }] as const;
}

const features = z.strictObject({
  itemCategories: feature(false, "item_categories: what kinds of items there are"),
  characterStats: feature(false, "character_stats: health, mana and attributes of each character"),
  guilds: feature(false, "guilds and guild_members"),
  inventory: feature(false, "inventory: what characters own"),
  chat: feature(false, "chat_messages: what players say while they play"),
  market: feature(false, "market_listings: what players offer for sale"),
});

const shares = z.strictObject({
  loginFailed: share(0.14, "of logins: the attempt fails; fewer where sessions leave no room for it"),
  emailVerified: share(0.9, "of users other than new ones: followed the link in the first mail"),
});

const weighted = z.strictObject({
  userType: weights(
    { new: 20, active: 45, dormant: 25, premium: 10 },
    "kinds of players; new ones are those who registered last",
  ),
  characterClass: weights(
    { Warrior: 24, Mage: 20, Rogue: 18, Ranger: 15, Cleric: 12, Paladin: 11 },
    "the classes of characters",
  ),
  itemRarity: weights(
    { common: 48, uncommon: 26, rare: 15, epic: 8, legendary: 3 },
    "how many items there are of each rarity; the rarer, the dearer and the less often traded",
  ),
});

const settings = z.strictObject({
  weekendFactor: setting(1.35, "how busy a Saturday or Sunday is beside a Wednesday", { min: 0.1, max: 3 }),
  activeLogins: setting(12, "how often active players log in beside others", { min: 0.01, max: 100 }),
  premiumLogins: setting(20, "how often premium players log in beside others", { min: 0.01, max: 100 }),
  newLogins: setting(4, "how often new players log in beside others", { min: 0.01, max: 100 }),
  dormantLogins: setting(1.5, "how often dormant players logged in beside others", { min: 0.01, max: 100 }),
  ...daySettings({ daySigma: 0.1, growth: 1.25 }),
});

/** What a gaming scenario can set. */
export const gamingKnobs = {
  sizes,
  features,
  shares,
  weights: weighted,
  settings,
  scaledSizes: ["users", "logins", "sessions", "transactions", "guilds"],
} as const satisfies ScenarioKnobs;
