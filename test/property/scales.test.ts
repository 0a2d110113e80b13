import { resolve } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeedBulkError } from "../../src/errors.js";
import { listScenarios, loadScenario } from "../../src/model/scenario/index.js";
import { MODELS } from "../../src/models/index.js";
import { tierPlan } from "../../src/models/tapflow/tiers.js";
import { planned } from "../support/planned.js";

const searchDirs = [resolve(import.meta.dirname, "../../scenarios")];
const names = (await listScenarios(searchDirs)).map(({ model, name }) => `${model}/${name}`);

/** A plan looks at each parent once: what would take longer is planned by `SEED_BULK_SCALES=1` alone. */
const SIZES_SUM_MAX = process.env["SEED_BULK_SCALES"] === "1" ? 50_000_000 : 200_000;

/** From 0.001 to 10,000, each power of ten as often as any other. */
const scales = fc.double({ min: -3, max: 4, noNaN: true }).map((power) => 10 ** power);

async function planOrRefusal(name: string, scale: number): Promise<unknown> {
  try {
    const { scenario } = await loadScenario({ name, models: MODELS, searchDirs, overrides: { scale } });
    const sum = Object.values(scenario.sizes).reduce((total, size) => total + size, 0);
    return sum <= SIZES_SUM_MAX ? (await planned(name, { scale })).plan : scenario;
  } catch (error) {
    // Not an assertion: what a user can do something about.
    if (error instanceof SeedBulkError && error.code === "SB_SCENARIO_INVALID") return error;
    throw error;
  }
}

describe("any scale", () => {
  it("plans every scenario, or is refused with the reason", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), scales, async (name, scale) => {
        expect(await planOrRefusal(name, scale)).toBeDefined();
      }),
      { numRuns: 60 },
    );
  });

  it("leaves as many of a thing as there must be", async () => {
    const scale = 0.001;
    const { scenario: erp } = await loadScenario({
      name: "normal-ops",
      models: MODELS,
      searchDirs,
      overrides: { scale },
    });
    expect(erp.sizes["users"]).toBe(4);
    const { scenario: ctf } = await loadScenario({ name: "ctf", models: MODELS, searchDirs, overrides: { scale } });
    expect(ctf.sizes["users"]).toBe(2);
  });

  it("deals totals exactly whose products are beyond 2^53", async () => {
    const { scenario } = await loadScenario({
      name: "tapflow_growth",
      models: MODELS,
      searchDirs,
      overrides: { scale: 100_000 },
    });
    const { totals, ladders } = tierPlan(scenario);
    for (const ranged of ["locations", "users", "devices"] as const) {
      const dealt = ladders[ranged].reduce((sum, { total }) => sum + total, 0);
      expect(dealt, ranged).toBe(totals[ranged].made);
    }
  });
});
