import { openUniverse } from "../engine/open-universe.js";
import type { OpenUniverse } from "../engine/run/recorded.js";
import type { WeighTask } from "../engine/threads/protocol.js";
import { ThreadPool } from "../engine/threads/thread-pool.js";
import type { WeighOutcome } from "../engine/threads/weighing.js";
import { SeedBulkError } from "../errors.js";
import type { ModelOrigin } from "../model/origin.js";
import { buildPlan, type Plan } from "../model/plan.js";
import type { Scenario, ScenarioOverrides } from "../model/scenario/index.js";
import type { Universe } from "../model/universe.js";
import { TryLaterError } from "./problems.js";
import type { Services } from "./services.js";

/** Universes kept: a page asks for plan, preview and load of the same one again and again. */
const KEPT_MAX = 6;

/**
 * Rows of a scenario's sizes in all that a request may ask for. Weighing parents for the fan-out takes about 30 ms a
 * million rows, and a size mistyped by a few digits must not take a thread for hours.
 */
const SIZES_SUM_MAX = 500_000_000;

/** Up to so many rows the plan is made here: asking a thread would take as long. */
const SIZES_SUM_HERE = 500_000;

/** Universes that wait for the thread which weighs them, at the most. */
const WAITING_MAX = 8;

/** Which data a request is about. */
export interface Choice {
  readonly scenario: string;
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
  readonly seed?: number | undefined;
  readonly volumeMultiplier?: number | undefined;
  readonly schema?: string | undefined;
  readonly sizes?: Readonly<Record<string, number>> | undefined;
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
  readonly #kept = new Map<string, Promise<Universe>>();
  #thread: ThreadPool | undefined;
  #waiting = 0;
  readonly #plans = new WeakMap<Universe, Map<string, Plan>>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** @throws SeedBulkError SB_SCENARIO_NOT_FOUND, SB_SCENARIO_INVALID, SB_ENTITY_NOT_FOUND and what reading throws */
  async open(choice: Choice): Promise<Planned> {
    const name = await this.#known(choice.scenario);
    const { scenario, modelOrigin } = await this.#services.loadScenario(name, overridesOf(choice));
    const universe = await this.of(scenario, modelOrigin);
    const only = choice.only?.map((name) => this.#services.requireEntity(universe, name));
    return { universe, plan: this.#planOf(universe, only) };
  }

  /**
   * The universe of a scenario that is worked out: a request's, or the one that a run's plan holds. Whoever asks for the
   * same one at the same time waits for the same.
   * @throws SeedBulkError SB_SCENARIO_INVALID for sizes beyond the bound, SB_QUEUE_FULL, and what opening throws
   */
  readonly of: OpenUniverse = async (scenario, origin) => {
    refuseHuge(scenario);
    // A model of one's own may be another one by the same name.
    const key = JSON.stringify([scenario, origin !== undefined && "hash" in origin ? origin.hash : ""]);
    const universe = this.#kept.get(key) ?? this.#opened(scenario, origin);
    this.#kept.delete(key);
    this.#kept.set(key, universe);
    if (this.#kept.size > KEPT_MAX) this.#kept.delete(this.#kept.keys().next().value!);
    try {
      return await universe;
    } catch (error) {
      if (this.#kept.get(key) === universe) this.#kept.delete(key);
      throw error;
    }
  };

  /** Ends the thread; who waits for it is told that it ended. */
  async close(): Promise<void> {
    await this.#thread?.close();
  }

  /** A large one's tables are weighed by a thread: this one has others to answer. */
  async #opened(scenario: Scenario, origin: ModelOrigin | undefined): Promise<Universe> {
    if (sizesSum(scenario) <= SIZES_SUM_HERE) return openUniverse(scenario, origin);
    if (this.#waiting >= WAITING_MAX) {
      throw new TryLaterError("SB_QUEUE_FULL", `${WAITING_MAX} plans are being made already`, {
        retryAfterSeconds: 10,
      });
    }
    this.#waiting++;
    try {
      this.#thread ??= new ThreadPool("plan", 1, {});
      const task: WeighTask = { scenario, origin };
      const outcome = (await this.#thread.run(task)) as WeighOutcome;
      if (outcome.ok) return await openUniverse(scenario, origin, outcome.weighed);
      const { code, message, hint } = outcome;
      throw new SeedBulkError(code, message, hint === undefined ? {} : { hint });
    } finally {
      this.#waiting--;
    }
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
  sizes,
  features,
  anomalies,
}: Choice): ScenarioOverrides {
  return { seed, scale: volumeMultiplier, from: startDate, to: endDate, schema, sizes, features, anomalies };
}

function sizesSum({ sizes }: Pick<Scenario, "sizes">): number {
  return Object.values(sizes).reduce((total, size) => total + size, 0);
}

/** @throws SeedBulkError SB_SCENARIO_INVALID */
function refuseHuge({ sizes }: Scenario): void {
  const sum = sizesSum({ sizes });
  if (sum <= SIZES_SUM_MAX) return;
  throw new SeedBulkError("SB_SCENARIO_INVALID", `the sizes come to ${sum}, more than ${SIZES_SUM_MAX} in all`, {
    hint: "Lower volumeMultiplier, or load it with the command line.",
  });
}
