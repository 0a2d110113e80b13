import type { Column } from "../columns/column.js";
import type { Scenario } from "./scenario/types.js";

/** How many rows an entity has, and whose children they are. */
export type RowSource =
  | {
      readonly kind: "fixed";
      readonly count: (scenario: Scenario) => number;
      /** The most that its keys allow, where it may have fewer rows than it asks for. */
      readonly most?: (rowCount: (entity: string) => number) => number;
      /** The entities whose numbers of rows `most` asks for. */
      readonly within?: readonly string[];
    }
  | {
      readonly kind: "children";
      readonly parent: string;
      /** The exact number of children in all; absent where `count` decides. */
      readonly total?: (scenario: Scenario) => number;
      /** A column of the parent: its weight in sharing the total, or with no total its number of children. */
      readonly by?: string;
      /** The most that its keys allow, where it may have fewer rows than the total. */
      readonly most?: (rowCount: (entity: string) => number) => number;
      /** The entities whose numbers of rows `most` asks for. */
      readonly within?: readonly string[];
    }
  /** As many as anomalies strike or add rows. */
  | { readonly kind: "labels" };

/** Columns that name a row of another table, or of the same one, by a key that it has. */
export interface ForeignKey {
  readonly columns: readonly string[];
  readonly target: string;
  /** A primary or unique key of the target, in the order of `columns`; its primary key without it. */
  readonly targetColumns?: readonly string[];
  /** The link through which the columns are read, or the column itself whose values are IDs. */
  readonly link: string;
  /** False where the reference holds but Postgres is not told. */
  readonly enforced: boolean;
}

/** Where a table stands that was there before: in another schema than the model's, or under another name. */
export interface Relation {
  readonly schema?: string;
  readonly name?: string;
  /** Others inherit from it, whose rows are not its own. */
  readonly only?: boolean;
}

/** One table as data. Rows are in ID order; IDs are `firstId + rowIndex`. */
export interface Entity {
  readonly name: string;
  /** Absent where the table is called as the entity is, in the model's schema. */
  readonly relation?: Relation;
  /** Its rows are in the database, as its columns make them: they are referred to, and none is loaded. */
  readonly kept?: boolean;
  readonly comment: string;
  readonly rows: RowSource;
  /** In the order of the table. */
  readonly columns: Readonly<Record<string, Column>>;
  readonly firstId: number;
  /** Rows that are in the table before these, which nothing here knows; 0 where it is empty. */
  readonly rowsBefore: number;
  /** The last ID of the range that the entity may use; a plan that would leave it is refused. */
  readonly lastId?: (scenario: Scenario) => number;
  /** Another name for it on the command line. */
  readonly alias?: string;
  readonly primaryKey: readonly string[];
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly indexes: readonly (readonly string[])[];
  /** Those of its stored columns that are references, and those that it declares. */
  readonly foreignKeys: readonly ForeignKey[];
  /** The feature that the entity belongs to; without it, always there. */
  readonly feature?: string;
}

/** What a model says of an entity. */
export interface EntitySpec {
  readonly comment: string;
  readonly relation?: Relation;
  readonly kept?: boolean;
  readonly rows: RowSource;
  readonly columns: Readonly<Record<string, Column>>;
  readonly firstId?: number;
  readonly rowsBefore?: number;
  readonly lastId?: (scenario: Scenario) => number;
  readonly alias?: string;
  readonly primaryKey?: readonly string[];
  readonly unique?: readonly (readonly string[])[];
  readonly indexes?: readonly (readonly string[])[];
  /** Keys whose columns are read through a link. */
  readonly foreignKeys?: readonly (Omit<ForeignKey, "enforced"> & { readonly enforced?: boolean })[];
  readonly feature?: string;
}

/** Declares an entity. */
export function entity(name: string, spec: EntitySpec): Entity {
  const { rowsBefore = 0, firstId = rowsBefore + 1, primaryKey = ["id"], unique = [], ...more } = spec;
  const { indexes = [], foreignKeys = [], ...rest } = more;
  const single = Object.entries(spec.columns).flatMap(([column, { unique }]) => (unique ? [[column]] : []));
  return {
    name,
    firstId,
    rowsBefore,
    primaryKey,
    uniqueKeys: [...single, ...unique],
    indexes,
    foreignKeys: [
      ...Object.entries(spec.columns).flatMap(([column, { references, hidden }]): ForeignKey[] => {
        if (references === undefined || hidden) return [];
        return [{ columns: [column], target: references.entity, link: column, enforced: references.foreignKey }];
      }),
      ...foreignKeys.map((key) => ({ enforced: true, ...key })),
    ],
    ...rest,
  };
}

/** The schema and the name of an entity's table, under the schema that a scenario loads into. */
export function placeOf(
  { name, relation }: Entity,
  schema: string,
): { readonly schema: string; readonly name: string } {
  return { schema: relation?.schema ?? schema, name: relation?.name ?? name };
}

/** The key of the target that a foreign key's values are found in. */
export function targetColumns({ targetColumns }: ForeignKey, target: Entity): readonly string[] {
  return targetColumns ?? target.primaryKey;
}

/** What a foreign key is called in a path: its column, or its columns. */
export function keyStep({ columns }: ForeignKey): string {
  return columns.join("+");
}

/** The foreign key that a step of a path goes by: of its link, or named by its columns. */
export function keyThrough({ foreignKeys }: Entity, step: string): ForeignKey | undefined {
  return foreignKeys.find((key) => keyStep(key) === step) ?? foreignKeys.find(({ link }) => link === step);
}

/** What stands for the first row of the entity that a column leads to: 0 in a link, an ID in a reference. */
export function firstRow({ link }: Column, { firstId }: Entity): number {
  return link === undefined ? firstId : 0;
}

/** The entity that a column's values lead to, as a reference or a link; undefined where they lead nowhere. */
export function leadsTo({ references, link }: Column): string | undefined {
  return link ?? references?.entity;
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
  options: Omit<Extract<RowSource, { readonly kind: "children" }>, "kind" | "parent">,
): RowSource {
  return { kind: "children", parent, ...options };
}

/** The columns of the table that rows are made of, in order. */
export function storedColumns(entity: Entity): [string, Column][] {
  return tableColumns(entity).filter(([, column]) => column.database === undefined);
}

/** All columns of the table, in order: those that Postgres makes by itself, too. */
export function tableColumns(entity: Entity): [string, Column][] {
  return Object.entries(entity.columns).filter(([, column]) => !column.hidden);
}
