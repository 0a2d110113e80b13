/** What an account may subscribe to, the smallest first. */
export const PLANS = ["basic", "pro", "business", "enterprise"] as const;
export type Plan = (typeof PLANS)[number];

/** A part of the product, with the plan that first has it and how often it is used. */
interface Feature {
  readonly name: string;
  readonly from: Plan;
  readonly weight: number;
}

export const FEATURES: readonly Feature[] = [
  { name: "live_dashboard", from: "basic", weight: 30 },
  { name: "pour_history", from: "basic", weight: 18 },
  { name: "temperature_alerts", from: "basic", weight: 9 },
  { name: "inventory_tracking", from: "pro", weight: 14 },
  { name: "keg_forecast", from: "pro", weight: 8 },
  { name: "waste_report", from: "pro", weight: 7 },
  { name: "shift_report", from: "pro", weight: 9 },
  { name: "location_rollup", from: "business", weight: 8 },
  { name: "custom_reports", from: "business", weight: 6 },
  { name: "api_access", from: "business", weight: 4 },
  { name: "loss_prevention", from: "business", weight: 5 },
  { name: "data_export", from: "enterprise", weight: 4 },
  { name: "predictive_maintenance", from: "enterprise", weight: 5 },
  { name: "benchmarks", from: "enterprise", weight: 3 },
];

/** The features of each plan: a plan has those of the smaller ones too. */
export const PLAN_FEATURES: readonly (readonly Feature[])[] = PLANS.map((_, plan) =>
  FEATURES.filter(({ from }) => PLANS.indexOf(from) <= plan),
);

/** US cents a month: a fee for the account and one for each device, in the order of PLANS. */
export const BASE_CENTS: readonly number[] = [4_900, 14_900, 49_900, 199_900];
export const DEVICE_CENTS: readonly number[] = [900, 1_400, 1_200, 1_000];
