/** Rows of a range that are named; the others are counted. */
export const DIFFERENCES_KEPT = 10;

/** A row that is not what the plan says; plain data, since it crosses a thread boundary. */
export interface Difference {
  readonly kind: "differs" | "missing" | "additional";
  /** Where the row stands among the table's rows: its ID, where there is one. */
  readonly position: number;
  /** What is there, as a row of binary COPY. */
  readonly found?: Uint8Array;
  /** What must be there, as a row of binary COPY; absent where nothing must. */
  readonly expected?: Uint8Array;
  /** The row in the plan, counted from 0; absent where nothing must be there. */
  readonly row?: number;
}

/** What became of a comparison. */
export interface Comparison {
  /** Rows read. */
  rows: number;
  /** Bytes of binary COPY read. */
  bytes: number;
  differing: number;
  missing: number;
  additional: number;
  /** The first few, in their order. */
  readonly first: Difference[];
}

/** A comparison that has seen nothing yet. */
export function newComparison(): Comparison {
  return { rows: 0, bytes: 0, differing: 0, missing: 0, additional: 0, first: [] };
}

/** Adds a part's result to a table's; parts come in any order. */
export function addComparison(sum: Comparison, part: Comparison): void {
  sum.rows += part.rows;
  sum.bytes += part.bytes;
  sum.differing += part.differing;
  sum.missing += part.missing;
  sum.additional += part.additional;
  sum.first.push(...part.first);
  sum.first.sort((a, b) => a.position - b.position);
  sum.first.length = Math.min(sum.first.length, DIFFERENCES_KEPT);
}
