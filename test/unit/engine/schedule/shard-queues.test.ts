import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shardQueues } from "../../../../src/engine/schedule/shard-queues.js";
import type { Shard } from "../../../../src/model/plan.js";

const shardsOf = (counts: readonly number[]): Shard[] =>
  counts.flatMap((count, table) =>
    Array.from({ length: count }, (_, index): Shard => {
      return { entity: `table${table}`, index, start: index * 10, end: index * 10 + 10, bytesEstimated: 1 + table };
    }),
  );

const nameOf = ({ entity, index }: Shard): string => `${entity} ${index}`;

describe("shardQueues", () => {
  it("give each shard out once, whichever lanes ask how often", () => {
    const tables = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 });
    const turns = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 8 }), turns, (counts, lanes, stream) => {
        const shards = shardsOf(counts);
        const queues = shardQueues(shards, lanes);
        const taken = shards.map(() => queues.take(stream.next().value % lanes));
        expect(taken.map((work) => nameOf(work!.shard)).toSorted()).toEqual(shards.map(nameOf).toSorted());
        for (let lane = 0; lane < lanes; lane++) expect(queues.take(lane)).toBeUndefined();
      }),
    );
  });

  it("give a lane tables of its own before any of another's", () => {
    const queues = shardQueues(shardsOf([3, 3]), 2);
    const taken = [0, 1, 0, 1, 0, 1].map((lane) => queues.take(lane)!.shard.entity);
    expect(new Set([taken[0], taken[2], taken[4]]).size).toBe(1);
    expect(new Set([taken[1], taken[3], taken[5]]).size).toBe(1);
    expect(taken[0]).not.toBe(taken[1]);
  });
});
