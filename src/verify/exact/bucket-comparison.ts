import { type Comparison, DIFFERENCES_KEPT, type Difference, newComparison } from "./difference.js";
import { fieldsOf } from "./row-bytes.js";
import { bucketOfRow } from "./row-sums.js";

/** Rows of one primary key that only one side has. */
interface Surplus {
  readonly found: string[];
  readonly due: string[];
}

/** Which rows of a few buckets are there and not in the plan, or the other way round. Holds those buckets' rows. */
export class BucketComparison {
  readonly #buckets: ReadonlySet<number>;
  readonly #keyPlaces: readonly number[];
  /** How much more often a row was found than it is due, by its bytes. */
  readonly #rows = new Map<string, number>();

  constructor(buckets: readonly number[], keyPlaces: readonly number[]) {
    this.#buckets = new Set(buckets);
    this.#keyPlaces = keyPlaces;
  }

  /** Takes the row in `bytes[start, end)`, which is there (1) or due (-1). */
  take(bytes: Buffer, start: number, end: number, sign: 1 | -1): void {
    if (!this.#buckets.has(bucketOfRow(bytes, start, this.#keyPlaces))) return;
    const row = bytes.toString("latin1", start, end);
    const times = (this.#rows.get(row) ?? 0) + sign;
    if (times === 0) this.#rows.delete(row);
    else this.#rows.set(row, times);
  }

  /** Rows of one key on both sides are one row that differs; all others are missing or additional. */
  close(): Comparison {
    const comparison = newComparison();
    for (const { found, due } of this.#surplusByKey()) {
      for (let i = 0; i < Math.max(found.length, due.length); i++) {
        const there = found[i];
        const wanted = due[i];
        const kind = there === undefined ? "missing" : wanted === undefined ? "additional" : "differs";
        comparison[kind === "differs" ? "differing" : kind]++;
        if (comparison.first.length === DIFFERENCES_KEPT) continue;
        comparison.first.push({
          kind,
          position: comparison.first.length,
          ...(there !== undefined && { found: Buffer.from(there, "latin1") }),
          ...(wanted !== undefined && { expected: Buffer.from(wanted, "latin1") }),
        } satisfies Difference);
      }
    }
    return comparison;
  }

  #surplusByKey(): Surplus[] {
    const byKey = new Map<string, Surplus>();
    for (const [row, times] of this.#rows) {
      const fields = fieldsOf(Buffer.from(row, "latin1"));
      const key = this.#keyPlaces.map((place) => fields[place]?.toString("hex") ?? "null").join(",");
      const surplus = byKey.get(key) ?? { found: [], due: [] };
      byKey.set(key, surplus);
      for (let i = 0; i < Math.abs(times); i++) (times > 0 ? surplus.found : surplus.due).push(row);
    }
    return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, surplus]) => surplus);
  }
}
