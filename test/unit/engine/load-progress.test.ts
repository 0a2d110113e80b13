import { expect, it } from "vitest";
import { LoadProgress } from "../../../src/engine/run/load-progress.js";
import type { Plan } from "../../../src/model/plan.js";

const entity = (name: string, rows: number) => ({ entity: name, rows, rowBytes: 10 });
const PLAN = {
  rows: 3000,
  bytesEstimated: 30_000,
  entities: [entity("shops", 1000), entity("sales", 2000)],
} as unknown as Plan;

it("counts the rows of an earlier attempt, and no rate of them", () => {
  const progress = new LoadProgress(PLAN, 0);
  progress.skip([1000, 500]);
  progress.record([1000, 500], 100);
  expect(progress.total()).toMatchObject({ rows: 1500, rowsTotal: 3000, rowsPerSecond: undefined });
  progress.record([1000, 1000], 1000);
  expect(progress.total()).toMatchObject({ rows: 1500 + 500, rowsPerSecond: 500, secondsLeft: 2 });
  const [shops, sales] = progress.entities();
  expect([shops.state, shops.rowsPerSecond]).toEqual(["done", undefined]);
  expect(sales).toMatchObject({ state: "active", rows: 1000, rowsPerSecond: expect.closeTo(555.6, 0) });
  progress.record([1000, 2000], 2100);
  expect(progress.made()).toBe(1500);
  expect(progress.total().rowsPerSecond).toBeCloseTo(1500 / 2.1, 6);
  expect(progress.entities()[1].rowsPerSecond).toBeCloseTo(1500 / 2, 6);
});

it("is of all rows where nothing was there", () => {
  const progress = new LoadProgress(PLAN, 0);
  progress.record([1000, 2000], 2000);
  expect([progress.made(), progress.total().rowsPerSecond]).toEqual([3000, 1500]);
});
