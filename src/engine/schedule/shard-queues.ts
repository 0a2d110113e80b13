import type { Shard } from "../../model/plan.js";
import type { Statement } from "../../postgres/copy-sink.js";

/** A shard to be made. */
export interface ShardWork {
  readonly shard: Shard;
  /** What is done in the transaction that commits it. */
  readonly also?: Statement;
}

/** Shards still to be made, and who makes which. */
export interface ShardSource {
  /** The next shard for a lane; undefined once none is left for it. */
  take(lane: number): ShardWork | undefined | Promise<ShardWork | undefined>;
}

/** One lane's shards: those before `next` are taken. Taking the first one off an array would move all others. */
interface Queue {
  bytes: number;
  readonly shards: Shard[];
  next: number;
}

/** A source that has all its shards at hand. */
export interface ShardQueues extends ShardSource {
  take(lane: number): ShardWork | undefined;
}

/**
 * Gives each lane tables of its own as far as they go: a thread then compiles and warms the code of few tables, and two
 * backends seldom extend the same one. A lane that has nothing left takes from the end of the longest queue.
 * @param shards in the order in which those of one table are made
 */
export function shardQueues(shards: readonly Shard[], lanes: number): ShardQueues {
  const queues = Array.from({ length: lanes }, (): Queue => ({ bytes: 0, shards: [], next: 0 }));
  const shortest = () => queues.reduce((least, queue) => (queue.bytes < least.bytes ? queue : least));
  const longest = () => queues.reduce((most, queue) => (queue.bytes > most.bytes ? queue : most));
  for (const table of byTable(shards)) {
    const queue = shortest();
    for (const shard of table) queue.shards.push(shard);
    queue.bytes += bytesOf(table);
  }
  const taken = (queue: Queue, shard: Shard | undefined): ShardWork | undefined => {
    if (shard) queue.bytes -= shard.bytesEstimated;
    return workOf(shard);
  };
  return {
    take(lane) {
      const own = queues[lane];
      if (own.next < own.shards.length) return taken(own, own.shards[own.next++]);
      const other = longest();
      return taken(other, other.next < other.shards.length ? other.shards.pop() : undefined);
    },
  };
}

/** A shard with nothing else to be done. */
export function workOf(shard: Shard | undefined): ShardWork | undefined {
  return shard && { shard };
}

/** The tables' shards, the largest table first. */
function byTable(shards: readonly Shard[]): Shard[][] {
  const tables = new Map<string, Shard[]>();
  for (const shard of shards) {
    const table = tables.get(shard.entity);
    if (table) table.push(shard);
    else tables.set(shard.entity, [shard]);
  }
  return [...tables.values()].sort((a, b) => bytesOf(b) - bytesOf(a));
}

function bytesOf(shards: readonly Shard[]): number {
  return shards.reduce((sum, { bytesEstimated }) => sum + bytesEstimated, 0);
}
