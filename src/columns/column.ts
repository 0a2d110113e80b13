import type { Dictionary } from "../core/dictionary.js";
import type { FanOut } from "../core/fan-out.js";
import type { CellKey } from "../core/random.js";
import type { SqlType } from "../core/sql-type.js";
import type { Vector } from "../core/vectors.js";
import type { WeightedRows } from "../core/weighted-rows.js";

/** The rows that a batch is made of: any rows, in any order, of one entity. */
export interface Rows {
  /** Counted from 0; only the first `count` hold. Of a copy, the row that it is a copy of. */
  readonly rowIndexes: Float64Array;
  /** Where the rows stand in the table: what `rowIndexes` holds, save for copies. */
  readonly ownIndexes: Float64Array;
  count: number;
}

/** How one anomaly strikes under a scenario. */
export interface AnomalySettings {
  /** Of the entity's rows. */
  readonly rate: number;
  /** Anywhere, or in few places. */
  readonly when: "spread" | "burst";
  /** In how many. */
  readonly bursts: number;
  /** An ISO date or instant at which the first burst begins. */
  readonly from?: string | undefined;
}

/** What a column may know of an anomaly. */
export interface AnomalyFacts extends AnomalySettings {
  /** Its code in columns made by `anomalyOf`, from 1. */
  readonly code: number;
  /** Rows that it strikes or adds. */
  readonly count: number;
  readonly fromUs?: number;
  /** The row that it strikes or adds as its `index`-th, from 0. */
  rowOf(index: number): number;
}

/** Which rows anomalies strike. */
export interface Strikes {
  /** False where none of them strikes any row. */
  readonly any: boolean;
  /** The code of the anomaly that strikes a row; 0 for none. */
  codeOf(rowIndex: number): number;
}

/** Some columns of an entity, computed for any of its rows. */
export interface RowProgram {
  readonly rows: Rows;
  vector(column: string): Vector;
  /** Computes rows `[start, start + count)`, count up to BATCH_ROWS_MAX. */
  run(start: number, count: number): void;
  /** Computes the first `count` of `rows.ownIndexes`, which the caller has set. */
  runRows(count: number): void;
}

/** A scenario's figures as columns read them; plain data. */
export interface ColumnScenario {
  readonly sizes: Readonly<Record<string, number>>;
  readonly features: Readonly<Record<string, boolean>>;
  readonly shares: Readonly<Record<string, number>>;
  readonly weights: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly settings: Readonly<Record<string, number>>;
  readonly anomalies: Readonly<Record<string, AnomalySettings>>;
}

/** What a column may know while it is bound: everything but other rows. */
export interface BindContext {
  /** `entity.column`, for what a user is told. */
  readonly name: string;
  readonly scenario: ColumnScenario;
  /** Half-open, µs since 1970 UTC. */
  readonly windowUs: { readonly from: number; readonly to: number };
  /** The entity's own rows, without those that an anomaly adds. */
  readonly rowCount: number;
  readonly firstId: number;
  /** Rows that are in the table before the entity's. */
  readonly rowsBefore: number;
  /** The same key however many rows are there before: for values that all differ, also from those of earlier runs. */
  lastingKey(): CellKey;
  /** This column's key; with a label, a further one of its own. */
  key(label?: string): CellKey;
  /** A key that all columns of the model share, for what several of them have to agree on. */
  sharedKey(label: string): CellKey;
  /** The type of what a path names, seen from a row of the entity. */
  typeOf(path: string): SqlType;
  /** Whether the scenario's features leave an entity in. */
  hasEntity(name: string): boolean;
  entity(name: string): { readonly rowCount: number; readonly firstId: number };
  /** Which parent owns which rows of a child entity. */
  fanOut(childEntity: string): FanOut;
  /** The entity that owns the rows of another; undefined where its rows are nobody's children. */
  ownerOf(entity: string): string | undefined;
  /** Where the link or reference at the end of a path leads to, and what stands for the first row there. */
  linkOf(path: string): { readonly entity: string; readonly first: number };
  /** An entity's rows, to be drawn by a column of weights. */
  weightedRows(entity: string, weight: string): WeightedRows;
  dictionary(name: string): Dictionary;
  /** Columns of any entity, for a column that must look at other rows; they must not depend on this one. */
  program(entity: string, columns: readonly string[]): RowProgram;
  anomaly(name: string): AnomalyFacts;
  /**
   * Which rows of this entity anomalies strike, of those that may be struck.
   * @param among the column that says which; all without it
   */
  strikes(among?: string): Strikes;
}

/** A bound column: its own vector, and the function that fills it for the rows of a batch. */
export interface BoundColumn {
  readonly out: Vector;
  fill(rows: Rows): void;
}

/** Another table's rows that a column's values are IDs of. */
export interface Reference {
  readonly entity: string;
  /** Made as a foreign key; false where the reference holds but Postgres is not told. */
  readonly foreignKey: boolean;
}

/** What a column's values obey, as far as somebody who sees only the table can tell: checks are derived from it. */
export type ColumnLaw =
  /** A moment not before the one at `from`, nor after the one at `to`. */
  | { readonly kind: "between"; readonly from: string; readonly to?: string }
  /** A moment some days after another; held within the window, however few days that leaves. */
  | { readonly kind: "after"; readonly from: string; readonly lowDays: number; readonly highDays: number }
  /** Values drawn for each row by themselves, by weight; written as Postgres writes them as text. */
  | { readonly kind: "weighted"; readonly weights: (scenario: ColumnScenario) => Readonly<Record<string, number>> }
  /** Whole units of the type (cents for a numeric of scale 2) from `low` to `high`, both included. */
  | { readonly kind: "range"; readonly low: number; readonly high: number }
  /** Rows of the entity referred to, each drawn by itself: evenly, or few of them often. */
  | { readonly kind: "even" }
  | { readonly kind: "zipf"; readonly exponent: number }
  /**
   * What an SQL expression over the row's paths gives (a RowSql of the model's), save for the last digit where rounded,
   * and NULL in rows of its own where thinned.
   */
  | { readonly kind: "computed"; readonly sql: string; readonly isRounded: boolean; readonly isThinned?: boolean }
  /** The sum of a column over the rows of another entity that the row owns, or their number without a column. */
  | { readonly kind: "children"; readonly child: string; readonly column?: string }
  /** The same of a plain copy or of texts put together, of which a table has many: they are checked at once. */
  | { readonly kind: "composed"; readonly sql: string; readonly isThinned?: boolean };

/** What Postgres makes of a column by itself. */
export type DatabaseMade =
  | { readonly kind: "default"; readonly sql: string }
  | { readonly kind: "generated"; readonly sql: string; readonly isVirtual: boolean };

/**
 * A column as data: its type, what it reads, and how it is bound. A path names a column of the same row, or of a row
 * that a reference or a link of it leads to: `campaign_id.client_id.industry`.
 */
export interface Column {
  readonly type: SqlType;
  readonly reads: readonly string[];
  /** @param inputs the vectors of `reads`, in their order; filled before `fill` is called */
  bind(context: BindContext, inputs: readonly Vector[]): BoundColumn;
  /** How values come about, for people: "lognormal, median 250, sigma 0.8". */
  readonly about: string;
  readonly references?: Reference;
  /** Of a link: the entity whose rows its values are the indexes of, from 0. Never stored; read through by paths. */
  readonly link?: string;
  readonly law?: ColumnLaw;
  /** All values of a column of an `other` type, as they are written. */
  readonly literals?: readonly string[];
  /** Of texts of a list: all of them. */
  readonly texts?: readonly string[];
  readonly nullable?: boolean;
  readonly unique?: boolean;
  /** An SQL condition on the row. */
  readonly check?: string;
  readonly comment?: string;
  /** Computed for other columns, not stored. */
  readonly hidden?: boolean;
  /** Continues after the largest ID once the table is loaded; `always` refuses IDs of others. */
  readonly identity?: boolean | "always";
  /** Who makes its values, where that is Postgres: it is in the table and in no row of ours. */
  readonly database?: DatabaseMade;
  /** Its value is the row's ID, `firstId + rowIndex`: whoever knows the row knows it. */
  readonly rowId?: boolean;
}

/** A column that is computed for others and not stored. */
export function hidden(column: Column): Column {
  return { ...column, hidden: true };
}

/** A column with a comment of its own. */
export function described(comment: string, column: Column): Column {
  return { ...column, comment };
}

/** A column whose values are all different; Postgres gets a unique key for it. */
export function unique(column: Column): Column {
  return { ...column, unique: true };
}

/** A column with an SQL condition on the row. */
export function checked(check: string, column: Column): Column {
  return { ...column, check };
}

/** The law of a column that is NULL in further rows. */
export function thinnedLaw({ law }: Column): Pick<Column, "law"> {
  if (law === undefined) return {};
  return { law: law.kind === "computed" || law.kind === "composed" ? { ...law, isThinned: true } : law };
}
