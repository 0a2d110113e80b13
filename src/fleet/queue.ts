import { setTimeout as delay } from "node:timers/promises";
import type { Shard } from "../model/plan.js";
import type { Statement } from "../postgres/copy-sink.js";
import { AssignedLanes, type Assignment } from "./lanes.js";
import { type ShardRange, type Slice, shardName } from "./slices.js";

/** Between two questions whether there is something to do again: what others hold comes back when they die. */
const ASK_MS = 1000;

/** A slice that a queue has given to this worker, and to no other for as long as it hears of it. */
export interface QueuedSlice {
  readonly entity: string;
  /** Indexes of its first and its last shard. */
  readonly first: number;
  readonly last: number;
  /** Says, in the transaction that commits its last shard, that it is done. */
  readonly also: Statement;
  /** Says so apart. */
  done(): void;
}

/** What a queue is told of its run. */
export interface QueueRun {
  readonly runId: string;
  readonly url: string;
  readonly slices: readonly Slice[];
  /** The names of the shards that the ledger has now. */
  readonly committed: () => Promise<ReadonlySet<string>>;
  readonly onNotice: (text: string) => void;
}

/** Slices of one run, and who tries which. It is a hint: the ledger decides what is there, and losing it loses nothing. */
export interface Queue {
  /** The next slice; undefined where none waits. */
  next(): Promise<QueuedSlice | undefined>;
  /** Forgets the run: it is done. */
  drop(): Promise<void>;
  /** Gives back what this worker still holds, and lets go of its connection. */
  close(): Promise<void>;
}

export interface QueueOptions {
  readonly queue: Queue;
  readonly slices: readonly Slice[];
  /** The names of the shards that the ledger has now; of an entity's, from the first to the last, where these are given. */
  readonly committed: (of?: ShardRange) => Promise<ReadonlySet<string>>;
  readonly signal: AbortSignal;
}

/** Gives lanes the slices that a queue hands out, one each, until the ledger has all. */
export class QueueSource extends AssignedLanes {
  readonly #options: QueueOptions;
  /** What this worker is at, or has made since the ledger was looked at. */
  readonly #inHand = new Set<string>();
  readonly #shards: ReadonlyMap<string, { readonly shard: Shard; readonly level: number; readonly inOrder: boolean }>;

  constructor(options: QueueOptions) {
    super(() => this.#assign());
    this.#options = options;
    this.#shards = new Map(
      options.slices.flatMap(({ level, inOrder, shards }) =>
        shards.map((shard) => [shardName(shard), { shard, level, inOrder }] as const),
      ),
    );
  }

  async #assign(): Promise<Assignment | undefined> {
    const { queue, committed, signal } = this.#options;
    while (!signal.aborted) {
      const slice = await queue.next();
      if (slice === undefined) {
        const there = await committed();
        // What is missing may come back, unless this worker's other lanes have it.
        if ([...this.#shards.keys()].every((name) => there.has(name) || this.#inHand.has(name))) return undefined;
        await this.#pause();
        continue;
      }
      const shards = await this.#missingOf(slice);
      for (const shard of shards) this.#inHand.add(shardName(shard));
      if (shards.length > 0) return { shards, also: slice.also, done: () => slice.done() };
      slice.done();
    }
    return undefined;
  }

  /** The shards of a slice that are not there, once all that they refer to is. */
  async #missingOf({ entity, first, last }: QueuedSlice): Promise<Shard[]> {
    const { committed, signal } = this.#options;
    const all = Array.from({ length: last - first + 1 }, (_, at) =>
      this.#shards.get(shardName({ entity, index: first + at })),
    );
    const wanted = all.flatMap((one) => one ?? []);
    const level = Math.max(0, ...wanted.map((one) => one.level));
    const before = [...this.#shards].flatMap(([name, one]) => {
      const isEarlier = one.inOrder && one.shard.entity === entity && one.shard.index < first;
      return one.level < level || isEarlier ? [name] : [];
    });
    while (before.length > 0 && !signal.aborted) {
      const all = await committed();
      if (before.every((name) => all.has(name))) break;
      await this.#pause();
    }
    const there = await committed({ entity, first, last });
    return wanted.map(({ shard }) => shard).filter((shard) => !there.has(shardName(shard)));
  }

  #pause(): Promise<void> {
    return delay(ASK_MS, undefined, { signal: this.#options.signal }).catch(() => {});
  }
}
