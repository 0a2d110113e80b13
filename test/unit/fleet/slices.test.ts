import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shardName, slicesOf } from "../../../src/fleet/slices.js";
import type { PlannedEntity } from "../../../src/model/plan.js";
import { planOfTables } from "../../support/small-plans.js";

const tables = fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 6 });

describe("slices", () => {
  it("hold each shard of a plan once, in the order of its table, and never more than 32", () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 600 }), (counts, slicesMin) => {
        const plan = planOfTables(counts);
        const slices = slicesOf(plan, { slicesMin });
        expect(slices.map(({ ordinal }) => ordinal)).toEqual(slices.map((_, at) => at));
        for (const { entity, shardCount } of plan.entities) {
          const own = slices.filter((slice) => slice.entity === entity);
          expect(own.flatMap(({ shards }) => shards.map(({ index }) => index))).toEqual(
            Array.from({ length: shardCount }, (_, at) => at),
          );
          expect(Math.max(0, ...own.map(({ shards }) => shards.length))).toBeLessThanOrEqual(32);
        }
      }),
    );
  });

  it("are as many as are asked for, as far as there are shards", () => {
    expect(slicesOf(planOfTables([100]), { slicesMin: 16 }).length).toBeGreaterThanOrEqual(16);
    expect(slicesOf(planOfTables([10]), { slicesMin: 16 }).length).toBe(10);
    // And no more than 256 MiB each, however few are asked for.
    expect(slicesOf(planOfTables([100]), { slicesMin: 1 }).length).toBe(4);
  });

  it("put the largest table first, and a level before the next", () => {
    const plan = planOfTables([2, 9, 4]);
    expect(new Set(slicesOf(plan, { slicesMin: 99 }).map(({ entity }) => entity))).toEqual(new Set(["t1", "t2", "t0"]));
    const levels = [["t0"], ["t1", "t2"]];
    const leveled = slicesOf(plan, { slicesMin: 99, levels });
    expect([...new Set(leveled.map(({ entity }) => entity))]).toEqual(["t0", "t1", "t2"]);
    expect(leveled.map(({ level }) => level)).toEqual([...Array(2).fill(0), ...Array(13).fill(1)]);
  });

  it("leave a table in one whose rows refer to earlier ones of it", () => {
    const slices = slicesOf(planOfTables([40, 40]), { slicesMin: 99, inOrder: new Set(["t1"]) });
    expect(slices.filter(({ entity }) => entity === "t1").map(({ shards }) => shards.length)).toEqual([40]);
    expect(slices.filter(({ entity }) => entity === "t0").length).toBe(40);
  });

  it("are the same on any machine", () => {
    const plan = planOfTables([31, 7]);
    const names = (slices: ReturnType<typeof slicesOf>): string[][] =>
      slices.map(({ shards }) => shards.map(shardName));
    const other = { ...plan, entities: plan.entities.map((entity): PlannedEntity => ({ ...entity })) };
    expect(names(slicesOf(other, { slicesMin: 8 }))).toEqual(names(slicesOf(plan, { slicesMin: 8 })));
  });
});
