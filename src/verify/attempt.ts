import type pg from "pg";

/** What a statement came to: its value, or what Postgres said against it. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** SQLSTATE classes that say something of the data or the tables; others say that the check could not be made. */
const FAULT_CLASSES: ReadonlySet<string> = new Set(["21", "22", "23", "3F", "42"]);

/**
 * Runs statements in a read-only transaction of their own. A missing table or column, or a value that an expression
 * fails on, is a finding; a lost connection, a cancelled statement or a full disk is not, and is thrown.
 */
export async function attempt<T>(client: pg.Client, work: () => Promise<T>): Promise<Attempt<T>> {
  await client.query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined || !FAULT_CLASSES.has(code.slice(0, 2))) throw error;
    return { ok: false, message };
  } finally {
    await client.query("ROLLBACK").catch(() => {});
  }
}
