import { type Holding, LeaseKeeper } from "./lease-keeper.js";

/**
 * Does work while a lease is renewed, and gives it back. Where the lease is lost, the work's signal is aborted, and that
 * is what has happened, whatever the work says of it.
 * @param options.onFailure told of the error, in the lease's time
 * @throws SeedBulkError SB_LEASE_LOST, and what the work throws
 */
export async function whileHeld<T>(
  url: string,
  holding: Holding,
  options: { readonly signal?: AbortSignal | undefined; readonly onFailure?: (error: unknown) => Promise<void> },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, onFailure } = options;
  const keeper = new LeaseKeeper(url, holding);
  try {
    return await work(signal ? AbortSignal.any([signal, keeper.lost]) : keeper.lost);
  } catch (error) {
    await keeper.check();
    const told = keeper.lost.aborted && !signal?.aborted ? keeper.lost.reason : error;
    await onFailure?.(told);
    throw told;
  } finally {
    await keeper.close();
  }
}
