import { modelDays } from "../../columns/calendars.js";
import type {
  CalendarRule,
  CheckFacts,
  DistributionRule,
  InvariantRule,
  ModelChecks,
  OrderRule,
  QueryRule,
  ShareRule,
  StateRule,
  SumRule,
} from "../../model/checks.js";
import { officeWeights, PLATFORM_TIME_ZONE, venueWeights } from "./calendars.js";
import { BASE_CENTS, DEVICE_CENTS, PLANS } from "./data/plans.js";
import { type Ranged, TIERS } from "./knobs.js";
import { ACCOUNTS, DEVICES, FEATURE_USAGE, LOCATIONS, PAGE_VIEWS, SUBSCRIPTIONS, TAP_EVENTS, USERS } from "./tables.js";
import { tierPlan } from "./tiers.js";

const order: readonly OrderRule[] = [
  { entity: ACCOUNTS, before: "created_at", after: "activated_at", strict: true },
  { entity: ACCOUNTS, before: "activated_at", after: "churned_at", strict: true },
  { entity: LOCATIONS, before: "created_at", after: "account_id.churned_at", strict: true },
  { entity: DEVICES, before: "created_at", after: "installed_at", strict: true },
  { entity: DEVICES, before: "account_id.activated_at", after: "installed_at" },
  { entity: DEVICES, before: "installed_at", after: "retired_at", strict: true },
  { entity: DEVICES, before: "last_seen_at", after: "retired_at" },
  { entity: DEVICES, before: "installed_at", after: "updated_at" },
  { entity: DEVICES, before: "updated_at", after: "retired_at" },
  { entity: ACCOUNTS, before: "activated_at", after: "updated_at" },
  { entity: ACCOUNTS, before: "updated_at", after: "churned_at" },
  { entity: LOCATIONS, before: "updated_at", after: "account_id.churned_at" },
  { entity: USERS, before: "updated_at", after: "account_id.churned_at" },
  { entity: USERS, before: "created_at", after: "last_active_at", strict: true },
  { entity: USERS, before: "last_active_at", after: "account_id.churned_at" },
  { entity: SUBSCRIPTIONS, before: "started_at", after: "ended_at", strict: true },
  { entity: SUBSCRIPTIONS, before: "account_id.activated_at", after: "started_at" },
  {
    entity: TAP_EVENTS,
    before: "device_id.installed_at",
    after: "poured_at",
    unless: ["tap_before_install", "duplicate_tap_event"],
  },
  { entity: TAP_EVENTS, before: "poured_at", after: "device_id.last_seen_at" },
  { entity: PAGE_VIEWS, before: "user_id.created_at", after: "viewed_at", unless: ["view_before_signup"] },
  { entity: PAGE_VIEWS, before: "viewed_at", after: "user_id.last_active_at" },
  { entity: PAGE_VIEWS, before: "session_id.viewed_at", after: "viewed_at", unless: ["view_before_signup"] },
  { entity: FEATURE_USAGE, before: "used_at", after: "user_id.last_active_at" },
  { entity: FEATURE_USAGE, before: "subscription_id.started_at", after: "used_at" },
  { entity: FEATURE_USAGE, before: "used_at", after: "subscription_id.ended_at", strict: true },
];

/** A figure by the plan of a subscription. */
function byPlan(values: readonly number[]): string {
  return `CASE {plan} ${PLANS.map((plan, at) => `WHEN '${plan}' THEN ${values[at]}`).join(" ")} END`;
}

const states: readonly StateRule[] = [
  {
    entity: ACCOUNTS,
    rule: "churned ones say since when, and no others",
    holds: "({status} = 'churned') = ({churned_at} IS NOT NULL)",
  },
  {
    entity: LOCATIONS,
    rule: "closed with their account",
    holds: "({status} = 'closed') = ({account_id.status} = 'churned')",
  },
  { entity: DEVICES, rule: "of the account of their location", holds: "{account_id} = {location_id.account_id}" },
  {
    entity: DEVICES,
    rule: "no beer in coffee shops",
    where: "{account_id.industry} = 'coffee_shop'",
    holds: "{beverage_category} IN ('coffee', 'soft_drink')",
  },
  {
    entity: DEVICES,
    rule: "retired ones say since when, and no others",
    holds: "({status} = 'retired') = ({retired_at} IS NOT NULL)",
  },
  {
    entity: DEVICES,
    rule: "retired at the latest when their account churned",
    where: "{account_id.churned_at} IS NOT NULL",
    holds: "{retired_at} <= {account_id.churned_at}",
  },
  {
    entity: USERS,
    rule: "deactivated with their account",
    holds: "({status} = 'deactivated') = ({account_id.status} = 'churned')",
  },
  {
    entity: SUBSCRIPTIONS,
    rule: "the device is one of the account's",
    holds: "{device_id.account_id} = {account_id}",
  },
  {
    entity: SUBSCRIPTIONS,
    rule: "those that are over say since when, and no others",
    holds: "({status} IN ('cancelled', 'replaced')) = ({ended_at} IS NOT NULL)",
  },
  {
    entity: SUBSCRIPTIONS,
    rule: "the current one is as its account is",
    where: "{status} <> 'replaced'",
    holds:
      "{account_id.status}::text = CASE {status} WHEN 'cancelled' THEN 'churned' ELSE {status}::text END " +
      "AND {ended_at} IS NOT DISTINCT FROM {account_id.churned_at}",
  },
  {
    entity: SUBSCRIPTIONS,
    rule: "the monthly revenue is the plan's fee and the devices', less the discount",
    holds:
      `{mrr} = round((${byPlan(BASE_CENTS)} + ${byPlan(DEVICE_CENTS)} * {device_quota}) ` +
      "* (100 - {discount_percent}) / 10000.0, 2)",
  },
  { entity: TAP_EVENTS, rule: "at the device's location", holds: "{location_id} = {device_id.location_id}" },
  { entity: TAP_EVENTS, rule: "only pours are sold", holds: "({event_type} = 'pour') = ({sale_price} IS NOT NULL)" },
  {
    entity: TAP_EVENTS,
    rule: "pours are sold by the device's price list",
    where: "{sale_price} IS NOT NULL",
    holds: "{sale_price} = round({device_id.pint_price} * {volume_ml} / 473, 2)",
    unless: ["price_spike", "duplicate_tap_event"],
  },
  {
    entity: PAGE_VIEWS,
    rule: "of the user's account and within one user's session",
    holds: "{account_id} = {user_id.account_id} AND {session_id.user_id} = {user_id} AND {session_id} <= {id}",
  },
  {
    entity: FEATURE_USAGE,
    rule: "of the user's account and its subscription",
    holds: "{account_id} = {user_id.account_id} AND {account_id} = {subscription_id.account_id}",
  },
  {
    entity: FEATURE_USAGE,
    rule: "only features that the subscription has",
    holds: "{feature} = ANY({subscription_id.features})",
  },
];

const sums: readonly SumRule[] = [
  {
    entity: ACCOUNTS,
    rule: "location_count is the number of its locations",
    value: "{location_count}",
    of: { entity: LOCATIONS, reference: "account_id" },
  },
  {
    entity: ACCOUNTS,
    rule: "user_count is the number of its users",
    value: "{user_count}",
    of: { entity: USERS, reference: "account_id" },
  },
  {
    entity: LOCATIONS,
    rule: "device_count is the number of its devices",
    value: "{device_count}",
    of: { entity: DEVICES, reference: "location_id" },
  },
  {
    entity: SUBSCRIPTIONS,
    rule: "the current one pays for all devices of its account",
    where: "{status} <> 'replaced'",
    value: "{device_quota}",
    key: "{account_id}",
    of: { entity: DEVICES, reference: "account_id" },
  },
];

const shares: readonly ShareRule[] = [
  ...TIERS.map((tier) => ({
    entity: ACCOUNTS,
    rule: tier,
    where: `{tier} = '${tier}'`,
    expected: ({ scenario, rows }: CheckFacts) => {
      const weights = scenario.weights["tier"];
      const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
      return (rows(ACCOUNTS) * weights[tier]) / total;
    },
    within: 1,
  })),
  {
    entity: ACCOUNTS,
    rule: "churned",
    where: "{status} = 'churned'",
    expected: ({ scenario, rows }) => rows(ACCOUNTS) * scenario.shares["churned"],
    within: 1,
  },
];

/** How many parents of each tier have each number of children: no other number occurs. */
function countsInTiers(ranged: Ranged): DistributionRule["expected"] {
  return ({ scenario }) => {
    const parents: Record<string, number> = {};
    for (const [tier, ladder] of tierPlan(scenario).ladders[ranged].entries()) {
      for (let rank = 0; rank < ladder.parents; rank++) {
        const label = `${TIERS[tier]} ${ladder.count(rank)}`;
        parents[label] = (parents[label] ?? 0) + 1;
      }
    }
    return parents;
  };
}

const distributions: readonly DistributionRule[] = [
  {
    entity: ACCOUNTS,
    rule: "locations are within the tier's range",
    value: "{tier} || ' ' || {location_count}",
    expected: countsInTiers("locations"),
  },
  {
    entity: ACCOUNTS,
    rule: "users are within the tier's range",
    value: "{tier} || ' ' || {user_count}",
    expected: countsInTiers("users"),
  },
  {
    entity: LOCATIONS,
    rule: "devices are within the tier's range",
    value: "{account_id.tier} || ' ' || {device_count}",
    expected: countsInTiers("devices"),
  },
];

/** Moments divide the time of a device or a user, who come and go: weekdays and hours stray by a little, months by more. */
const STRAY = 0.05;

/**
 * By 4 over the root of the number of devices or users, the rest strays less than once in a million. In a window of few
 * weeks there is more of the weekdays that come last, as there are more devices then: where they grow evenly from none,
 * by up to a week's part of the window, and half of that where some are there from the start, as here.
 */
const strayOf = (entity: string) => (facts: CheckFacts) =>
  STRAY + 4 / Math.sqrt(Math.max(1, facts.rows(entity))) + (3.5 * DAY_MS) / windowMs(facts);

const DAY_MS = 86_400_000;
const windowMs = ({ scenario: { window } }: CheckFacts): number => Date.parse(window.to) - Date.parse(window.from);

const calendars: readonly CalendarRule[] = [
  {
    entity: TAP_EVENTS,
    column: "poured_at",
    timeZone: "{location_id.time_zone}",
    weights: (facts) => {
      const { weekdays, hours } = venueWeights(facts.scenario.settings);
      return { weekdays, hours, days: modelDays(facts) };
    },
    tolerance: strayOf(DEVICES),
  },
  {
    entity: FEATURE_USAGE,
    column: "used_at",
    timeZone: `'${PLATFORM_TIME_ZONE}'`,
    weights: (facts) => {
      const { weekdays, hours } = officeWeights();
      return { weekdays, hours, days: modelDays(facts) };
    },
    tolerance: strayOf(USERS),
  },
];

const invariants: readonly InvariantRule[] = [
  {
    entity: DEVICES,
    rule: "a product has one price at a venue",
    sql:
      "SELECT min(id) AS id, location_id, product, min(pint_price) AS least, max(pint_price) AS most " +
      `FROM {${DEVICES}} GROUP BY location_id, product HAVING min(pint_price) <> max(pint_price)`,
  },
  {
    entity: SUBSCRIPTIONS,
    rule: "an account's terms follow one another without gaps",
    sql:
      "SELECT id, account_id, term, started_at FROM (SELECT id, account_id, term, started_at, " +
      "lag(ended_at) OVER terms AS before, row_number() OVER terms AS place " +
      `FROM {${SUBSCRIPTIONS}} WINDOW terms AS (PARTITION BY account_id ORDER BY term)) AS t ` +
      "WHERE term <> place OR before IS DISTINCT FROM started_at AND place > 1",
  },
];

const queries: readonly QueryRule[] = [
  {
    name: "sales by account and month",
    limitMs: 4000,
    sql:
      "SELECT a.id, a.name, date_trunc('month', e.poured_at) AS month, count(*) AS pours, sum(e.volume_ml) / 1000 AS litres, " +
      `sum(e.sale_price) AS sales FROM {${TAP_EVENTS}} e JOIN {${LOCATIONS}} l ON l.id = e.location_id ` +
      `JOIN {${ACCOUNTS}} a ON a.id = l.account_id GROUP BY a.id, a.name, month`,
  },
  {
    name: "devices that need a visit",
    limitMs: 1500,
    sql:
      "SELECT d.id, d.serial_number, d.model, l.name, l.city, d.last_seen_at " +
      `FROM {${DEVICES}} d JOIN {${LOCATIONS}} l ON l.id = d.location_id ` +
      "WHERE d.status IN ('offline', 'maintenance') ORDER BY d.last_seen_at, d.id",
  },
  {
    name: "features by plan",
    limitMs: 2500,
    sql:
      "SELECT s.plan, f.feature, count(*) AS uses, count(DISTINCT f.user_id) AS users, " +
      "percentile_cont(0.95) WITHIN GROUP (ORDER BY f.duration_ms) AS p95_ms " +
      `FROM {${FEATURE_USAGE}} f JOIN {${SUBSCRIPTIONS}} s ON s.id = f.subscription_id GROUP BY s.plan, f.feature`,
  },
];

/** What must hold in the platform's tables beyond what their columns say. */
export const tapflowChecks: ModelChecks = {
  births: {
    columns: ["created_at", "started_at", "poured_at", "viewed_at", "used_at"],
    changed: "updated_at",
    // A view may be labelled as one from before its user was there; the rules of order say of which it holds.
    except: [`${PAGE_VIEWS}.user_id`, `${PAGE_VIEWS}.session_id`],
  },
  order,
  states,
  sums,
  shares,
  distributions,
  calendars,
  invariants,
  queries,
};
