import type { RowSql } from "./row-sql.js";

/** What goes wrong, for somebody who scores a detector. */
export const ANOMALY_KINDS = [
  "payment_delay",
  "delivery_delay",
  "delivery_failure",
  "cancellation",
  "credential_stuffing",
  "price_spike",
  "duplicate_entry",
  "missing_value",
  "out_of_order_event",
  "error_incident",
] as const;

export type AnomalyKind = (typeof ANOMALY_KINDS)[number];

/**
 * Something that a scenario may have go wrong in one entity's rows. Each row that shows it gets a label, a row of
 * `injected_anomalies`. The rest of the data is what it would be without it: no other row's ID, count or value
 * changes but for what is computed from a struck value.
 */
export interface ModelAnomaly {
  /** The key in a scenario's `anomalies`. */
  readonly name: string;
  readonly kind: AnomalyKind;
  readonly entity: string;
  /** In words, for people: "paid 10 to 45 days late". */
  readonly about: string;
  /** A hidden column of 0 and 1: the rows that may be struck; all without it. Anomalies with the same never meet. */
  readonly among?: string;
  /**
   * Rows are added after the entity's own ones instead of struck: `new` ones draw for themselves, a `copy` repeats
   * another row but for its ID. Either belongs to the parent of the row that it is made after.
   */
  readonly appended?: "new" | "copy";
  /**
   * How `when: burst` is taken: `true` has struck rows stand together, which needs IDs that grow with time; with
   * `times` the rows stand anywhere and the model moves them together in time.
   */
  readonly bursts?: true | "times";
  /** How it comes where a scenario says nothing; spread without it, where it may be. */
  readonly usually?: "spread" | "burst";
  /** In how many places bursts come, where a scenario says nothing. */
  readonly burstCount?: number;
  /** True in each labelled row and in no other; a copy is known by its original instead. */
  readonly shows?: RowSql;
  /** Paths of moments of the row: when the anomaly began to show, and when it was over. */
  readonly since: string;
  readonly until: string;
  /** The path of a text of the row: what is wrong with it. A copy's label says which row it repeats instead. */
  readonly detail?: string;
  /** The share of the entity's rows, where a scenario says nothing. */
  readonly rate: number;
}

/** In how many places bursts come, where neither scenario nor model say. */
export const BURSTS_DEFAULT = 3;

/** The table of labels. */
export const LABELS_TABLE = "injected_anomalies";
