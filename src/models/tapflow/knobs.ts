import * as z from "zod";
import { atMost, daySettings, feature, setting, share, size, weights } from "../../model/scenario/knobs.js";
import type { ScenarioKnobs } from "../../model/scenario/types.js";

// Defaults are the `tapflow` scenario's: the runbook's figures for a platform of 150 accounts.

/** Tiers of accounts, the smallest first. */
export const TIERS = ["small", "medium", "large", "enterprise"] as const;
export type Tier = (typeof TIERS)[number];

/** What a tier bounds the number of. */
export type Ranged = "locations" | "devices" | "users";

/** The least and the most of a thing that one parent of a tier has, both included. */
const RANGES = {
  small: { locations: [1, 2], devices: [5, 10], users: [2, 5] },
  medium: { locations: [3, 10], devices: [10, 20], users: [5, 20] },
  large: { locations: [10, 50], devices: [20, 50], users: [20, 100] },
  enterprise: { locations: [50, 100], devices: [30, 100], users: [100, 500] },
} as const satisfies Readonly<Record<Tier, Readonly<Record<Ranged, readonly [number, number]>>>>;

const PARENTS: Readonly<Record<Ranged, string>> = { locations: "account", devices: "location", users: "account" };

/** The settings that hold a tier's range: `smallLocationsLeast` and `smallLocationsMost`. */
export function rangeNames(tier: Tier, ranged: Ranged): { readonly least: string; readonly most: string } {
  const name = `${tier}${ranged[0].toUpperCase()}${ranged.slice(1)}`;
  return { least: `${name}Least`, most: `${name}Most` };
}

const RANGED = Object.keys(PARENTS) as Ranged[];
const EACH_RANGE = TIERS.flatMap((tier) => RANGED.map((ranged) => ({ tier, ranged })));

const ranges = Object.fromEntries(
  EACH_RANGE.flatMap(({ tier, ranged }) => {
    const { least, most } = rangeNames(tier, ranged);
    const bounds = { min: 1, max: 10_000, integer: true };
    const of = `${ranged} of one ${PARENTS[ranged]} of the tier ${tier}`;
    const [low, high] = RANGES[tier][ranged];
    return [
      [least, setting(low, `the fewest ${of}`, bounds)],
      [most, setting(high, `the most ${of}`, bounds)],
    ];
  }),
);

const LAST_ID_MAX = 1_000_000_000;
const lastId = (value: number, table: string) =>
  setting(value, `the last ID that ${table} may have; a plan that needs more is refused`, {
    min: 1,
    max: LAST_ID_MAX,
    integer: true,
  });

const factor = (value: number, description: string) => setting(value, description, { min: 0.01, max: 100 });

const sizes = z.strictObject({
  accounts: size(150, "customers of the platform: owners of bars, restaurants and breweries"),
  locations: size(800, "venues; met exactly where the tiers' ranges allow it, else the nearest number that they do"),
  devices: size(25_000, "tap devices; met exactly where the tiers' ranges allow it, else the nearest number"),
  users: size(5_000, "people with a login; met exactly where the tiers' ranges allow it, else the nearest number"),
  subscriptions: size(180, "terms of all accounts: one to three an account, the last of them current"),
  tapEvents: size(400_000, "pours, samples, waste and cleanings that devices measured", { min: 0 }),
  pageViews: size(70_000, "pages that users looked at", { min: 0 }),
  featureUsage: size(30_000, "records of users using a feature of their plan", { min: 0 }),
});

const features = z.strictObject({
  tapEvents: feature(true, "tap_events"),
  webAnalytics: feature(true, "page_views and feature_usage"),
});

const shares = z.strictObject({
  churned: share(0.06, "of accounts: cancelled before the window's end"),
  retired: share(0.07, "of devices of accounts that stayed: taken down before the window's end"),
  dormant: share(0.2, "of users: stopped signing in some time before the window's end"),
});

const weighted = z.strictObject({
  tier: weights({ small: 70, medium: 20, large: 8, enterprise: 2 }, "tiers of accounts, met exactly"),
  industry: weights(
    { bar: 26, restaurant: 30, brewery: 14, hotel: 9, stadium: 4, casino: 3, coffee_shop: 8, cinema: 6 },
    "the trades of accounts",
  ),
});

const settings = EACH_RANGE.reduce(
  (schema, { tier, ranged }) => {
    const { least, most } = rangeNames(tier, ranged);
    return schema.refine(...atMost(least, most));
  },
  z.strictObject({
    ...ranges,
    lastAccountId: lastId(200, "app_database_accounts"),
    lastLocationId: lastId(1_000, "app_database_locations"),
    lastDeviceId: lastId(30_000, "app_database_devices"),
    lastUserId: lastId(6_000, "app_database_users"),
    lastSubscriptionId: lastId(250, "app_database_subscriptions"),
    summerFactor: factor(1.25, "how busy venues are from June to August beside spring"),
    winterFactor: factor(0.85, "how busy venues are in January and February beside spring"),
    decemberFactor: factor(1.15, "how busy venues are in December beside spring"),
    weekendFactor: factor(1.9, "how busy venues are on a Friday or Saturday beside a Wednesday"),
    mondayFactor: factor(0.75, "how busy venues are on a Monday beside a Wednesday"),
    eveningFactor: factor(3, "how busy venues are from 18 to 22 o'clock beside noon"),
    ...daySettings({ daySigma: 0.12, growth: 1 }),
  }),
);

/** What a TapFlow scenario can set. */
export const tapflowKnobs = {
  sizes,
  features,
  shares,
  weights: weighted,
  settings,
} as const satisfies ScenarioKnobs;
