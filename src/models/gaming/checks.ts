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
  StepRule,
  SumRule,
} from "../../model/checks.js";
import { PASSWORD_RULE } from "../passwords/columns.js";
import { ATTACK_NETWORK, hitsOf } from "./attack.js";
import { PLAY_HOURS } from "./calendars.js";
import { CLIENT_PREFIX } from "./data/agents.js";
import { PRICES, RARITIES, rarityEnds, TRADE_WEIGHTS } from "./items.js";
import { failedLogins } from "./outcomes.js";
import { USER_TYPES } from "./timeline.js";
import { newUsers } from "./users.js";

const ATTACKS = `{ip_address} << inet '${ATTACK_NETWORK}'`;

const order: readonly OrderRule[] = [
  { entity: "users", before: "created_at", after: "last_login" },
  { entity: "characters", before: "created_at", after: "last_played" },
  { entity: "market_listings", before: "listed_at", after: "sold_at" },
  { entity: "market_listings", before: "sold_at", after: "expires_at" },
  { entity: "market_listings", before: "buyer_id.created_at", after: "listed_at" },
  {
    entity: "player_sessions",
    before: "login_time",
    after: "logout_time",
    strict: true,
    hours: { most: 4 },
    unless: ["session_out_of_order"],
  },
];

const states: readonly StateRule[] = [
  { entity: "users", rule: "premium is who pays", holds: "{is_premium} = ({user_type} = 'premium')" },
  { entity: "users", rule: "1 to 3 characters", holds: "{character_count} BETWEEN 1 AND 3" },
  PASSWORD_RULE,
  {
    entity: "characters",
    rule: "the experience is the level's",
    holds: "{experience} >= 50 * {level} * ({level} - 1) AND {experience} < 50 * {level} * ({level} + 1)",
  },
  {
    entity: "characters",
    rule: "whoever was never played is as on the first day",
    where: "{last_played} IS NULL",
    holds: "{level} = 1 AND {experience} = 0",
  },
  {
    entity: "market_listings",
    rule: "sold has a buyer and a moment, and nothing else has",
    holds: "({status} = 'sold') = ({buyer_id} IS NOT NULL) AND ({status} = 'sold') = ({sold_at} IS NOT NULL)",
  },
  {
    entity: "market_listings",
    rule: "nobody buys from oneself",
    holds: "{buyer_id} IS NULL OR {buyer_id.user_id} <> {seller_id.user_id}",
  },
  {
    entity: "login_history",
    rule: "only a failed attempt has a reason",
    holds: "{success} = ({failure_reason} IS NULL)",
  },
  {
    entity: "login_history",
    rule: "it bears the account's name",
    holds: "{username} = {user_id.username}",
  },
  {
    entity: "login_history",
    rule: "players log in from home, by addresses of their region",
    holds: "{geo_location} = {user_id.home_location} AND {ip_address} << inet '10.0.0.0/8'",
    unless: ["credential_stuffing"],
  },
  {
    entity: "login_history",
    rule: "none that succeeded is later than the account's last login",
    where: "{success}",
    holds: "{login_time} <= {user_id.last_login}",
    unless: ["credential_stuffing"],
  },
  {
    entity: "auth_events",
    rule: "they agree with their login",
    holds:
      "{user_id} = {login_id.user_id} AND {username} = {login_id.username} AND {success} = {login_id.success} " +
      "AND {failure_reason} IS NOT DISTINCT FROM {login_id.failure_reason} AND {ip_address} = {login_id.ip_address} " +
      "AND {user_agent} = {login_id.user_agent} AND {device_fingerprint} = {login_id.device_fingerprint} " +
      "AND {occurred_at} = {login_id.login_time} AND ({event_type} = 'login_success') = {success}",
  },
  {
    entity: "auth_events",
    rule: "only the game's own programs report them",
    holds: `{user_agent} LIKE '${CLIENT_PREFIX}%'`,
  },
  {
    entity: "player_sessions",
    rule: "each starts with a login of the same player that succeeded",
    holds:
      "{login_id.success} AND {user_id} = {login_id.user_id} AND {login_time} = {login_id.login_time} " +
      "AND {user_agent} = {login_id.user_agent}",
  },
  {
    entity: "player_sessions",
    rule: "its address is that of its login",
    holds: "{ip_address} = {login_id.ip_address}",
    unless: ["session_address_missing"],
  },
  {
    entity: "player_sessions",
    rule: "a character of the player, not played after its last session",
    holds: "{character_id.user_id} = {user_id} AND {login_time} <= {character_id.last_played}",
  },
  {
    entity: "transactions",
    rule: "what is paid is near what the item is worth",
    holds: "{gold_value} BETWEEN floor(0.8 * {list_value}) AND ceil(1.25 * {list_value})",
    unless: ["price_spike"],
  },
  {
    entity: "guild_members",
    rule: "the leader founded the guild and joined with it",
    holds:
      "({role} = 'leader') = ({character_id} = {guild_id.leader_character_id}) " +
      "AND ({role} <> 'leader' OR {joined_at} = {guild_id.created_at})",
  },
];

const steps: readonly StepRule[] = [
  {
    entity: "users",
    rule: "the last login is one that succeeded",
    where: "{last_login} IS NOT NULL",
    by: "({id}, {last_login})",
    follows: { entity: "login_history", where: "{success}", by: "({user_id}, {login_time})" },
  },
  {
    entity: "characters",
    rule: "when a character was last played, a session of it began",
    where: "{last_played} IS NOT NULL",
    by: "({id}, {last_played})",
    follows: { entity: "player_sessions", by: "({character_id}, {login_time})" },
  },
  {
    entity: "login_history",
    rule: "the game's own programs report each login",
    where: `{user_agent} LIKE '${CLIENT_PREFIX}%'`,
    by: "{id}",
    follows: { entity: "auth_events", by: "{login_id}" },
  },
  ...(["from_username", "to_username"] as const).map((column) => ({
    entity: "transactions",
    rule: `${column} is an account that is registered by then`,
    by: `{${column}}`,
    at: "{timestamp}",
    follows: { entity: "users", by: "{username}", at: "{created_at}" },
  })),
  {
    entity: "transactions",
    rule: "item_name is an item, worth what is said",
    by: "({item_name}, {list_value})",
    follows: { entity: "items", by: "({name}, {gold_value})" },
  },
  {
    entity: "items",
    rule: "category is one of the categories",
    by: "{category}",
    follows: { entity: "item_categories", by: "{name}" },
  },
  {
    entity: "characters",
    rule: "each has its stats",
    by: "{id}",
    follows: { entity: "character_stats", by: "{character_id}" },
  },
];

const invariants: readonly InvariantRule[] = [
  {
    entity: "player_sessions",
    rule: "no two sessions of a player overlap",
    sql:
      "SELECT * FROM (SELECT id, user_id, login_time, logout_time, lead(login_time) OVER (PARTITION BY user_id ORDER BY login_time) " +
      "AS next_login FROM {player_sessions}) AS s WHERE next_login < logout_time",
  },
];

const sums: readonly SumRule[] = [
  {
    entity: "users",
    rule: "the account's value is its characters' gold",
    value: "{account_value}",
    of: { entity: "characters", reference: "user_id", value: "{gold}" },
  },
  {
    entity: "users",
    rule: "character_count is the number of characters",
    value: "{character_count}",
    of: { entity: "characters", reference: "user_id" },
  },
  {
    entity: "guilds",
    rule: "member_count is the number of members",
    value: "{member_count}",
    of: { entity: "guild_members", reference: "guild_id" },
  },
];

/** Shares are dealt out, so that they are met to the row. */
const shares: readonly ShareRule[] = [
  {
    entity: "users",
    rule: "new players",
    where: "{user_type} = 'new'",
    expected: ({ rows, scenario }) => newUsers(rows("users"), scenario.weights["userType"]),
  },
  {
    entity: "login_history",
    rule: "players' attempts",
    where: `NOT ${ATTACKS}`,
    expected: ({ scenario }) => scenario.sizes["logins"],
  },
  {
    entity: "login_history",
    rule: "players' attempts that fail",
    where: `NOT ${ATTACKS} AND NOT {success}`,
    expected: ({ scenario }) => failedLogins(scenario),
  },
  {
    entity: "login_history",
    rule: "attackers' attempts that get in",
    where: `${ATTACKS} AND {success}`,
    expected: ({ scenario }) => hitsOf(scenario),
  },
  {
    entity: "player_sessions",
    rule: "sessions",
    where: "true",
    expected: ({ scenario }) => scenario.sizes["sessions"],
  },
];

/** The rarity of an item by its value, as no two rarities share a price. */
const RARITY_BY_VALUE = `CASE ${RARITIES.map((rarity, at) => `WHEN {list_value} <= ${PRICES[at][1]} THEN '${rarity}'`).join(" ")} END`;

const distributions: readonly DistributionRule[] = [
  {
    entity: "users",
    rule: "types of players who are not new",
    value: "{user_type}",
    where: "{user_type} <> 'new'",
    expected: ({ scenario }) => {
      const weights = scenario.weights["userType"];
      return Object.fromEntries(USER_TYPES.filter((type) => type !== "new").map((type) => [type, weights[type]]));
    },
  },
  {
    entity: "transactions",
    rule: "rare items are traded rarely",
    value: RARITY_BY_VALUE,
    expected: ({ rows, scenario }) => {
      const ends = rarityEnds(rows("items"), scenario.weights["itemRarity"]);
      return Object.fromEntries(
        RARITIES.map((rarity, at) => [rarity, (ends[at] - (at === 0 ? 0 : ends[at - 1])) * TRADE_WEIGHTS[at]]),
      );
    },
  },
];

/** Slots bind logins to a part of the player's time: an hour may stray by this part beside chance. */
const HOURS_OFF = 0.25;

const calendars: readonly CalendarRule[] = [
  {
    entity: "login_history",
    column: "login_time",
    where: `NOT ${ATTACKS} AND {login_time} > {user_id.created_at} + interval '10 minutes'`,
    timeZone: "{user_id.time_zone}",
    weights: (facts) => ({ hours: PLAY_HOURS, days: modelDays(facts) }),
    tolerance: (facts: CheckFacts) => HOURS_OFF + 12 / Math.sqrt(Math.max(1, facts.rows("login_history"))),
  },
];

const queries: readonly QueryRule[] = [
  {
    name: "failed logins by address and hour",
    limitMs: 3000,
    sql:
      "SELECT ip_address, date_trunc('hour', login_time) AS hour, count(*) AS failures, count(DISTINCT username) AS accounts " +
      "FROM {login_history} WHERE NOT success AND login_time >= {$to}::timestamptz - interval '30 days' " +
      "GROUP BY 1, 2 HAVING count(DISTINCT username) >= 5 ORDER BY failures DESC LIMIT 50",
  },
  {
    name: "who plays most",
    limitMs: 3000,
    sql:
      "SELECT u.username, u.user_type, count(*) AS sessions, sum(s.logout_time - s.login_time) AS played " +
      "FROM {player_sessions} s JOIN {users} u ON u.id = s.user_id WHERE s.login_time >= {$to}::timestamptz - interval '7 days' " +
      "GROUP BY u.username, u.user_type ORDER BY played DESC LIMIT 50",
  },
  {
    name: "an account's logins",
    limitMs: 500,
    sql:
      "SELECT l.* FROM {users} u JOIN {login_history} l ON l.user_id = u.id " +
      "WHERE u.id = (SELECT max(id) / 2 FROM {users}) ORDER BY l.login_time DESC LIMIT 20",
  },
];

/** What must hold in the game's tables beyond what their columns say. */
export const gamingChecks: ModelChecks = {
  births: {
    columns: [
      "created_at",
      "login_time",
      "occurred_at",
      "timestamp",
      "joined_at",
      "acquired_at",
      "sent_at",
      "listed_at",
    ],
  },
  order,
  states,
  steps,
  invariants,
  sums,
  shares,
  distributions,
  calendars,
  queries,
};
