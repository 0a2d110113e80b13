import type { Column } from "../columns/column.js";
import type { Scenario } from "./scenario/types.js";

/** How many rows an entity has, and whose children they are. */
export type RowSource =
  | { readonly kind: "fixed"; readonly count: (scenario: Scenario) => number }
  | {
      readonly kind: "children";
      readonly parent: string;
      /** The exact number of children in all; absent where `count` decides. */
      readonly total?: (scenario: Scenario) => number;
      /** A column of the parent: its weight in sharing the total, or with no total its number of children. */
      readonly by?: string;
    }
  /** As many as anomalies strike or add rows. */
  | { readonly kind: "labels" };

/** One table as data. Rows are in ID order; IDs are `firstId + rowIndex`. */
export interface Entity {
  readonly name: string;
  readonly comment: string;
  readonly rows: RowSource;
  /** In the order of the table. */
  readonly columns: Readonly<Record<string, Column>>;
  readonly firstId: number;
  /** The last ID of the range that the entity may use; a plan that would leave it is refused. */
  readonly lastId?: (scenario: Scenario) => number;
  /** Another name for it on the command line. */
  readonly alias?: string;
  readonly primaryKey: readonly string[];
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly indexes: readonly (readonly string[])[];
  /** The feature that the entity belongs to; without it, always there. */
  readonly feature?: string;
}

/** What a model says of an entity. */
export interface EntitySpec {
  readonly comment: string;
  readonly rows: RowSource;
  readonly columns: Readonly<Record<string, Column>>;
  readonly firstId?: number;
  readonly lastId?: (scenario: Scenario) => number;
  readonly alias?: string;
  readonly primaryKey?: readonly string[];
  readonly unique?: readonly (readonly string[])[];
  readonly indexes?: readonly (readonly string[])[];
  readonly feature?: string;
}

/** Declares an entity. */
export function entity(name: string, spec: EntitySpec): Entity {
  const { firstId = 1, primaryKey = ["id"], unique = [], indexes = [], ...rest } = spec;
  const single = Object.entries(spec.columns).flatMap(([column, { unique }]) => (unique ? [[column]] : []));
  return { name, firstId, primaryKey, uniqueKeys: [...single, ...unique], indexes, ...rest };
}

/** Rows that are nobody's children. */
export function rows(count: (scenario: Scenario) => number): RowSource {
  return { kind: "fixed", count };
}

/**
 * Rows owned by a parent entity's rows, each parent's children contiguous.
 * @param options.total exact number in all, shared by the parents' weights (`by`), or evenly
 * @param options.by a column of the parent: the weight, or, with no total, the number of children itself
 */
export function childrenOf(
  parent: string,
  options: { total?: (scenario: Scenario) => number; by?: string },
): RowSource {
  return { kind: "children", parent, ...options };
}

/** The entity's columns that the table has, in order. */
export function storedColumns(entity: Entity): [string, Column][] {
  return Object.entries(entity.columns).filter(([, column]) => !column.hidden);
}
