import type pg from "pg";
import { inReading } from "../postgres/connection.js";

/** What a statement came to: its value, or what Postgres said against it. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** SQLSTATE classes that say something of the data or the tables; others say that the check could not be made. */
const FAULT_CLASSES: ReadonlySet<string> = new Set(["21", "22", "23", "3F", "42"]);

/** Of those classes, what is about who asks: a right that is lacking says nothing of the data. */
const INSUFFICIENT_PRIVILEGE = "42501";

/**
 * How tables are scanned. A damaged index is one of the faults to find: none is read. The lanes are what runs side by
 * side: parallel workers below them would build each hash table once more. Compiling statements takes longer than it
 * gains, and hash tables of millions of IDs should not go through files.
 */
const SCANS =
  "SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off; " +
  "SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'";

/**
 * Runs statements in a read-only transaction of their own. A missing table or column, or a value that an expression
 * fails on, is a finding; a lost connection, a right that is lacking or a full disk is not, and is thrown.
 * @param options.asApplication planned as an application's statements are, by indexes and side by side
 */
export async function attempt<T>(
  client: pg.Client,
  work: () => Promise<T>,
  { asApplication = false }: { readonly asApplication?: boolean } = {},
): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await inReading(client, asApplication ? "" : SCANS, work) };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined || code === INSUFFICIENT_PRIVILEGE || !FAULT_CLASSES.has(code.slice(0, 2))) throw error;
    return { ok: false, message };
  }
}
