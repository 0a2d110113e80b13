import { modelDays } from "../../columns/calendars.js";
import { DAY_US } from "../../core/calendar.js";
import type {
  CalendarRule,
  CheckFacts,
  DistributionRule,
  ModelChecks,
  OrderRule,
  QueryRule,
  ShareRule,
  StateRule,
  StepRule,
  SumRule,
} from "../../model/checks.js";
import { PASSWORD_RULE } from "../passwords/columns.js";
import { PLATFORM_TIME_ZONE } from "./calendars.js";
import { CAMPAIGN_STATUSES } from "./campaign-status.js";
import { REASONLESS_DISPOSITIONS, STRANGE_DISPOSITIONS } from "./data/words.js";
import { GAPS, type Schedule, scheduleOf } from "./schedule.js";

const gap = ({ least, most }: { readonly least: number; readonly most: number }) => ({
  hours: { least: least * 24, most: most * 24 },
});

const order: readonly OrderRule[] = [
  { entity: "campaigns", before: "created_at", after: "mail_date", ...gap(GAPS.mail) },
  { entity: "campaigns", before: "mail_date", after: "drop_date", ...gap(GAPS.drop) },
  { entity: "campaigns", before: "drop_date", after: "completed_at" },
  { entity: "campaigns", before: "drop_date", after: "paused_at" },
  { entity: "campaigns", before: "created_at", after: "cancelled_at" },
  { entity: "recipients", before: "created_at", after: "mailed_at" },
  { entity: "recipients", before: "campaign_id.drop_date", after: "mailed_at", hours: { most: 6 } },
  { entity: "recipients", before: "campaign_id.drop_date", after: "delivered_at", ...gap(GAPS.delivery) },
  { entity: "recipients", before: "delivered_at", after: "first_engaged_at", ...gap(GAPS.engagement) },
  { entity: "recipients", before: "first_engaged_at", after: "converted_at" },
  { entity: "recipients", before: "first_engaged_at", after: "campaign_id.completed_at" },
  { entity: "events", before: "recipient_id.mailed_at", after: "occurred_at" },
  { entity: "events", before: "occurred_at", after: "recipient_id.updated_at" },
  { entity: "contact_campaign_participation", before: "first_engaged_at", after: "last_engaged_at" },
  { entity: "call_sessions", before: "recipient_id.delivered_at", after: "started_at", ...gap(GAPS.engagement) },
  { entity: "call_sessions", before: "started_at", after: "answered_at" },
  { entity: "call_sessions", before: "answered_at", after: "ended_at" },
  { entity: "call_sessions", before: "started_at", after: "ended_at" },
  { entity: "sms_opt_ins", before: "opted_in_at", after: "opted_out_at", strict: true },
  { entity: "gift_cards", before: "sms_opt_in_id.opted_in_at", after: "assigned_at" },
  { entity: "gift_cards", before: "assigned_at", after: "delivered_at" },
  { entity: "gift_cards", before: "delivered_at", after: "redeemed_at" },
];

const LAUNCHED = "IN ('active', 'paused', 'completed')";

const states: readonly StateRule[] = [
  {
    entity: "sms_opt_ins",
    rule: "nobody agrees who is a stranger or not interested",
    holds: `{call_session_id.disposition} NOT IN (${STRANGE_DISPOSITIONS.map((word) => `'${word}'`).join(", ")})`,
  },
  PASSWORD_RULE,
  {
    entity: "users",
    rule: "as many logins as there were days for",
    holds:
      "CASE WHEN {last_login_at} IS NULL THEN {login_count} = 0 ELSE {login_count} BETWEEN 1 AND " +
      "1 + 12 * extract(epoch FROM {last_login_at} - {created_at}) / 86400 END",
  },
  {
    entity: "campaigns",
    rule: "those that were launched have a mail date and a drop date, drafts and cancelled ones none",
    holds: `({status} ${LAUNCHED}) = ({mail_date} IS NOT NULL) AND ({mail_date} IS NULL) = ({drop_date} IS NULL)`,
  },
  {
    entity: "campaigns",
    rule: "completed, paused and cancelled ones say since when, and no others",
    holds:
      "({status} = 'completed') = ({completed_at} IS NOT NULL) AND ({status} = 'paused') = ({paused_at} IS NOT NULL) " +
      "AND ({status} = 'cancelled') = ({cancelled_at} IS NOT NULL)",
  },
  { entity: "recipients", rule: "only of campaigns that were launched", holds: `{campaign_id.status} ${LAUNCHED}` },
  {
    entity: "recipients",
    rule: "contacts of the campaign's client",
    holds: "{contact_id.client_id} = {campaign_id.client_id}",
  },
  {
    entity: "recipients",
    rule: "the status agrees with the moments",
    holds:
      "CASE {status}::text WHEN 'suppressed' THEN {mailed_at} IS NULL " +
      "WHEN 'returned' THEN {mailed_at} IS NOT NULL AND {delivered_at} IS NULL " +
      "WHEN 'delivered' THEN {delivered_at} IS NOT NULL AND {first_engaged_at} IS NULL " +
      "WHEN 'engaged' THEN {first_engaged_at} IS NOT NULL AND {converted_at} IS NULL " +
      "WHEN 'responded' THEN {first_engaged_at} IS NOT NULL AND {converted_at} IS NULL " +
      "WHEN 'converted' THEN {converted_at} IS NOT NULL ELSE false END",
  },
  {
    entity: "events",
    rule: "they agree with their recipient",
    holds:
      "{campaign_id} = {recipient_id.campaign_id} AND CASE {event_type}::text WHEN 'mailed' THEN {occurred_at} = {recipient_id.mailed_at} " +
      "WHEN 'delivered' THEN {occurred_at} = {recipient_id.delivered_at} " +
      "WHEN 'lead_created' THEN {occurred_at} = {recipient_id.converted_at} " +
      "ELSE {occurred_at} >= {recipient_id.first_engaged_at} END",
  },
  {
    entity: "recipient_audit_logs",
    rule: "they agree with their recipient",
    holds:
      "{campaign_id} = {recipient_id.campaign_id} AND {action}::text = {recipient_id.status}::text " +
      "AND {new_status} = {recipient_id.status}",
  },
  {
    entity: "contact_campaign_participation",
    rule: "it agrees with its recipient",
    holds:
      "{campaign_id} = {recipient_id.campaign_id} AND {contact_id} = {recipient_id.contact_id} " +
      "AND {first_engaged_at} = {recipient_id.first_engaged_at} AND {became_lead} = ({recipient_id.status} = 'converted')",
  },
  {
    entity: "call_sessions",
    rule: "wrong numbers and spam have no reason",
    where: `{disposition} IN (${REASONLESS_DISPOSITIONS.map((word) => `'${word}'`).join(", ")})`,
    holds: "{reason} IS NULL",
  },
  {
    entity: "tracked_phone_numbers",
    rule: "only of campaigns that were launched",
    holds: `{campaign_id.status} ${LAUNCHED}`,
  },
  {
    entity: "call_sessions",
    rule: "they agree with their recipient and the number called",
    holds: "{campaign_id} = {recipient_id.campaign_id} AND {campaign_id} = {tracked_phone_number_id.campaign_id}",
  },
  {
    entity: "call_sessions",
    rule: "only an answered call was answered at some time",
    holds: "({call_status} = 'answered') = ({answered_at} IS NOT NULL)",
  },
  {
    entity: "call_sessions",
    rule: "they start between 9 and 17 o'clock where the organization is",
    holds: "extract(hour FROM {started_at} AT TIME ZONE {campaign_id.organization_id.time_zone}) BETWEEN 9 AND 16",
  },
  {
    entity: "call_conditions_met",
    rule: "conditions of the call's own campaign, met by answered calls",
    holds: "{condition_id.campaign_id} = {call_session_id.campaign_id} AND {call_session_id.call_status} = 'answered'",
  },
  {
    entity: "sms_opt_ins",
    rule: "only callers who were answered opt in",
    holds: "{call_session_id.call_status} = 'answered' AND {recipient_id} = {call_session_id.recipient_id}",
  },
  {
    entity: "sms_opt_ins",
    rule: "those who opted out say since when",
    holds: "({status} = 'opted_out') = ({opted_out_at} IS NOT NULL)",
  },
  {
    entity: "gift_cards",
    rule: "no card is issued without an opt-in of its campaign",
    where: "{assigned_at} IS NOT NULL OR {status} IN ('assigned', 'delivered', 'redeemed')",
    holds: "{sms_opt_in_id.campaign_id} = {campaign_id} AND {assigned_at} IS NOT NULL",
  },
  {
    entity: "gift_cards",
    rule: "only redeemed cards have less than their denomination left",
    holds:
      "({status} = 'redeemed') = ({redeemed_at} IS NOT NULL) AND ({status} = 'redeemed' OR {balance} = {denomination})",
  },
];

/** A type of event, and the one that it follows. */
const FOLLOWS = {
  delivered: "mailed",
  qr_scanned: "delivered",
  purl_visited: "delivered",
  form_submitted: "purl_visited",
  lead_created: "form_submitted",
} as const;

const steps: readonly StepRule[] = [
  ...Object.entries(FOLLOWS).map(([later, earlier]) => ({
    entity: "events",
    rule: `${later} follows ${earlier}`,
    where: `{event_type} = '${later}'`,
    by: "{recipient_id}",
    at: "{occurred_at}",
    follows: {
      entity: "events",
      where: `{event_type} = '${earlier}'`,
      by: "{recipient_id}",
      at: "{occurred_at}",
    },
  })),
  {
    entity: "call_sessions",
    rule: "a call follows the delivery",
    by: "{recipient_id}",
    at: "{started_at}",
    follows: { entity: "events", where: "{event_type} = 'delivered'", by: "{recipient_id}", at: "{occurred_at}" },
  },
];

const sums: readonly SumRule[] = [
  {
    entity: "campaigns",
    rule: "the quantity of a mailed campaign is the number of its recipients",
    value: "{quantity}",
    where: `{status} ${LAUNCHED}`,
    skipEmpty: true,
    of: { entity: "recipients", reference: "campaign_id" },
  },
  {
    entity: "contact_campaign_participation",
    rule: "touches are scans, visits, forms and calls",
    value: "{touch_count} - {called}::int",
    key: "{recipient_id}",
    of: {
      entity: "events",
      reference: "recipient_id",
      where: "{event_type} IN ('qr_scanned', 'purl_visited', 'form_submitted')",
    },
  },
];

/** A type of event, the scenario's share of recipients that it has, and how many steps it is from the first. */
const EVENT_SHARES = [
  ["mailed", "mailed", 1],
  ["delivered", "delivered", 2],
  ["qr_scanned", "qrScanned", 3],
  ["purl_visited", "purlVisited", 3],
  ["form_submitted", "formSubmitted", 4],
  ["lead_created", "lead", 5],
] as const;

/**
 * Shares are dealt out. Each step's number is rounded down from that of the step before it, so that it may lack one row
 * for each step.
 */
const shares: readonly ShareRule[] = [
  ...CAMPAIGN_STATUSES.map((status) => ({
    entity: "campaigns",
    rule: status,
    where: `{status} = '${status}'`,
    expected: (facts: CheckFacts) => {
      const weights = facts.scenario.weights["campaignStatus"] ?? {};
      const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
      return (facts.rows("campaigns") * (weights[status] ?? 0)) / total;
    },
    within: 1,
  })),
  ...EVENT_SHARES.map(([type, share, within]) => ({
    entity: "events",
    rule: type,
    where: `{event_type} = '${type}'`,
    expected: (facts: CheckFacts) => facts.rows("recipients") * facts.scenario.shares[share],
    within,
  })),
  {
    entity: "call_sessions",
    rule: "calls of recipients",
    where: "true",
    expected: (facts) => facts.rows("recipients") * facts.scenario.shares["called"],
    within: 3,
  },
  {
    entity: "call_sessions",
    rule: "answered",
    where: "{call_status} = 'answered'",
    expected: (facts) => facts.rows("call_sessions") * facts.scenario.shares["answered"],
    within: 1,
  },
  {
    entity: "sms_opt_ins",
    rule: "opt-ins of callers",
    where: "true",
    expected: (facts) => facts.rows("call_sessions") * facts.scenario.shares["smsOptedIn"],
    within: 2,
  },
  {
    entity: "gift_cards",
    rule: "issued to those who opted in",
    where: "{sms_opt_in_id} IS NOT NULL",
    expected: (facts) => facts.rows("sms_opt_ins") * facts.scenario.shares["giftCardIssued"],
    within: 1,
  },
];

const distributions: readonly DistributionRule[] = [
  {
    entity: "clients",
    rule: "industry",
    value: "{industry}",
    expected: ({ scenario }) => scenario.weights["industry"],
  },
];

function monthsAndDays(facts: CheckFacts) {
  const { settings } = facts.scenario;
  const { q4Factor, summerFactor, sundayFactor, wednesdayFactor, saturdayFactor } = settings as Record<string, number>;
  return {
    months: Array.from({ length: 12 }, (_, month) =>
      month >= 9 ? q4Factor : month >= 5 && month <= 7 ? summerFactor : 1,
    ),
    weekdays: [sundayFactor, 1, 1, wednesdayFactor, 1, 1, saturdayFactor],
    days: modelDays(facts),
  };
}

function schedule({ scenario }: CheckFacts): Schedule {
  const { from, to } = scenario.window;
  return scheduleOf({ scenario, windowUs: { from: Date.parse(from) * 1000, to: Date.parse(to) * 1000 } });
}

const platformSpan = (facts: CheckFacts) => {
  const { onboardingEndUs, toUs } = schedule(facts);
  return { fromUs: onboardingEndUs, toUs };
};

/** When engagement neither begins nor ends: behind the first campaigns and before the last. */
const campaignSpan = (facts: CheckFacts) => {
  const { firstDropUs, lastDropUs } = schedule(facts);
  const middleUs = (firstDropUs + lastDropUs) / 2;
  return { fromUs: Math.min(middleUs, firstDropUs + 28 * DAY_US), toUs: Math.max(middleUs, lastDropUs) };
};

const platform = { timeZone: `'${PLATFORM_TIME_ZONE}'`, span: platformSpan, weights: monthsAndDays };

const calls = {
  entity: "call_sessions",
  column: "started_at",
  timeZone: "{campaign_id.organization_id.time_zone}",
  span: campaignSpan,
  // Over hundreds of seeds a month or weekday of equal campaigns strays by more less than once in a million.
  bunches: { by: "{campaign_id}", stray: 4 },
};

/** Below this a few drops decide the weekdays. */
const CALL_DAYS_MIN = 28;

/** Over hundreds of seeds, calls by month lie within 4% in the mean; those by weekday follow the mail of their days. */
const MONTHS_OFF = 0.05;
const WEEKDAYS_OFF = 0.15;

function callWeights(scale: "months" | "weekdays"): CalendarRule["weights"] {
  return (facts) => {
    const { fromUs, toUs } = campaignSpan(facts);
    const { [scale]: weights, days } = monthsAndDays(facts);
    return toUs - fromUs < CALL_DAYS_MIN * DAY_US ? {} : { [scale]: weights, days };
  };
}

const calendars: readonly CalendarRule[] = [
  { entity: "usage_analytics", column: "occurred_at", ...platform },
  { entity: "performance_metrics", column: "recorded_at", ...platform },
  { entity: "error_logs", column: "occurred_at", where: "{incident_number} IS NULL", ...platform },
  { ...calls, weights: callWeights("months"), tolerance: () => MONTHS_OFF },
  { ...calls, weights: callWeights("weekdays"), tolerance: () => WEEKDAYS_OFF },
];

const queries: readonly QueryRule[] = [
  {
    name: "campaign list",
    limitMs: 2000,
    sql:
      "SELECT c.id, c.name, l.name AS client, c.status, c.drop_date, r.recipients, r.delivered, r.engaged, r.leads " +
      "FROM {campaigns} c JOIN {clients} l ON l.id = c.client_id LEFT JOIN (SELECT campaign_id, count(*) AS recipients, " +
      "count(delivered_at) AS delivered, count(first_engaged_at) AS engaged, count(converted_at) AS leads " +
      "FROM {recipients} GROUP BY campaign_id) r ON r.campaign_id = c.id ORDER BY c.created_at DESC, c.id",
  },
  {
    name: "event aggregation",
    limitMs: 3000,
    sql:
      "SELECT campaign_id, event_type, count(*), min(occurred_at), max(occurred_at) " +
      "FROM {events} GROUP BY campaign_id, event_type",
  },
  {
    name: "analytics",
    limitMs: 2500,
    sql:
      "SELECT o.name, date_trunc('week', u.occurred_at) AS week, u.feature, count(*) AS uses, count(DISTINCT u.user_id) AS users, " +
      "percentile_cont(0.95) WITHIN GROUP (ORDER BY u.duration_ms) AS p95_ms FROM {usage_analytics} u " +
      "JOIN {organizations} o ON o.id = u.organization_id GROUP BY o.name, week, u.feature",
  },
];

/** What must hold in the platform's tables beyond what their columns say. */
export const marketingChecks: ModelChecks = {
  // Customers and their lists are older than the window.
  outsideWindow: ["organizations", "clients", "users", "audiences", "templates", "landing_pages", "contacts"]
    .flatMap((table) => [`${table}.created_at`, `${table}.updated_at`])
    .concat("users.last_login_at", "landing_pages.published_at"),
  births: {
    columns: ["created_at", "occurred_at", "recorded_at", "purchased_at"],
    changed: "updated_at",
    except: ["gift_cards.sms_opt_in_id"],
  },
  order,
  states,
  steps,
  sums,
  shares,
  distributions,
  calendars,
  queries,
};
