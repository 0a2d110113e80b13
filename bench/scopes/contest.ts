import { SeedBulkError } from "../../src/errors.js";
import { quoteIdentifier } from "../../src/postgres/identifiers.js";
import type { BenchContext, BenchServer } from "../context.js";
import type { ServerWork } from "../server-probe.js";
import type { Measured } from "../tasks.js";

/** One load as measured from both sides. */
export interface Sample {
  readonly seconds: number;
  readonly rows: number;
  /** Of binary COPY; null where the rows went another way. */
  readonly bytes: number | null;
  readonly server: ServerWork;
  /** What the process that loaded says of itself; null for programs of others. */
  readonly measured: Measured | null;
}

/** A way of loading rows. */
export interface Loader {
  readonly name: string;
  /** Statements that make ready what it loads into; their time does not count. */
  readonly before: readonly string[];
  load(): Promise<Pick<Sample, "seconds" | "rows"> & { readonly bytes?: number | null; readonly measured?: Measured }>;
  /** Tables that then hold the rows, as SQL writes them; counted with `--validate`. Null where it counts otherwise. */
  readonly tables: readonly string[] | null;
  /** Drops what it made. */
  readonly after: readonly string[];
}

/** Lets a loader load once, from nothing to nothing. */
export async function loadOnce(loader: Loader, context: BenchContext, server: BenchServer): Promise<Sample> {
  const { client } = server.probe;
  for (const sql of loader.before) await client.query(sql);
  try {
    const { result, server: work } = await server.probe.during(() => loader.load());
    if (context.validate && loader.tables !== null) await countRows(loader, result.rows, server);
    return { bytes: null, measured: null, ...result, server: work };
  } finally {
    for (const sql of loader.after) await client.query(sql);
  }
}

/** A contender that loads fewer rows than it says would win every comparison. */
async function countRows({ name, tables }: Loader, rows: number, { probe }: BenchServer): Promise<void> {
  const counts = tables!.map((table) => `(SELECT count(*) FROM ${table})`);
  const { rows: found } = await probe.client.query<{ rows: number }>(`SELECT (${counts.join(" + ")})::float8 AS rows`);
  if (found[0].rows === rows) return;
  throw new SeedBulkError("SB_BENCH_FAILED", `${name} says it loaded ${rows} rows; the tables hold ${found[0].rows}`);
}

/** The statement that drops a schema with all in it. */
export function dropSchema(schema: string): string {
  return `DROP SCHEMA IF EXISTS ${quoteIdentifier(schema)} CASCADE`;
}
