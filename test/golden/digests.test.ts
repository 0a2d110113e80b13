import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { generate } from "../../src/engine/run/generate.js";
import { GENERATOR_VERSION } from "../../src/model/plan.js";
import { listScenarios } from "../../src/model/scenario/index.js";
import { digestOf } from "../support/model-rows.js";
import { planned } from "../support/planned.js";

/** Scenarios whose bytes are pinned; what is too large to make in a test is pinned at a smaller scale. */
const PINNED: readonly { readonly scenario: string; readonly scale: number }[] = [
  { scenario: "marketing/demo", scale: 1 },
  { scenario: "marketing/development", scale: 1 },
  { scenario: "marketing/analytics", scale: 1 },
  { scenario: "marketing/load_test", scale: 1 },
  { scenario: "gaming/ctf", scale: 1 },
  { scenario: "gaming/full_game", scale: 0.005 },
  { scenario: "tapflow/tapflow", scale: 1 },
  { scenario: "tapflow/tapflow_noisy", scale: 1 },
  { scenario: "tapflow/tapflow_growth", scale: 0.01 },
  { scenario: "erp/normal-ops", scale: 1 },
  { scenario: "erp/peak-season", scale: 1 },
  { scenario: "erp/anomaly-heavy", scale: 1 },
  { scenario: "erp/warehouse-outage", scale: 1 },
  { scenario: "erp/growth-phase", scale: 1 },
  { scenario: "erp/payment-crisis", scale: 1 },
];

/** A scenario a model, at a size that gives the large tables several shards. */
const SPLIT = [
  { scenario: "marketing/development", scale: 4 },
  { scenario: "gaming/full_game", scale: 0.005 },
  { scenario: "tapflow/tapflow_noisy", scale: 1 },
  { scenario: "erp/peak-season", scale: 2 },
] as const;

/** Tables whose rows are the same under any seed: a list of three names. */
const FIXED = new Set(["gaming/ctf chat_channels"]);

const FILE = resolve(import.meta.dirname, "digests.json");

interface Golden {
  readonly generatorVersion: number;
  /** "model/scenario" -> entity -> SHA-256 of its COPY rows in ID order. */
  readonly digests: Record<string, Record<string, string>>;
}

async function digestsOf(scenario: string, workers: number, scale: number): Promise<Record<string, string>> {
  const { universe, plan } = await planned(scenario, { scale });
  const report = await generate({ universe, plan, workers, target: { kind: "digest" } });
  return Object.fromEntries(report.entities.map(({ entity, digest }) => [entity, digest!]));
}

/** SEED_BULK_UPDATE_GOLDENS=1 writes the file anew: a commit of its own, with a new generator version. */
const isUpdate = process.env["SEED_BULK_UPDATE_GOLDENS"] === "1";

describe("the bytes of every scenario", () => {
  const golden = (): Golden => JSON.parse(readFileSync(FILE, "utf8"));

  it("is pinned for every scenario there is", async () => {
    const listed = await listScenarios([resolve(import.meta.dirname, "../../scenarios")]);
    const names = listed.map(({ model, name }) => `${model}/${name}`);
    expect(PINNED.map(({ scenario }) => scenario).toSorted()).toEqual(names.toSorted());
  });

  for (const { scenario, scale } of PINNED) {
    it(`are those of the golden file: ${scenario}`, async () => {
      const digests = await digestsOf(scenario, 2, scale);
      if (isUpdate) {
        const all = { ...golden().digests, [scenario]: digests };
        writeFileSync(FILE, `${JSON.stringify({ generatorVersion: GENERATOR_VERSION, digests: all }, null, 2)}\n`);
        return;
      }
      expect(golden().generatorVersion).toBe(GENERATOR_VERSION);
      expect(digests).toEqual(golden().digests[scenario]);
    });
  }

  it.each(SPLIT)("do not depend on the number of workers: $scenario", async ({ scenario, scale }) => {
    const [one, ...others] = await Promise.all([1, 3, 8].map((workers) => digestsOf(scenario, workers, scale)));
    for (const other of others) expect(other).toEqual(one);
  });

  it("are those of the tables' rows, however many shards and chunks they come in", async () => {
    const { universe } = await planned("marketing/development", { scale: 10 });
    const digests = await digestsOf("marketing/development", 2, 10);
    for (const entity of ["contacts", "recipients", "events"]) {
      expect(digests[entity], entity).toBe(digestOf(universe, entity, [777]));
    }
  });

  it.each(["marketing/demo", "gaming/ctf", "erp/normal-ops"])("depend on the seed: %s", async (scenario) => {
    const { universe, plan } = await planned(scenario, { seed: 43 });
    const report = await generate({ universe, plan, workers: 1, target: { kind: "digest" } });
    const pinned = golden().digests[scenario];
    const same = report.entities.filter(({ entity, digest, rows }) => rows > 0 && digest === pinned[entity]);
    expect(same.map(({ entity }) => entity).filter((entity) => !FIXED.has(`${scenario} ${entity}`))).toEqual([]);
  });
});
