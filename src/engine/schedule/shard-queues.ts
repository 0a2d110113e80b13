import type { Shard } from "../../model/plan.js";

/** Shards still to be made, and who makes which. */
export interface ShardQueues {
  /** The next shard for a lane; undefined once none is left. */
  take(lane: number): Shard | undefined;
}

/** One lane's shards: those before `next` are taken. Taking the first one off an array would move all others. */
interface Queue {
  bytes: number;
  readonly shards: Shard[];
  next: number;
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
  const taken = (queue: Queue, shard: Shard | undefined): Shard | undefined => {
    if (shard) queue.bytes -= shard.bytesEstimated;
    return shard;
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
