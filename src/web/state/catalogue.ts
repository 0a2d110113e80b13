import { signal } from "@preact/signals";
import { api } from "../api/client.js";
import { problemOf } from "../api/problem.js";
import type { Model, Problem, Scenario, Scenarios } from "../api/types.js";

/** All scenarios and models; null until they are there. */
export const catalogue = signal<Scenarios | null>(null);
export const catalogueProblem = signal<Problem | null>(null);

/** Reads the scenarios from the server. */
export async function loadCatalogue(): Promise<void> {
  try {
    catalogue.value = await api.scenarios();
    catalogueProblem.value = null;
  } catch (error) {
    catalogueProblem.value = problemOf(error);
  }
}

/** The scenario called `model/name`, and its model. */
export function findScenario(name: string): { scenario: Scenario; model: Model } | undefined {
  const scenario = catalogue.value?.scenarios.find((one) => `${one.model}/${one.name}` === name);
  const model = catalogue.value?.models.find((one) => one.name === scenario?.model);
  return scenario && model ? { scenario, model } : undefined;
}
