import type pg from "pg";
import { heldAlone } from "../engine/run/lease-keeper.js";
import { whileHeld } from "../engine/run/while-held.js";
import { type Lease, requireUntaken, takeLease, watchLease } from "../ledger/lease.js";
import { close, connect, inReading, inTransaction } from "../postgres/connection.js";

/** What keeps a role or a server from writing to the ledger: no right, read only, a ledger from before leases or none. */
const CANNOT_WRITE: ReadonlySet<string | undefined> = new Set(["42501", "25006", "42P01", "3F000"]);

/**
 * Does work that reads a schema's tables and whose result is worth nothing if others change them meanwhile: holds the
 * schema's lease, so that no load begins, and makes sure at the end that it still does. Whoever may not write there
 * watches the lease instead, and is told by an error that somebody came.
 * @param keep writes down what came of it, in a transaction in which the lease is held; not where it is watched
 * @throws SeedBulkError SB_RUN_BUSY where a process is at work on the schema, SB_LEASE_LOST, and what the work throws
 */
export async function underLease<T>(
  url: string,
  schema: string,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal | undefined) => Promise<T>,
  keep: (client: pg.Client, result: T) => Promise<void>,
): Promise<T> {
  const { lease, isHeld } = await leaseOn(url, schema);
  if (lease === undefined) return work(signal);
  const whole = async (own: AbortSignal | undefined): Promise<T> => {
    const result = await work(own);
    await connected(url, (client) =>
      isHeld
        ? inTransaction(client, async () => {
            await requireUntaken(client, lease);
            await keep(client, result);
          })
        : inReading(client, "", () => requireUntaken(client, lease)),
    );
    return result;
  };
  return isHeld ? whileHeld(url, heldAlone(lease), { signal }, whole) : whole(signal);
}

async function leaseOn(url: string, schema: string): Promise<{ readonly lease?: Lease; readonly isHeld: boolean }> {
  return connected(url, async (client) => {
    try {
      return { lease: await inTransaction(client, () => takeLease(client, schema)), isHeld: true };
    } catch (error) {
      if (!CANNOT_WRITE.has((error as { code?: string }).code)) throw error;
    }
    const lease = await inReading(client, "", () => watchLease(client, schema));
    return { ...(lease && { lease }), isHeld: false };
  });
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url, "verifier");
  try {
    return await work(client);
  } finally {
    await close(client);
  }
}
