import type { CalendarWeights } from "../columns/calendars.js";
import type { CellKey } from "../core/random.js";
import type { RowSql } from "./row-sql.js";
import type { Scenario } from "./scenario/types.js";

/**
 * What must hold in a model's tables beyond what its columns say. References, keys, not null, checks, enum labels, the
 * order of columns made by `after` and `momentBetween`, the weights of `choice` and the window are known from the
 * columns and not declared again. A rule that names an entity which the plan leaves out is left out too.
 */
export interface ModelChecks {
  /** Timestamp columns that may lie outside the window, as `entity.column`: an expiry date. */
  readonly outsideWindow?: readonly string[];
  readonly births?: BirthRule;
  readonly order?: readonly OrderRule[];
  readonly states?: readonly StateRule[];
  readonly steps?: readonly StepRule[];
  readonly sums?: readonly SumRule[];
  readonly shares?: readonly ShareRule[];
  readonly distributions?: readonly DistributionRule[];
  readonly calendars?: readonly CalendarRule[];
  readonly invariants?: readonly InvariantRule[];
  readonly queries?: readonly QueryRule[];
}

/**
 * Rows that an anomaly's label excuses from a rule: the anomaly's name, behind the path of a reference where the label
 * is another row's: `payment_delay`, `order_id.cancellation`.
 */
export type Excuse = string;

/** By which names columns say when a row came about: no row is older than one that it refers to. */
export interface BirthRule {
  /** The first of these that an entity has. */
  readonly columns: readonly string[];
  /** When a row was last changed, which is not before it came about. */
  readonly changed?: string;
  /** References to rows that may be younger, as `entity.column`: a gift card is bought before somebody gets it. */
  readonly except?: readonly string[];
}

/** One moment is not before another; where either is NULL, nothing is said. */
export interface OrderRule {
  readonly entity: string;
  /** Paths of two moments. */
  readonly before: string;
  readonly after: string;
  /** Not even at the same moment. */
  readonly strict?: boolean;
  /** Hours that lie between the two at the least, and at the most. */
  readonly hours?: { readonly least?: number; readonly most?: number };
  readonly unless?: readonly Excuse[];
}

/** What holds in every row of an entity: a status that agrees with its dates. */
export interface StateRule {
  readonly entity: string;
  /** In words, unique in its entity: "a draft has no mail date". */
  readonly rule: string;
  /** The rows that the rule is about; all without it. */
  readonly where?: RowSql;
  /** True in each of them; unlike in a CHECK, NULL counts as false. */
  readonly holds: RowSql;
  readonly unless?: readonly Excuse[];
}

/** No step without the one before it: a form follows a visit of the same recipient. */
export interface StepRule {
  readonly entity: string;
  /** In words, unique in its entity: "a form follows a visit". */
  readonly rule: string;
  /** The rows that follow something; all without it. */
  readonly where?: RowSql;
  /** What the row and the step before it agree in. */
  readonly by: RowSql;
  /** When the row happened; without it, the order of the two is not looked at. */
  readonly at?: RowSql;
  readonly unless?: readonly Excuse[];
  /** The step that must be there, no later than the row. */
  readonly follows: {
    readonly entity: string;
    readonly where?: RowSql;
    readonly by: RowSql;
    readonly at?: RowSql;
  };
}

/** A figure of each row that must agree with the rows which refer to it. */
export interface SumRule {
  readonly entity: string;
  /** In words, unique in its entity: "spent is the sum of redemptions". */
  readonly rule: string;
  readonly value: RowSql;
  /** The rows whose figure is compared; all without it. */
  readonly where?: RowSql;
  /** What `of.reference` is compared with; the row's ID without it. */
  readonly key?: RowSql;
  /** Leave rows alone that nothing refers to: their figure is a plan still. */
  readonly skipEmpty?: boolean;
  readonly unless?: readonly Excuse[];
  /** The rows that are added up. */
  readonly of: {
    readonly entity: string;
    /** The column that holds the ID of the row which the figure stands in. */
    readonly reference: string;
    readonly where?: RowSql;
    /** What is added; without it, rows are counted. */
    readonly value?: RowSql;
  };
}

/** A plan's figures. */
export interface PlanFacts {
  readonly scenario: Scenario;
  /** Rows of an entity in the plan. */
  readonly rows: (entity: string) => number;
}

/** What the figures that a rule expects may be worked out from. */
export interface CheckFacts extends PlanFacts {
  /** A key that all columns of the model share; see `BindContext`. */
  readonly sharedKey: (label: string) => CellKey;
}

/** An exact number of rows: shares that are dealt out, not drawn. */
export interface ShareRule {
  readonly entity: string;
  /** In words, unique in its entity: "delivered". */
  readonly rule: string;
  readonly where: RowSql;
  readonly expected: (facts: CheckFacts) => number;
  /** Rows that the number may differ by; 0 without it. */
  readonly within?: number;
}

/** Shares of values, compared by chi-square. */
export interface DistributionRule {
  readonly entity: string;
  /** In words, unique in its entity: "campaigns' states". */
  readonly rule: string;
  /** What is counted; compared as text. */
  readonly value: RowSql;
  /** The rows that are counted; all without it. Rows whose value is NULL are not. */
  readonly where?: RowSql;
  /** Weights by value. */
  readonly expected: (facts: CheckFacts) => Readonly<Record<string, number>>;
}

/** When things happen: how busy months, weekdays and hours are beside one another. */
export interface CalendarRule {
  readonly entity: string;
  /** A column of moments. */
  readonly column: string;
  readonly where?: RowSql;
  /** Moments outside these two are not looked at; µs since 1970 UTC, half-open. Without it, the window. */
  readonly span?: (facts: CheckFacts) => { readonly fromUs: number; readonly toUs: number };
  /** The clock that is looked at: a time zone as a text, such as `'America/Chicago'` or a path. */
  readonly timeZone: RowSql;
  /** Of months, weekdays and hours, what is absent is not looked at. */
  readonly weights: (facts: CheckFacts) => CalendarWeights;
  /**
   * For moments that follow the calendar only roughly, being bound by others: the part by which a month, a weekday or
   * an hour may be busier or less busy than its weight says, beside chance. Without it the moments were drawn freely:
   * chi-square.
   */
  readonly tolerance?: (facts: CheckFacts) => number;
  /**
   * Where rows come in bunches whose moments follow one another, as a campaign's calls follow its drop: what they are
   * bunched by, and by how much over the root of the number of bunches a month or a weekday strays by chance. Of bunches
   * of unequal sizes as many count as would of equal ones. With a tolerance only.
   */
  readonly bunches?: { readonly by: RowSql; readonly stray: number };
}

/** What only a query over whole tables can tell: that no running balance falls below zero. */
export interface InvariantRule {
  /** The table that the rule is about. */
  readonly entity: string;
  /** In words, unique in its entity. */
  readonly rule: string;
  /** Selects the rows that break it. `{entity}` stands for a table, as in {@link QueryRule}. */
  readonly sql: string;
}

/** A query as a dashboard makes it, and how long it may take. */
export interface QueryRule {
  readonly name: string;
  /** `{entity}` stands for a table, quoted; `{$from}`, `{$to}` and `{{` as in {@link RowSql}. */
  readonly sql: string;
  readonly limitMs: number;
}
