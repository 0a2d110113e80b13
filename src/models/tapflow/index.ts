import type { Model } from "../../model/model.js";
import { accounts } from "./accounts.js";
import { tapflowAnomalies } from "./anomalies.js";
import { tapflowChecks } from "./checks.js";
import { devices } from "./devices.js";
import { dictionaries } from "./dictionaries.js";
import { featureUsage } from "./feature-usage.js";
import { tapflowKnobs } from "./knobs.js";
import { locations } from "./locations.js";
import { tapflowNotes } from "./notes.js";
import { pageViews } from "./page-views.js";
import { subscriptions } from "./subscriptions.js";
import { tapEvents } from "./tap-events.js";
import { users } from "./users.js";

/** A platform that measures what venues' taps pour: accounts, venues, devices, users, subscriptions and events. */
export const tapflow: Model = {
  name: "tapflow",
  description: "Tap device analytics: accounts of four tiers, venues, devices, users, subscriptions, and what they do",
  schema: "raw",
  knobs: tapflowKnobs,
  checks: tapflowChecks,
  anomalies: tapflowAnomalies,
  notes: tapflowNotes,
  entities: [accounts, locations, devices, users, subscriptions, tapEvents, pageViews, featureUsage],
  dictionaries,
};
