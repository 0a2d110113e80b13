import type pg from "pg";
import type { Column, ColumnLaw } from "../columns/column.js";
import type { CheckFacts } from "../model/checks.js";
import type { Plan, PlannedEntity } from "../model/plan.js";
import type { Universe } from "../model/universe.js";
import { ownRows } from "../postgres/ddl.js";
import type { CheckResult } from "./result.js";

/** What checks are made from: the plan and the model, never the database (law 6). */
export interface CheckContext {
  readonly universe: Universe;
  readonly schema: string;
  readonly facts: CheckFacts;
  /** Whether the tables were loaded unlogged; without it, either is good. */
  readonly unlogged?: boolean;
  /**
   * Whether the tables were loaded just now, and nobody has had them since: keys, references, NOT NULL and conditions that
   * the catalog holds valid were proved by Postgres row by row.
   */
  readonly isProved: boolean;
  /** The plan's entities by name. */
  readonly planned: ReadonlyMap<string, PlannedEntity>;
}

/** Some checks that are made together: usually one statement. */
export interface CheckTask {
  /** Rows to be looked at, by which the longest tasks start first. */
  readonly rows: number;
  /** Run after all others, with no other beside it. */
  readonly isAlone?: boolean;
  run(client: pg.Client): Promise<CheckResult[]>;
}

export function checkContext(universe: Universe, plan: Plan, schema: string, isProved = false): CheckContext {
  const planned = new Map(plan.entities.map((entity) => [entity.entity, entity]));
  const rows = (entity: string): number => planned.get(entity)?.rows ?? 0;
  return {
    universe,
    schema,
    planned,
    isProved,
    facts: { scenario: universe.scenario, rows, sharedKey: (label) => universe.sharedKey(label) },
  };
}

/**
 * The law of a column whose values are drawn for each row by themselves. A column that reads others may have had its
 * draws changed by them, such as the first user of a client, whose role is set: of those nothing is derived.
 */
export function lawOfDraws({ law, reads }: Column): ColumnLaw | undefined {
  return reads.length === 0 ? law : undefined;
}

/** An entity's table, quoted. */
export function tableOf({ schema, universe }: CheckContext, entity: string): string {
  return ownRows(schema, universe.entity(entity));
}
