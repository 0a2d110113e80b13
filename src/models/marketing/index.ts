import type { Model } from "../../model/model.js";
import { clients, organizations, users } from "./accounts.js";
import { performanceMetrics, usageAnalytics } from "./analytics.js";
import { marketingAnomalies } from "./anomalies.js";
import { callConditionsMet, callSessions, trackedPhoneNumbers } from "./calls.js";
import { campaignConditions, rewardConfigs } from "./campaign-rules.js";
import { campaigns } from "./campaigns.js";
import { marketingChecks } from "./checks.js";
import { contacts } from "./contacts.js";
import { audiences, landingPages, templates } from "./creative.js";
import { dictionaries } from "./dictionaries.js";
import { contactCampaignParticipation, recipientAuditLogs } from "./engagement.js";
import { errorLogs } from "./error-logs.js";
import { events } from "./events.js";
import { giftCards } from "./gift-cards.js";
import { marketingKnobs } from "./knobs.js";
import { recipients } from "./recipients.js";
import { smsOptIns } from "./sms.js";

/** A platform for direct mail: agencies, their clients' campaigns, and how people answer them. */
export const marketing: Model = {
  name: "marketing",
  description: "Direct mail marketing: campaigns, recipients' journeys, calls, text messages, gift cards, analytics",
  schema: "marketing",
  knobs: marketingKnobs,
  checks: marketingChecks,
  anomalies: marketingAnomalies,
  entities: [
    organizations,
    clients,
    users,
    contacts,
    audiences,
    templates,
    landingPages,
    campaigns,
    campaignConditions,
    rewardConfigs,
    recipients,
    events,
    recipientAuditLogs,
    contactCampaignParticipation,
    trackedPhoneNumbers,
    callSessions,
    callConditionsMet,
    smsOptIns,
    giftCards,
    performanceMetrics,
    usageAnalytics,
    errorLogs,
  ],
  dictionaries,
};
