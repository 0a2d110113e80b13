import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PartSource } from "../../../src/fleet/part-source.js";
import { type Slice, shardName, slicesOf } from "../../../src/fleet/slices.js";
import { planOfTables } from "../../support/small-plans.js";

/** What all parts have committed, and what each made, also what another had made before. */
class Ledger {
  readonly committed = new Set<string>();
  readonly made: string[] = [];

  source(slices: readonly Slice[], index: number, of: number, steal: boolean): PartSource {
    return new PartSource({
      slices,
      part: { index, of },
      steal,
      committed: async () => new Set(this.committed),
      random: () => 0.5,
      signal: new AbortController().signal,
    });
  }

  /** Has a lane of a source make one shard; false where it has none. */
  async step(source: PartSource, lane: number): Promise<boolean> {
    const work = await source.take(lane);
    if (work === undefined) return false;
    this.made.push(shardName(work.shard));
    this.committed.add(shardName(work.shard));
    return true;
  }

  async finish(source: PartSource, lanes = 1): Promise<void> {
    let isOver = false;
    while (!isOver) {
      isOver = true;
      for (let lane = 0; lane < lanes; lane++) if (await this.step(source, lane)) isOver = false;
    }
  }
}

const namesOf = (slices: readonly Slice[]): string[] => slices.flatMap(({ shards }) => shards.map(shardName)).sort();

describe("a part", () => {
  it("is with all others the whole, each shard once", async () => {
    const counts = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        counts,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        async (of, parts, lanes) => {
          const slices = slicesOf(planOfTables(of), { slicesMin: 4 * parts });
          const ledger = new Ledger();
          for (let index = 1; index <= parts; index++) {
            await ledger.finish(ledger.source(slices, index, parts, false), lanes);
          }
          expect(ledger.made.toSorted()).toEqual(namesOf(slices));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("is spread over every table, so that all parts work on the same ones at the same time", () => {
    const slices = slicesOf(planOfTables([64, 64]), { slicesMin: 32 });
    for (const part of [0, 1, 2, 3]) {
      const own = slices.filter(({ ordinal }) => ordinal % 4 === part);
      expect(new Set(own.map(({ entity }) => entity))).toEqual(new Set(["t0", "t1"]));
    }
  });

  it("that is begun again with another number of parts makes what is missing, and no more", async () => {
    const slices = slicesOf(planOfTables([20, 5]), { slicesMin: 32 });
    const ledger = new Ledger();
    const first = ledger.source(slices, 1, 4, false);
    for (let i = 0; i < 3; i++) await ledger.step(first, 0);
    for (const index of [1, 2, 3]) await ledger.finish(ledger.source(slices, index, 3, false));
    expect(ledger.made.toSorted()).toEqual(namesOf(slices));
  });

  it("that steals makes what a dead one has left, and nobody else's twice where all have ended", async () => {
    const slices = slicesOf(planOfTables([20, 5]), { slicesMin: 8 });
    const ledger = new Ledger();
    await ledger.step(ledger.source(slices, 2, 3, false), 0);
    await ledger.finish(ledger.source(slices, 3, 3, false));
    await ledger.finish(ledger.source(slices, 1, 3, true), 2);
    expect(ledger.made.toSorted()).toEqual(namesOf(slices));
  });

  it("gives two lanes two tables, and keeps each at its own", async () => {
    const slices = slicesOf(planOfTables([4, 4]), { slicesMin: 99 });
    const source = new Ledger().source(slices, 1, 1, false);
    const tables: string[] = [];
    for (let i = 0; i < 8; i++) tables.push((await source.take(i % 2))!.shard.entity);
    expect(new Set(tables.filter((_, i) => i % 2 === 0)).size).toBe(1);
    expect(new Set(tables.filter((_, i) => i % 2 === 1)).size).toBe(1);
    expect(tables[0]).not.toBe(tables[1]);
  });

  it("waits with a table until those that it refers to are there, whoever makes them", async () => {
    const slices = slicesOf(planOfTables([2, 2]), { slicesMin: 99, levels: [["t0"], ["t1"]] });
    const ledger = new Ledger();
    // t0 0 and t1 0 are the first part's, t0 1 and t1 1 the second's.
    const first = ledger.source(slices, 1, 2, false);
    const second = ledger.source(slices, 2, 2, false);
    await ledger.step(first, 0);
    const waiting = first.take(0);
    let isGiven = false;
    void waiting.then(() => {
      isGiven = true;
    });
    await new Promise(setImmediate);
    expect(isGiven).toBe(false);
    await ledger.step(second, 0);
    expect((await waiting)!.shard).toMatchObject({ entity: "t1", index: 0 });
  });
});
