import * as z from "zod";
import { atMost, daySettings, feature, setting, share, size, weights } from "../../model/scenario/knobs.js";
import type { ScenarioKnobs } from "../../model/scenario/types.js";

// Defaults are the `development` scenario's: every table has rows, and loading takes a second or two.

const sizes = z.strictObject({
  organizations: size(5, "agencies that run campaigns for their clients"),
  clients: size(20, "businesses, each of one organization"),
  usersPerClient: size(6, "people with a login at each client; a scale leaves it as it is"),
  contacts: size(5_000, "people whom clients may write to"),
  campaigns: size(100, "direct mail campaigns"),
  recipients: size(15_000, "letters: one contact of one campaign; events and calls follow from these"),
  performanceMetrics: size(5_000, "measurements of the product's own speed", { min: 0 }),
  usageAnalytics: size(2_500, "records of who used which part of the product", { min: 0 }),
  errorLogs: size(100, "errors that the product logged", { min: 0 }),
});

const features = z.strictObject({
  analytics: feature(true, "performance_metrics and usage_analytics"),
  errorLogs: feature(true, "error_logs"),
  callCenter: feature(true, "tracked phone numbers, calls, and the SMS opt-ins that follow from calls"),
  giftCards: feature(true, "gift cards; they reward SMS opt-ins, so they are off wherever callCenter is"),
});

const shares = z
  .strictObject({
    mailed: share(0.95, "of all recipients: the letter was mailed"),
    delivered: share(0.85, "of all recipients: the letter arrived"),
    qrScanned: share(0.2, "of all recipients: scanned the letter's QR code"),
    purlVisited: share(0.28, "of all recipients: visited their personal URL"),
    formSubmitted: share(0.12, "of all recipients: sent the form at that URL"),
    lead: share(0.1, "of all recipients: became a lead by that form"),
    called: share(0.35, "of all recipients: called the campaign's number"),
    answered: share(0.85, "of calls: somebody answered"),
    smsOptedIn: share(0.68, "of calls: the caller agreed to be sent SMS, which takes an answered call"),
    giftCardIssued: share(0.85, "of SMS opt-ins: got a gift card"),
  })
  .refine(...atMost("delivered", "mailed"))
  .refine(...atMost("qrScanned", "delivered"))
  .refine(...atMost("purlVisited", "delivered"))
  .refine(...atMost("called", "delivered"))
  .refine(...atMost("formSubmitted", "purlVisited"))
  .refine(...atMost("lead", "formSubmitted"))
  .refine(...atMost("smsOptedIn", "answered"));

const weighted = z.strictObject({
  campaignStatus: weights(
    { completed: 60, active: 20, draft: 10, paused: 6, cancelled: 4 },
    "the states that campaigns are in at the window's end",
  ),
  industry: weights(
    {
      healthcare: 15,
      automotive: 14,
      retail: 14,
      real_estate: 12,
      financial_services: 10,
      home_services: 12,
      education: 5,
      nonprofit: 5,
      hospitality: 7,
      insurance: 6,
    },
    "the industries of clients",
  ),
  lifecycleStage: weights(
    { lead: 30, prospect: 25, customer: 25, loyal: 12, churned: 8 },
    "how far contacts have come with the client",
  ),
});

const settings = z.strictObject({
  contactsPerClientSigma: setting(0.6, "lognormal spread of contacts over clients", { min: 0, max: 3 }),
  recipientsPerCampaignSigma: setting(0.8, "lognormal spread of recipients over campaigns", { min: 0, max: 3 }),
  q4Factor: setting(1.4, "how busy October to December are beside spring", { min: 0.01, max: 100 }),
  summerFactor: setting(0.8, "how busy June to August are beside spring", { min: 0.01, max: 100 }),
  wednesdayFactor: setting(1.3, "how busy a Wednesday is beside a Monday", { min: 0.01, max: 100 }),
  saturdayFactor: setting(0.4, "how busy a Saturday is beside a Monday", { min: 0.01, max: 100 }),
  sundayFactor: setting(0.3, "how busy a Sunday is beside a Monday", { min: 0.01, max: 100 }),
  historyDays: setting(900, "days before the window over which customers came", { min: 1, max: 20_000 }),
  ...daySettings({ daySigma: 0.15, growth: 1.3 }),
});

/** What a marketing scenario can set. */
export const marketingKnobs = {
  sizes,
  features,
  shares,
  weights: weighted,
  settings,
  scaledSizes: [
    "organizations",
    "clients",
    "contacts",
    "campaigns",
    "recipients",
    "performanceMetrics",
    "usageAnalytics",
    "errorLogs",
  ],
  dependentFeatures: { giftCards: ["callCenter"] },
} as const satisfies ScenarioKnobs;
