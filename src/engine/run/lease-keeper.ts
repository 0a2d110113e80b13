import type pg from "pg";
import { type Lease, leaseLost, releaseLease, renewLease } from "../../ledger/lease.js";
import { close, connect, inTransaction, within } from "../../postgres/connection.js";
import { isTransient } from "../../postgres/sqlstate.js";

/** Between two renewals: six of them fit into a lease. */
const RENEW_INTERVAL_MS = 5000;
/** How long a server may take to connect, and to answer: a network that is gone must not keep a command from its end. */
const ANSWER_SECONDS_MAX = 5;

/** A lease, or a share in one, and how it is kept. */
export interface Holding {
  readonly lease: Lease;
  /** Holds it for another while; false where it is lost. */
  renew(client: pg.Client): Promise<boolean>;
  /** Gives it back, in the caller's transaction. */
  release(client: pg.Client): Promise<void>;
}

/** A lease that one process holds. */
export function heldAlone(lease: Lease): Holding {
  return {
    lease,
    renew: (client) => renewLease(client, lease),
    release: (client) => releaseLease(client, lease),
  };
}

/**
 * Renews a lease as long as a run needs it, on a connection of its own that is made anew where it broke. What commits
 * checks the lease by itself: this only keeps others away, and ends a run early that has lost it.
 */
export class LeaseKeeper {
  readonly #holding: Holding;
  readonly #url: string;
  readonly #lost = new AbortController();
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #renewal: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(url: string, holding: Holding) {
    this.#url = url;
    this.#holding = holding;
    this.#schedule();
  }

  /** Aborted, with SB_LEASE_LOST as its reason, once somebody else has the lease; or with what keeps it from being held. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Asks at once whether the lease is still held: what failed may have failed because it is not. Keeps no connection:
   * what failed may have failed for want of one.
   */
  async check(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#renewal;
    await this.#renew();
    if (this.#client) await close(this.#client);
    this.#client = undefined;
  }

  /** Gives the lease back. Where the server cannot be reached, its time runs out by itself. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#renewal;
    try {
      const client = (this.#client ??= await connect(this.#url, "lease", ANSWER_SECONDS_MAX));
      await within(
        ANSWER_SECONDS_MAX,
        client,
        inTransaction(client, () => this.#holding.release(client)),
      );
    } catch {
      // The next command finds this process gone, or waits.
    }
    if (this.#client) await close(this.#client);
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#renewal = this.#renew().finally(() => {
        if (!this.#isClosed && !this.#lost.signal.aborted) this.#schedule();
      });
    }, RENEW_INTERVAL_MS);
  }

  async #renew(): Promise<void> {
    try {
      const client = (this.#client ??= await connect(this.#url, "lease", ANSWER_SECONDS_MAX));
      const isHeld = await within(ANSWER_SECONDS_MAX, client, this.#holding.renew(client));
      if (!isHeld) this.#lost.abort(leaseLost(this.#holding.lease));
    } catch (cause) {
      // A server that restarts: tried again at the next turn, and nobody has taken the lease until then or it is lost.
      const broken = this.#client;
      this.#client = undefined;
      if (broken) await close(broken);
      const { code, message } = cause as { code?: string; message: string };
      // What no further turn mends would leave the lease to run out unseen.
      if (!isTransient(code, message)) this.#lost.abort(cause);
    }
  }
}
