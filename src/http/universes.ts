import { openUniverse } from "../engine/open-universe.js";
import { SeedBulkError } from "../errors.js";
import { buildPlan, type Plan } from "../model/plan.js";
import type { Scenario, ScenarioOverrides } from "../model/scenario/index.js";
import type { Universe } from "../model/universe.js";
import type { Services } from "./services.js";

/** Universes kept: a page asks for plan, preview and load of the same one again and again. */
const KEPT_MAX = 6;

/**
 * Rows of a scenario's sizes in all that a request may ask for. Weighing parents for the fan-out holds this thread for
 * about 30 ms a million rows, and a size mistyped by a few digits must not hold it for hours.
 */
const SIZES_SUM_MAX = 500_000_000;

/** Which data a request is about. */
export interface Choice {
  readonly scenario: string;
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
  readonly seed?: number | undefined;
  readonly volumeMultiplier?: number | undefined;
  readonly schema?: string | undefined;
  readonly features?: Readonly<Record<string, boolean>> | undefined;
  /** Rates by name. */
  readonly anomalies?: Readonly<Record<string, number>> | undefined;
  readonly only?: readonly string[] | undefined;
}

/** A universe with the plan of the entities wanted. */
export interface Planned {
  readonly universe: Universe;
  readonly plan: Plan;
}

/** Opens what requests ask for; the scenario's file is read each time, what follows from it is kept. */
export class Universes {
  readonly #services: Services;
  readonly #kept = new Map<string, Universe>();
  readonly #plans = new WeakMap<Universe, Map<string, Plan>>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** @throws SeedBulkError SB_SCENARIO_NOT_FOUND, SB_SCENARIO_INVALID, SB_ENTITY_NOT_FOUND and what reading throws */
  async open(choice: Choice): Promise<Planned> {
    const { scenario } = await this.#services.loadScenario(await this.#known(choice.scenario), overridesOf(choice));
    const universe = await this.of(scenario);
    const only = choice.only?.map((name) => this.#services.requireEntity(universe, name));
    return { universe, plan: this.#planOf(universe, only) };
  }

  /** The universe of a scenario that is worked out: a request's, or the one that a run's plan holds. */
  async of(scenario: Scenario): Promise<Universe> {
    const key = JSON.stringify(scenario);
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    refuseHuge(scenario);
    const universe = kept ?? (await openUniverse(scenario));
    this.#kept.set(key, universe);
    if (this.#kept.size > KEPT_MAX) this.#kept.delete(this.#kept.keys().next().value!);
    return universe;
  }

  #planOf(universe: Universe, only: readonly string[] | undefined): Plan {
    const plans = this.#plans.get(universe) ?? new Map<string, Plan>();
    this.#plans.set(universe, plans);
    const key = only === undefined ? "" : [...only].sort().join(",");
    const plan = plans.get(key) ?? buildPlan(universe, only);
    // Names to leave entities out by are many; their plans are cheap beside the universe.
    if (plans.size < KEPT_MAX) plans.set(key, plan);
    return plan;
  }

  /** A name from a request means one of the listed scenarios and never a file, whatever lies in the working directory. */
  async #known(reference: string): Promise<string> {
    if (!reference.includes("/")) return reference;
    const listed = await this.#services.listScenarios();
    if (listed.some(({ model, name }) => `${model}/${name}` === reference)) return reference;
    throw new SeedBulkError("SB_SCENARIO_NOT_FOUND", `no scenario "${reference}"`, {
      hint: `Known scenarios: ${listed.map(({ model, name }) => `${model}/${name}`).join(", ")}.`,
    });
  }
}

function overridesOf({
  startDate,
  endDate,
  seed,
  volumeMultiplier,
  schema,
  features,
  anomalies,
}: Choice): ScenarioOverrides {
  return { seed, scale: volumeMultiplier, from: startDate, to: endDate, schema, features, anomalies };
}

/** @throws SeedBulkError SB_SCENARIO_INVALID */
function refuseHuge({ sizes }: Scenario): void {
  const sum = Object.values(sizes).reduce((total, size) => total + size, 0);
  if (sum <= SIZES_SUM_MAX) return;
  throw new SeedBulkError("SB_SCENARIO_INVALID", `the sizes come to ${sum}, more than ${SIZES_SUM_MAX} in all`, {
    hint: "Lower volumeMultiplier, or load it with the command line.",
  });
}
