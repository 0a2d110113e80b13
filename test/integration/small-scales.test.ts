import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** Scenarios of every model where so little is left that each of its rules has few rows to hold on, or none. */
describe("a small scale", () => {
  it.each([
    ["erp/normal-ops", "0.001"],
    ["erp/payment-crisis", "0.02"],
    ["gaming/ctf", "0.004"],
    ["marketing/load_test", "0.003"],
    ["tapflow/tapflow_noisy", "0.001"],
  ])("loads and verifies: %s at %s", async (scenario, scale) => {
    const args = [
      "--scenario",
      scenario,
      "--scale",
      scale,
      "--schema",
      "small",
      "--replace",
      "--yes",
      "--workers",
      "2",
    ];
    const { code, stdout, stderr } = await runCommand([...args, "--database-url", database.url], {
      SEED_BULK_ENABLED: "true",
    });
    expect(code, stdout + stderr).toBe(0);
  });
});
