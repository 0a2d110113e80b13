import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { generate } from "../../src/engine/generate.js";
import { GENERATOR_VERSION } from "../../src/model/plan.js";
import { planned } from "../support/planned.js";

/** Scenarios whose bytes are pinned; what is too large to make in a test is pinned at a smaller scale. */
const PINNED = [
  { scenario: "demo", scale: 1 },
  { scenario: "development", scale: 1 },
  { scenario: "analytics", scale: 1 },
  { scenario: "load_test", scale: 1 },
] as const;

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

  for (const { scenario, scale } of PINNED) {
    it(`are those of the golden file: ${scenario}`, async () => {
      const digests = await digestsOf(scenario, 2, scale);
      if (isUpdate) {
        const all = { ...golden().digests, [`marketing/${scenario}`]: digests };
        writeFileSync(FILE, `${JSON.stringify({ generatorVersion: GENERATOR_VERSION, digests: all }, null, 2)}\n`);
        return;
      }
      expect(golden().generatorVersion).toBe(GENERATOR_VERSION);
      expect(digests).toEqual(golden().digests[`marketing/${scenario}`]);
    });
  }

  it("do not depend on the number of workers", async () => {
    // Three times development: several shards of the large tables.
    const [one, ...others] = await Promise.all([1, 2, 3, 8].map((workers) => digestsOf("development", workers, 10)));
    for (const other of others) expect(other).toEqual(one);
  });

  it("depend on the seed", async () => {
    const { universe, plan } = await planned("demo", { seed: 43 });
    const report = await generate({ universe, plan, workers: 1, target: { kind: "digest" } });
    const pinned = golden().digests["marketing/demo"];
    for (const { entity, digest } of report.entities)
      expect(digest, join("marketing", entity)).not.toBe(pinned[entity]);
  });
});
