import { describe, expect, it } from "vitest";
import { type Queue, type QueuedSlice, QueueSource } from "../../../src/fleet/queue.js";
import { type Slice, shardName, slicesOf } from "../../../src/fleet/slices.js";
import { planOfTables } from "../../support/small-plans.js";

/** A queue in memory, and what it was told. */
function queueOf(slices: readonly Slice[]): Queue & { readonly waiting: QueuedSlice[]; readonly done: string[] } {
  const done: string[] = [];
  const waiting = slices.map(({ entity, shards }): QueuedSlice => {
    const name = `${entity} ${shards[0].index}`;
    return {
      entity,
      first: shards[0].index,
      last: shards[shards.length - 1].index,
      also: { text: name, values: [] },
      done: async () => void done.push(name),
    };
  });
  return { waiting, done, next: async () => waiting.shift(), drop: async () => {}, close: async () => {} };
}

const signal = new AbortController().signal;

describe("what a queue hands out", () => {
  it("is made shard by shard, and said to be done with the last one, in its transaction and after it", async () => {
    const slices = slicesOf(planOfTables([4]), { slicesMin: 2 });
    const committed = new Set<string>();
    const queue = queueOf(slices);
    const source = new QueueSource({ queue, slices, committed: async () => committed, signal });
    const also: (string | undefined)[] = [];
    for (let i = 0; i < 4; i++) {
      const work = (await source.take(0))!;
      also.push(work.also?.text);
      committed.add(shardName(work.shard));
    }
    expect(also).toEqual([undefined, "t0 0", undefined, "t0 2"]);
    expect(await source.take(0)).toBeUndefined();
    expect(queue.done).toEqual(["t0 0", "t0 2"]);
  });

  it("is not made again where the ledger has it, and said to be done", async () => {
    const slices = slicesOf(planOfTables([4]), { slicesMin: 2 });
    const queue = queueOf(slices);
    const committed = new Set(["t0 0", "t0 1", "t0 2"]);
    const source = new QueueSource({ queue, slices, committed: async () => committed, signal });
    expect((await source.take(0))!.shard.index).toBe(3);
    expect(queue.done).toEqual(["t0 0"]);
    committed.add("t0 3");
    expect(await source.take(0)).toBeUndefined();
  });

  it("may come back: a worker waits until the ledger has all, since another may die with what it has", async () => {
    const slices = slicesOf(planOfTables([2]), { slicesMin: 2 });
    const queue = queueOf(slices);
    const [others] = queue.waiting.splice(0, 1);
    const committed = new Set<string>();
    const source = new QueueSource({ queue, slices, committed: async () => committed, signal });
    expect((await source.take(0))!.shard.index).toBe(1);
    committed.add("t0 1");
    const waiting = source.take(0);
    queue.waiting.push(others);
    expect((await waiting)!.shard.index).toBe(0);
  });

  it("waits for what its rows refer to", async () => {
    const slices = slicesOf(planOfTables([1, 1]), { slicesMin: 9, levels: [["t0"], ["t1"]] });
    const queue = queueOf(slices.toReversed());
    const committed = new Set<string>();
    const source = new QueueSource({ queue, slices, committed: async () => committed, signal });
    const late = source.take(0);
    let isGiven = false;
    void late.then(() => {
      isGiven = true;
    });
    const early = (await source.take(1))!;
    expect(early.shard.entity).toBe("t0");
    await new Promise(setImmediate);
    expect(isGiven).toBe(false);
    committed.add("t0 0");
    expect((await late)!.shard.entity).toBe("t1");
  });
});
