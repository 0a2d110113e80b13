/** What one check found. */
export interface CheckResult {
  /** Unique in a report, and the same from run to run, such as `references campaigns.client_id`. */
  readonly name: string;
  /** What sort of check it is, such as `references` or `exact`. */
  readonly kind: string;
  /** The table looked at; null where it is the database as a whole. */
  readonly entity: string | null;
  readonly ok: boolean;
  /** What was found, for people. */
  readonly found: string;
  /** What the plan says it must be, for people. */
  readonly expected: string;
  readonly rowsChecked: number;
  /** How long it took; checks that share a scan share its time. */
  readonly seconds: number;
  /** Up to {@link OFFENDING_ROWS_MAX} rows that are wrong, by column. */
  readonly offending: readonly Readonly<Record<string, string | null>>[];
  /** What was compared, for a plot: counts by value, month, weekday, hour or rank. */
  readonly cells?: readonly ComparedCell[];
}

/** One count beside the one that the configuration says. */
export interface ComparedCell {
  readonly label: string;
  readonly observed: number;
  readonly expected: number;
}

/** Rows that a failed check names. */
export const OFFENDING_ROWS_MAX = 10;

/** What Postgres did for a query, asked for by `--explain`. */
export interface QueryPlan {
  readonly name: string;
  readonly ms: number;
  /** EXPLAIN's lines. */
  readonly plan: readonly string[];
}

/** What all checks of a run found. */
export interface VerificationReport {
  readonly ok: boolean;
  readonly scenario: string;
  readonly model: string;
  readonly schema: string;
  readonly planHash: string;
  /** Whether keys, references, NOT NULL and conditions were left to Postgres, which had just proved them. */
  readonly isProved: boolean;
  readonly seconds: number;
  readonly rowsChecked: number;
  /** In a fixed order. */
  readonly checks: readonly CheckResult[];
  readonly plans: readonly QueryPlan[];
}
