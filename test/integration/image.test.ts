import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { imageRecipe, type SimulatedImage, simulateImage } from "../support/image.js";

/** What docker-compose.yml adds to the image's own environment. */
const COMPOSE = { SEED_BULK_ENABLED: "true" };
const LOAD = ["--scenario", "demo", "--schema", "boxed"];

let database: TestDatabase;
let client: pg.Client;
let image: SimulatedImage;
const recipe = imageRecipe();
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  image = simulateImage(recipe);
});
afterAll(async () => {
  image?.remove();
  await database.drop();
});

const schemas = async (): Promise<unknown[]> =>
  (await client.query("SELECT nspname FROM pg_namespace WHERE nspname IN ('seed_bulk', 'boxed')")).rows;

describe("the image", () => {
  it("holds what the package does and no packages for development, and runs as a user without rights", () => {
    expect(recipe.user).not.toBe("root");
    for (const name of ["bin", "dist/bundle/workers", "scenarios"]) {
      expect(existsSync(join(image.folder, name)), name).toBe(true);
    }
    expect(existsSync(join(image.folder, "node_modules/vitest"))).toBe(false);
    if (process.geteuid?.() !== 0) expect(() => accessSync(image.folder, constants.W_OK)).toThrow();
  });

  it("fills no database that nothing enables, and none in production's surroundings", async () => {
    const refused = await image.run(LOAD, {}, database.url);
    expect(refused.stderr).toMatch(/SB_REFUSED[\s\S]*SEED_BULK_ENABLED=true/);
    expect(refused.code).toBe(3);
    const production = await image.run(LOAD, { ...COMPOSE, NODE_ENV: "production" }, database.url);
    expect(production.stderr).toMatch(/SB_REFUSED[\s\S]*NODE_ENV is production/);
    expect(production.code).toBe(3);
    const named = await image.run(LOAD, COMPOSE, database.url.replace(/\/seed_bulk_test/, "/prod_test"));
    expect(named.code, named.stderr).not.toBe(0);
    expect(await schemas()).toEqual([]);
  });

  it("loads and verifies a scenario without a home and without a place to write", async () => {
    const { code, stdout, stderr } = await image.run(LOAD, COMPOSE, database.url);
    expect(code, stdout + stderr).toBe(0);
    const { rows } = await client.query("SELECT count(*)::int4 AS n FROM boxed.recipients");
    expect(rows).toEqual([{ n: 1000 }]);
  });
});
