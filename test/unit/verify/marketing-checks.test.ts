import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { makeDictionaries } from "../../../src/engine/dictionaries.js";
import { buildPlan } from "../../../src/model/plan.js";
import { loadScenario } from "../../../src/model/scenario/index.js";
import { Universe } from "../../../src/model/universe.js";
import { MODELS } from "../../../src/models/index.js";
import { marketingChecks } from "../../../src/models/marketing/checks.js";
import { checkContext } from "../../../src/verify/context.js";
import { checkTasks } from "../../../src/verify/verify.js";

const MODEL = { ...MODELS.get("marketing")!, checks: marketingChecks };
const DICTIONARIES = makeDictionaries(MODEL);

async function tasksOf(name: string, features: Record<string, boolean> = {}): Promise<number> {
  const searchDirs = [resolve(import.meta.dirname, "../../../scenarios")];
  const { scenario } = await loadScenario({ name, models: MODELS, searchDirs, overrides: { features } });
  const universe = new Universe(MODEL, scenario, DICTIONARIES);
  return checkTasks(checkContext(universe, buildPlan(universe), scenario.schema)).length;
}

describe("marketing's checks", () => {
  it("name columns that there are, under every scenario and without each feature", async () => {
    const all = await tasksOf("marketing/development");
    // One for the rows of each table and its rules, one for each key, distribution, sum and step.
    expect(all).toBeGreaterThan(90);
    expect(await tasksOf("marketing/demo")).toBeLessThan(all);
    for (const feature of ["callCenter", "giftCards", "analytics", "errorLogs"]) {
      expect(await tasksOf("marketing/development", { [feature]: false }), feature).toBeLessThan(all);
    }
  });
});
