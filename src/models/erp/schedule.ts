import type { Scenario } from "../../model/scenario/types.js";

const DAY_MS = 86_400_000;

/** Orders of the whole window: as many a day as the scenario says, on average. */
export function ordersOf(scenario: Scenario): number {
  return Math.round(scenario.sizes["ordersPerDay"] * daysOf(scenario));
}

/** Maintenance visits of the whole window. */
export function visitsOf(scenario: Scenario): number {
  return Math.round((scenario.sizes["maintenanceVisitsPerWeek"] * daysOf(scenario)) / 7);
}

function daysOf({ window }: Scenario): number {
  return (Date.parse(window.to) - Date.parse(window.from)) / DAY_MS;
}
