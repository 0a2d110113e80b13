import { describe, expect, it } from "vitest";
import { constant } from "../../../src/columns/values.js";
import { INT4 } from "../../../src/core/sql-type.js";
import { open } from "../../../src/engine/open.js";
import { defineModel } from "../../../src/model/file/read.js";
import { MODELS } from "../../../src/models/index.js";

const window = { from: "2025-01-01", to: "2026-01-01" };

describe("open", () => {
  it("works out a built-in scenario by its name, and a built-in model's own", async () => {
    expect((await open({ scenario: "demo" })).plan.scenario.model).toBe("marketing");
    expect((await open({ model: MODELS.get("gaming")!, scenario: "ctf" })).plan.rows).toBeGreaterThan(1000);
  });

  it("takes a model that a program declares, with what is other than it says", async () => {
    const model = defineModel({
      model: "m",
      window,
      sizes: { a: 10 },
      tables: { a: { rows: "sizes.a", columns: { id: "id" } } },
    });
    const { plan } = await open({ model, overrides: { scale: 3, seed: 9 } });
    expect([plan.rows, plan.scenario.seed]).toEqual([30, 9]);
  });

  it("refuses one whose columns are functions and that is in no file: threads could not load it", async () => {
    const columns = { id: "id", one: constant(INT4, 1) };
    const model = defineModel({ model: "m", window, tables: { a: { rows: 5, columns } } });
    await expect(open({ model })).rejects.toMatchObject({
      code: "SB_MODEL_INVALID",
      message: "the model m has columns that are functions, and is in no file",
    });
  });
});
