import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildPlan } from "../../src/model/plan.js";
import { verifyExact } from "../../src/verify/exact.js";
import { verify } from "../../src/verify/verify.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { comparersHere } from "../support/exact-comparers.js";
import { LINKED } from "../support/linked-shop.js";
import { universeWith } from "../support/small-model.js";
import { loadInProcess } from "../support/verify-shop.js";

const SCHEMA = "linked";
const universe = universeWith(LINKED);
const plan = buildPlan(universe);
let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  await loadInProcess(client, universe, SCHEMA);
});
afterAll(() => database.drop());

async function faults(): Promise<string[]> {
  const { checks } = await verify({ url: database.url, schema: SCHEMA, universe, plan, connections: 2 });
  return checks.filter(({ ok }) => !ok).map(({ name, found }) => `${name}: ${found}`);
}

describe("tables whose keys are of any type and of several columns", () => {
  it("load with all their foreign keys, verify, and hold every byte", async () => {
    expect(await faults()).toEqual([]);
    const exact = await verifyExact(
      { url: database.url, schema: SCHEMA, universe, plan, workers: 2 },
      comparersHere(universe),
    );
    expect(exact.filter(({ ok }) => !ok)).toEqual([]);
    expect(exact.map(({ entity }) => entity)).toEqual(LINKED.map(({ name }) => name));
    const { rows } = await client.query(
      "SELECT conrelid::regclass::text AS table, pg_get_constraintdef(oid) AS key FROM pg_constraint " +
        "WHERE contype = 'f' AND connamespace = 'linked'::regnamespace AND cardinality(conkey) > 1 ORDER BY conname",
    );
    expect(rows.map(({ key }) => key)).toEqual([
      "FOREIGN KEY (referrer_tenant_id, referrer_number) REFERENCES linked.customers(tenant_id, number)",
      "FOREIGN KEY (tenant_id, customer_number) REFERENCES linked.customers(tenant_id, number)",
    ]);
  });
});

describe("a key that leads nowhere", () => {
  beforeEach(() => client.query("SET search_path TO linked; SET session_replication_role = replica"));
  afterEach(() => client.query("RESET session_replication_role"));

  it.each([
    [
      "of two columns, one of them another's",
      "UPDATE orders SET customer_number = 999 WHERE id = (SELECT min(id::text)::uuid FROM orders)",
      ["reference orders.tenant_id, customer_number"],
    ],
    [
      "of text",
      "UPDATE orders SET product_sku = 'P-0' WHERE id = (SELECT min(id::text)::uuid FROM orders WHERE product_sku IS NOT NULL)",
      ["reference orders.product_sku"],
    ],
    ["of a tree", "UPDATE categories SET parent_id = -1 WHERE id = 200", ["reference categories.parent_id"]],
  ])("is found: %s", async (_, sql, names) => {
    await client.query(
      "CREATE TEMP TABLE kept_orders AS TABLE orders; CREATE TEMP TABLE kept_categories AS TABLE categories",
    );
    await client.query(sql);
    const found = await faults();
    expect(found.map((text) => text.split(":")[0])).toEqual(names);
    await client.query(
      "DELETE FROM orders; DELETE FROM categories; INSERT INTO orders TABLE kept_orders; INSERT INTO categories TABLE kept_categories; " +
        "DROP TABLE kept_orders, kept_categories",
    );
  });
});
