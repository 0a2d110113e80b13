import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configJsonSchema } from "../../../src/cli/config.js";
import { KINDS } from "../../../src/columns/kinds/vocabulary.js";
import { modelJsonSchema } from "../../../src/model/file/json-schema.js";
import { scenarioJsonSchema } from "../../../src/model/scenario/json-schema.js";

const ROOT = resolve(import.meta.dirname, "../../..");
const isUpdate = process.env["SEED_BULK_UPDATE_DOCS"] !== undefined;

const SCHEMAS = { model: modelJsonSchema(), scenario: scenarioJsonSchema(), config: configJsonSchema() };
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
const isModel = ajv.compile(SCHEMAS.model);
const isScenario = ajv.compile(SCHEMAS.scenario);

describe("the JSON Schemas for editors", () => {
  it.each(["model", "scenario", "config"] as const)("are what the code says: %s", (name) => {
    const file = resolve(ROOT, `schemas/${name}.schema.json`);
    const text = `${JSON.stringify(SCHEMAS[name], null, 2)}\n`;
    if (isUpdate) writeFileSync(file, text);
    else expect(readFileSync(file, "utf8"), "npm run docs:models rewrites it").toBe(text);
  });

  it("take every file that the package ships", () => {
    for (const file of ["example.model.yaml", "shop.model.yaml"]) {
      const ok = isModel(parse(readFileSync(resolve(ROOT, "scenarios", file), "utf8")));
      expect(ok, `${file}: ${JSON.stringify(isModel.errors)}`).toBe(true);
    }
    const scenarios = readdirSync(resolve(ROOT, "scenarios"), { recursive: true, encoding: "utf8" }).filter((file) =>
      /[\\/].*\.yaml$/.test(file),
    );
    expect(scenarios.length).toBeGreaterThan(10);
    for (const file of scenarios) {
      const ok = isScenario(parse(readFileSync(resolve(ROOT, "scenarios", file), "utf8")));
      expect(ok, `${file}: ${JSON.stringify(isScenario.errors)}`).toBe(true);
    }
  });

  const modelOf = (columns: object) => ({ model: "m", tables: { t: { rows: 5, columns: { id: "id", ...columns } } } });

  it.each([...KINDS.values()])("take the example of $name", ({ example }) => {
    expect(isModel(modelOf(parse(example) as object)), JSON.stringify(isModel.errors)).toBe(true);
  });

  it.each([
    ["a kind that there is not", modelOf({ a: { choize: { x: 1 } } })],
    ["a parameter that there is not", modelOf({ a: { choice: { x: 1 }, weight: 3 } })],
    ["a weight below 0", modelOf({ a: { choice: { x: -1 } } })],
    ["a table without rows", { model: "m", tables: { t: { columns: { id: "id" } } } }],
    ["a key that there is not", { ...modelOf({}), sizez: {} }],
    [
      "a link without a table",
      { model: "m", tables: { t: { rows: 1, links: { a: { nulls: 0.1 } }, columns: { id: "id" } } } },
    ],
  ])("refuse %s", (_, model) => {
    expect(isModel(model)).toBe(false);
  });

  it("refuse a scenario's misspelt key, and a config's", () => {
    expect(isScenario({ model: "marketing", sead: 3 })).toBe(false);
    const isConfig = ajv.compile(SCHEMAS.config);
    expect(isConfig({ scenario: "demo", profiles: { ci: { workers: 2, database: { env: "CI_URL" } } } })).toBe(true);
    expect(isConfig({ profiles: { ci: { worker: 2 } } })).toBe(false);
  });
});
