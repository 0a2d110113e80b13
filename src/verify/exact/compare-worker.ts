import type pg from "pg";
import { storedColumns } from "../../model/entity.js";
import type { Universe } from "../../model/universe.js";
import { close, connect } from "../../postgres/connection.js";
import { type CopyRange, copyOut, copyOutStatement, readingBack } from "../../postgres/copy-source.js";
import { BucketComparison } from "./bucket-comparison.js";
import { type Comparison, newComparison } from "./difference.js";
import { ExpectedRows } from "./expected-rows.js";
import type { CompareOutcome, CompareSettings, CompareTask } from "./protocol.js";
import { RangeComparison } from "./range-comparison.js";
import { rowEnd } from "./row-bytes.js";
import { RowSums } from "./row-sums.js";

/** Raised between rows once the coordinator has asked to stop. */
class Cancelled extends Error {}

/** Rows between two looks at the counters; a power of two. */
const TICK_ROWS = 1024;

type TaskOf<Kind extends CompareTask["kind"]> = Extract<CompareTask, { kind: Kind }>;

/** A comparing thread's side of the protocol: its connection, and what it keeps from task to task. */
export class CompareWorker {
  readonly #universe: Universe;
  readonly #settings: CompareSettings;
  readonly #progress: BigInt64Array;
  readonly #cancel: Int32Array;
  readonly #ranges = new Map<string, RangeComparison>();
  #client: pg.Client | undefined;

  constructor(universe: Universe, settings: CompareSettings) {
    this.#universe = universe;
    this.#settings = settings;
    this.#progress = new BigInt64Array(settings.progress);
    this.#cancel = new Int32Array(settings.cancel);
  }

  /** Does one task; a failure is an outcome, not a rejection. */
  async run(task: CompareTask): Promise<CompareOutcome> {
    const slot = this.#settings.entities.indexOf(task.entity);
    let counted = 0;
    const tick = (): void => {
      counted++;
      if ((counted & (TICK_ROWS - 1)) !== 0) return;
      if (Atomics.load(this.#cancel, 0) === 1) throw new Cancelled();
      if (countsRows(task)) Atomics.add(this.#progress, slot, BigInt(TICK_ROWS));
    };
    try {
      const comparison = await this.#do(task, tick);
      if (countsRows(task)) Atomics.add(this.#progress, slot, BigInt(counted & (TICK_ROWS - 1)));
      return { ok: true, comparison };
    } catch (error) {
      if (countsRows(task)) Atomics.sub(this.#progress, slot, BigInt(counted & -TICK_ROWS));
      this.#disconnect();
      const { message, code } = error as { message: string; code?: unknown };
      return {
        ok: false,
        message,
        code: typeof code === "string" ? code : undefined,
        cancelled: error instanceof Cancelled,
      };
    }
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    if (this.#client) await close(this.#client);
    this.#client = undefined;
  }

  #do(task: CompareTask, tick: () => void): Promise<Comparison> {
    switch (task.kind) {
      case "range":
        return this.#compareRange(task, tick);
      case "sumFound":
        return this.#sumFound(task, tick);
      case "sumExpected":
        return this.#sumExpected(task, tick);
      case "buckets":
        return this.#compareBuckets(task, tick);
    }
  }

  async #compareRange(task: TaskOf<"range">, tick: () => void): Promise<Comparison> {
    const { entity, idColumn, start, end, from, to, sorted } = task;
    let comparison = this.#ranges.get(entity);
    if (comparison === undefined) {
      comparison = new RangeComparison(this.#universe, entity, idColumn);
      this.#ranges.set(entity, comparison);
    }
    const compared = comparison;
    compared.open(start, end);
    const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    await this.#read(entity, { column: idColumn, ...bounds }, sorted, (row) => {
      tick();
      compared.take(row);
    });
    return compared.close();
  }

  async #sumFound({ entity, blocks, sums }: TaskOf<"sumFound">, tick: () => void): Promise<Comparison> {
    const own = new RowSums(this.#keyPlaces(entity));
    const comparison = newComparison();
    await this.#read(entity, { blocks }, false, (row) => {
      tick();
      own.add(row, 0, row.length);
      comparison.rows++;
      comparison.bytes += row.length;
    });
    own.addTo(sums, 1);
    return comparison;
  }

  async #sumExpected({ entity, start, end, sums }: TaskOf<"sumExpected">, tick: () => void): Promise<Comparison> {
    const own = new RowSums(this.#keyPlaces(entity));
    this.#eachExpected(entity, { start, end }, tick, (bytes, from, to) => own.add(bytes, from, to));
    own.addTo(sums, -1);
    return newComparison();
  }

  async #compareBuckets({ entity, rows, buckets }: TaskOf<"buckets">, tick: () => void): Promise<Comparison> {
    const compared = new BucketComparison(buckets, this.#keyPlaces(entity));
    this.#eachExpected(entity, { start: 0, end: rows }, tick, (bytes, from, to) => compared.take(bytes, from, to, -1));
    await this.#read(entity, {}, false, (row) => {
      tick();
      compared.take(row, 0, row.length, 1);
    });
    return compared.close();
  }

  async #read(entity: string, range: CopyRange, sorted: boolean, onRow: (row: Buffer) => void): Promise<void> {
    const client = (this.#client ??= await connect(this.#settings.url, "verifier"));
    const sql = copyOutStatement(this.#settings.schema, this.#universe.entity(entity), range);
    await readingBack(client, () => copyOut(client, sql, onRow, { sorted }));
  }

  #eachExpected(
    entity: string,
    { start, end }: { readonly start: number; readonly end: number },
    tick: () => void,
    visit: (bytes: Buffer, from: number, to: number) => void,
  ): void {
    const expected = new ExpectedRows(this.#universe, entity, { documents: true });
    expected.open(start, end);
    while (!expected.isDone) {
      tick();
      const to = rowEnd(expected.bytes, expected.at);
      visit(expected.bytes, expected.at, to);
      expected.advance(to);
    }
  }

  #keyPlaces(name: string): number[] {
    const entity = this.#universe.entity(name);
    const columns = storedColumns(entity).map(([column]) => column);
    return entity.primaryKey.map((column) => columns.indexOf(column));
  }

  /** After a failure, the next task connects anew: what is left of a COPY is not worth reading. */
  #disconnect(): void {
    this.#client?.end().catch(() => {});
    this.#client = undefined;
  }
}

/** Rows are counted where they are read, once. */
function countsRows({ kind }: CompareTask): boolean {
  return kind === "range" || kind === "sumFound";
}
