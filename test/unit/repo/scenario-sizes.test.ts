import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { listScenarios } from "../../../src/model/scenario/index.js";
import { planned } from "../../support/planned.js";

const SCENARIOS = resolve(import.meta.dirname, "../../../scenarios");
const FILE = resolve(SCENARIOS, "sizes.json");

/** Set, it rewrites the file instead of comparing it. */
const isUpdate = process.env["SEED_BULK_UPDATE_DOCS"] !== undefined;
/** One of each model. All plans take twenty seconds of a processor: they are looked at when the file is made. */
const QUICK: ReadonlySet<string> = new Set(["marketing/demo", "gaming/ctf", "tapflow/tapflow", "erp/normal-ops"]);

describe("the sizes that `seed-bulk scenarios` shows", () => {
  it("are those of the plans", async () => {
    const names = (await listScenarios([SCENARIOS])).map(({ model, name }) => `${model}/${name}`);
    const looked = names.filter((name) => isUpdate || QUICK.has(name));
    const sizes: Record<string, { rows: number; bytes: number }> = {};
    for (const name of looked) {
      const { plan } = await planned(name);
      sizes[name] = { rows: plan.rows, bytes: plan.bytesEstimated };
    }
    if (isUpdate) writeFileSync(FILE, `${JSON.stringify(sizes, null, 2)}\n`);
    const shown: Record<string, unknown> = JSON.parse(readFileSync(FILE, "utf8"));
    expect(Object.keys(shown).sort(), "npm run docs:models rewrites it").toEqual(names.toSorted());
    for (const name of looked) expect(shown[name], name).toEqual(sizes[name]);
  });
});
