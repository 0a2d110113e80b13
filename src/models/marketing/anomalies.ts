import type { ModelAnomaly } from "../../model/anomalies.js";

/** What may go wrong in marketing's data. */
export const marketingAnomalies: readonly ModelAnomaly[] = [
  {
    name: "error_incident",
    kind: "error_incident",
    entity: "error_logs",
    about: "errors that come together, mostly of one kind, within one to three hours on one day",
    bursts: "times",
    burstCount: 5,
    shows: "{incident_number} IS NOT NULL",
    since: "incident_from",
    until: "incident_until",
    detail: "incident_detail",
    rate: 0.4,
  },
];
