import { resolve } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDictionaries } from "../../src/engine/dictionaries.js";
import { buildPlan } from "../../src/model/plan.js";
import { loadScenario } from "../../src/model/scenario/index.js";
import { Universe } from "../../src/model/universe.js";
import { erp } from "../../src/models/erp/index.js";
import { verify } from "../../src/verify/verify.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { loadInProcess } from "../support/verify-shop.js";

let database: TestDatabase;
let client: pg.Client;
let universe: Universe;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  const searchDirs = [resolve(import.meta.dirname, "../../scenarios")];
  const models = new Map([[erp.name, erp]]);
  const { scenario } = await loadScenario({ name: "erp/anomaly-heavy", models, searchDirs });
  universe = new Universe(erp, scenario, makeDictionaries(erp));
  await loadInProcess(client, universe, "mock_data");
  await client.query("SET search_path TO mock_data");
});
afterAll(() => database.drop());

async function faults(): Promise<string[]> {
  const options = { url: database.url, schema: "mock_data", universe, plan: buildPlan(universe), connections: 2 };
  const { checks } = await verify(options);
  return checks.filter(({ ok }) => !ok).map(({ name }) => name);
}

/** The checks that fail where rows have been changed, which are changed back afterwards. */
async function faultsOfUpdate(table: string, set: string, where: string): Promise<string[]> {
  await client.query(`CREATE TABLE public.kept AS SELECT * FROM ${table} WHERE ${where}`);
  const { rows } = await client.query<{ columns: string }>(
    "SELECT string_agg(quote_ident(column_name), ', ') AS columns FROM information_schema.columns " +
      "WHERE table_schema = 'mock_data' AND table_name = $1",
    [table],
  );
  const { columns } = rows[0];
  try {
    const { rowCount } = await client.query(`UPDATE ${table} t SET ${set} FROM public.kept WHERE t.id = kept.id`);
    expect(rowCount).toBeGreaterThan(0);
    const found = await faults();
    await client.query(
      `UPDATE ${table} t SET (${columns}) = (SELECT ${columns} FROM public.kept k WHERE k.id = t.id) FROM public.kept WHERE t.id = kept.id`,
    );
    return found;
  } finally {
    await client.query("DROP TABLE public.kept");
  }
}

describe("erp", () => {
  it("passes as it is loaded", async () => {
    expect(await faults()).toEqual([]);
  });

  it("fails where stock goes below zero", async () => {
    const found = await faultsOfUpdate(
      "inventory_movements",
      "quantity = t.quantity - 20 * (SELECT case_size FROM products p WHERE p.id = t.product_id)",
      "id = (SELECT id FROM inventory_movements WHERE movement_type = 'initial' AND quantity > 1000 ORDER BY id LIMIT 1)",
    );
    expect(found).toEqual(["invariant of inventory_movements: no product's stock is ever below zero"]);
  });

  it("fails where a payment is more than is owed", async () => {
    const found = await faultsOfUpdate(
      "payments",
      "amount = t.amount + 0.01",
      "id = (SELECT min(id) FROM payments WHERE status = 'paid')",
    );
    expect(found).toEqual(["sum of orders: payments are the total, neither less nor more"]);
  });

  it("fails where a refund is more than was paid", async () => {
    const found = await faultsOfUpdate("refunds", "amount = t.amount + 1000000", "id = 1");
    expect(found).toEqual(["state of refunds: no more than was paid, of a payment of the order"]);
  });

  it("fails where an order's last entry is not its status", async () => {
    const found = await faultsOfUpdate(
      "order_status_history",
      "to_status = 'returned'",
      "id = (SELECT min(id) FROM order_status_history WHERE to_status = 'delivered')",
    );
    expect(found.toSorted()).toEqual([
      "state of order_status_history: the latest is the order's own status",
      "step of audit_logs: entries about orders tell of a row and agree with it",
      "sum of orders: each has one entry of its status in its history",
    ]);
  });

  it("fails where goods come on a day that is none of the region's", async () => {
    const found = await faultsOfUpdate(
      "delivery_attempts",
      "attempted_at = t.attempted_at + interval '1 day'",
      "id = (SELECT min(a.id) FROM delivery_attempts a JOIN shipments s ON s.id = a.shipment_id " +
        "WHERE a.outcome = 'failed' AND s.delivery_region = 'A')",
    );
    expect(found).toEqual(["state of delivery_attempts: on a delivery day of the region"]);
  });

  it("fails where a label has no anomaly, and where an anomaly has no label", async () => {
    const struck = "id = (SELECT min(row_id) FROM injected_anomalies WHERE name = 'missing_value')";
    const mended = await faultsOfUpdate(
      "orders",
      "sales_user_id = (SELECT min(id) FROM users WHERE role = 'Sales')",
      struck,
    );
    expect(mended).toHaveLength(1);
    expect(mended[0]).toContain("missing_value");
    const broken = await faultsOfUpdate("orders", "sales_user_id = NULL", "id = (SELECT max(id) FROM orders)");
    expect(broken).toContain("state of orders: sold and taken by somebody in sales");
    expect(broken.some((name) => name.includes("missing_value"))).toBe(true);
  });

  it("fails where a manager's decision was somebody else's", async () => {
    const found = await faultsOfUpdate(
      "refunds",
      "reviewed_by = (SELECT min(id) FROM users WHERE role = 'Sales')",
      "id = (SELECT min(id) FROM refunds WHERE status = 'processed')",
    );
    expect(found.toSorted()).toEqual([
      "state of refunds: decided by a manager",
      "step of audit_logs: entries about decisions on refunds tell of a row and agree with it",
    ]);
  });
});
