import type { ModelOrigin } from "../../model/origin.js";
import type { Shard } from "../../model/plan.js";
import type { Scenario } from "../../model/scenario/index.js";
import type { SharedUniverse } from "../../model/universe.js";
import type { SinkTarget, Statement } from "../../postgres/copy-sink.js";
import type { SharedCounters } from "./supervisor.js";

/** Where workers send the rows they make. */
export type SinkSpec =
  | ({ readonly kind: "postgres" } & SinkTarget)
  | { readonly kind: "discard" }
  /** The bytes go back to the coordinator, which hashes them in ID order. */
  | { readonly kind: "digest" };

/** What a worker thread gets when it starts: as much as it needs to load its code while the plan is still being made. */
export interface ThreadData {
  readonly model: ModelOrigin;
}

/** A scenario whose tables are to be weighed. */
export interface WeighTask {
  readonly scenario: Scenario;
  readonly origin: ModelOrigin | undefined;
}

/** What the threads of one load share; mostly shared memory, so that it may go with every task. */
export interface LoadData extends SharedCounters {
  readonly universe: SharedUniverse;
  readonly sink: SinkSpec;
}

/** One shard to make. */
export interface ShardTask {
  readonly load: LoadData;
  readonly shard: Shard;
  /** From 1. */
  readonly attempt: number;
  /** Of Postgres: done in the transaction that commits the shard. */
  readonly also?: Statement;
}

/** A shard that is made and, with Postgres, committed. */
export interface ShardDone {
  readonly ok: true;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Time from handing a chunk over until it may be reused, µs each. */
  readonly chunkLatenciesUs: Float64Array;
  /** With the digest sink: the shard's bytes. */
  readonly chunks?: readonly Uint8Array[];
}

/** A shard that was rolled back. Plain data, since a thread boundary drops an error's class and code. */
export interface ShardFailed {
  readonly ok: false;
  readonly message: string;
  /** An error code of ours, an SQLSTATE or a code of Node's. */
  readonly code: string | undefined;
  /** The constraint that a row violated, and whose it is. */
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly constraint: string | undefined;
  readonly cancelled: boolean;
}

export type ShardOutcome = ShardDone | ShardFailed;
