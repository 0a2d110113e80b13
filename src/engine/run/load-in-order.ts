import { SeedBulkError } from "../../errors.js";
import { type Entity, leadsTo } from "../../model/entity.js";
import type { Plan } from "../../model/plan.js";
import type { Universe } from "../../model/universe.js";
import type { FinishingStep } from "../schedule/finishing-steps.js";
import { type LoadedEntity, type LoadOptions, type LoadResult, load } from "./load.js";

/**
 * Entities in steps, each after those that it refers to: what foreign keys ask for that stay on while rows come in.
 * @throws SeedBulkError SB_REFUSED where tables refer to each other around in a circle
 */
export function loadingSteps(entities: readonly Entity[]): string[][] {
  const left = new Map(entities.map((entity) => [entity.name, targetsOf(entity)]));
  const steps: string[][] = [];
  while (left.size > 0) {
    const ready = [...left].filter(([, targets]) => !targets.some((target) => left.has(target))).map(([name]) => name);
    if (ready.length === 0) {
      throw new SeedBulkError(
        "SB_REFUSED",
        `these tables refer to each other around in a circle: ${[...left.keys()].join(", ")}`,
        {
          hint: "Nothing was written. Connect as the role that owns them, which may take their foreign keys off meanwhile.",
        },
      );
    }
    for (const name of ready) left.delete(name);
    steps.push(ready);
  }
  return steps;
}

function targetsOf({ name, columns }: Entity): string[] {
  return Object.values(columns).flatMap((column) => {
    const target = leadsTo(column);
    return target === undefined || target === name ? [] : [target];
  });
}

/** Whether rows of an entity refer to others of it, which must then be there before. */
export function refersToItself({ name, columns }: Entity): boolean {
  return Object.values(columns).some((column) => leadsTo(column) === name);
}

/**
 * Whether rows have to come after those that they refer to: where keys are on, since the tables are another role's or
 * somebody had them put back.
 * @param done names of the steps that are done
 */
export function isOrderedLoad(
  { model }: Universe,
  steps: readonly FinishingStep[],
  done: ReadonlySet<string>,
): boolean {
  const references = steps.filter(({ phase }) => phase === "references");
  const areOn = references.length === 0 || references.some(({ name }) => done.has(name));
  return model.existing === true && areOn;
}

/** Loads a plan step by step, each one's tables side by side; rows that refer to others of their table one shard after another. */
export async function loadInOrder(options: LoadOptions): Promise<LoadResult> {
  const { plan, universe, observer, workers } = options;
  observer?.phaseStarted?.("load");
  const results: LoadResult[] = [];
  let { threads } = options;
  for (const names of loadingSteps(plan.entities.map(({ entity }) => universe.entity(entity)))) {
    const isAlone = names.some((name) => refersToItself(universe.entity(name)));
    const { threads: _threads, ...common } = options;
    const step = { ...common, plan: planOf(plan, names), workers: isAlone ? 1 : workers, ...(threads && { threads }) };
    results.push(await load(step));
    // A load ends the threads that it was given.
    threads = undefined;
  }
  const result = inOne(plan, results);
  observer?.phaseEnded?.("load", result.seconds);
  return result;
}

function planOf(plan: Plan, names: readonly string[]): Plan {
  return { ...plan, entities: plan.entities.filter(({ entity }) => names.includes(entity)) };
}

function inOne(plan: Plan, results: readonly LoadResult[]): LoadResult {
  const sum = (of: (result: LoadResult) => number): number => results.reduce((all, result) => all + of(result), 0);
  const loaded = new Map(
    results.flatMap(({ entities }) => entities.map((one): [string, LoadedEntity] => [one.entity, one])),
  );
  // Percentiles do not add up: those of the step with the most rows stand for all.
  const [largest] = [...results].sort((a, b) => b.rows - a.rows);
  return {
    entities: plan.entities.flatMap(({ entity }) => loaded.get(entity) ?? []),
    rows: sum(({ rows }) => rows),
    bytes: sum(({ bytes }) => bytes),
    seconds: sum(({ seconds }) => seconds),
    retries: sum(({ retries }) => retries),
    chunkLatencyMs: largest.chunkLatencyMs,
    shardLatencyMs: largest.shardLatencyMs,
  };
}
