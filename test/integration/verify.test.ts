import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPlan } from "../../src/model/plan.js";
import type { CheckResult, VerificationReport } from "../../src/verify/result.js";
import { verify } from "../../src/verify/verify.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { loadInProcess, shop } from "../support/verify-shop.js";

const { universe, plan } = shop();
let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
});
afterAll(() => database.drop());

let schemaCount = 0;

/** Loads a good shop, spoils it, and verifies it. */
async function spoiled(...statements: readonly string[]): Promise<VerificationReport> {
  const schema = `Spoiled "shop" ${schemaCount++}`;
  await loadInProcess(client, universe, schema);
  await client.query(`SET search_path TO "${schema.replaceAll('"', '""')}"`);
  for (const sql of statements) await client.query(sql);
  return verify({ url: database.url, schema, universe, plan, connections: 2 });
}

function faults(report: VerificationReport): CheckResult[] {
  return report.checks.filter(({ ok }) => !ok);
}

function namesOfFaults(report: VerificationReport): string[] {
  return faults(report).map(({ name }) => name);
}

function fault(report: VerificationReport, name: string): CheckResult {
  const found = faults(report).find((check) => check.name === name);
  expect(found, `${name} fails`).toBeDefined();
  return found!;
}

const DROP_CONSTRAINTS = (table: string, ...constraints: string[]): string =>
  `ALTER TABLE ${table} ${constraints.map((constraint) => `DROP CONSTRAINT ${constraint}`).join(", ")}`;

describe("a good load", () => {
  it("passes every kind of check", async () => {
    const report = await spoiled();
    expect(namesOfFaults(report)).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.rowsChecked).toBe(plan.rows);
    expect([...new Set(report.checks.map(({ kind }) => kind))].sort()).toEqual([
      "calendar",
      "definition",
      "distribution",
      "key",
      "notNull",
      "order",
      "query",
      "reference",
      "rows",
      "share",
      "skew",
      "state",
      "step",
      "sum",
      "values",
      "window",
    ]);
    expect(new Set(report.checks.map(({ name }) => name)).size).toBe(report.checks.length);
    for (const check of report.checks) expect(check.offending).toEqual([]);
  });
});

describe("checks after a load", () => {
  const proved = { connections: 2, isProved: true };

  it("leave to Postgres what it has proved, and nothing else", async () => {
    const schema = "just_loaded";
    await loadInProcess(client, universe, schema);
    const options = { url: database.url, schema, universe, plan };
    const [all, some] = [await verify({ ...options, connections: 2 }), await verify({ ...options, ...proved })];
    expect(some).toMatchObject({ ok: true, isProved: true, rowsChecked: plan.rows });
    const names = new Set(some.checks.map(({ name }) => name));
    const left = all.checks.filter(({ name }) => !names.has(name));
    expect([...new Set(left.map(({ kind }) => kind))].sort()).toEqual([
      "key",
      "notNull",
      "query",
      "reference",
      "values",
    ]);
    expect(names).toContain("reference orders.seller_id");
    // A reference that Postgres is not told of, and what no condition of a table says, are looked at.
    for (const { kind, name, expected } of left.filter(({ kind }) => kind === "values")) {
      expect({ kind, name, expected }).toMatchObject({ name: expect.stringMatching(/^values of /) });
    }
  });

  it("still find a key, a reference, NOT NULL or a condition that is not there to prove anything", async () => {
    for (const [at, statement] of [
      "ALTER TABLE orders DROP CONSTRAINT orders_product_id_fkey",
      "ALTER TABLE orders ALTER COLUMN product_id DROP NOT NULL",
      "ALTER TABLE lines DROP CONSTRAINT lines_pkey CASCADE",
      "ALTER TABLE orders DROP CONSTRAINT orders_amount_check",
      "ALTER TABLE orders DROP CONSTRAINT orders_product_id_fkey, " +
        "ADD CONSTRAINT orders_product_id_fkey FOREIGN KEY (product_id) REFERENCES products (id) NOT VALID",
    ].entries()) {
      const schema = `unproved_${at}`;
      await loadInProcess(client, universe, schema);
      await client.query(`SET search_path TO ${schema}`);
      await client.query(statement);
      const report = await verify({ url: database.url, schema, universe, plan, ...proved });
      expect(faults(report).map(({ kind }) => kind)).toContain("definition");
    }
  });
});

describe("a spoiled load fails", () => {
  it("rows and references, where a parent is gone", async () => {
    const report = await spoiled(
      DROP_CONSTRAINTS("orders", "orders_product_id_fkey"),
      "DELETE FROM products WHERE id IN (SELECT product_id FROM orders ORDER BY id LIMIT 1)",
    );
    expect(namesOfFaults(report)).toEqual(["rows of products", "definition of orders", "reference orders.product_id"]);
    expect(fault(report, "rows of products").offending).toEqual([{ id: expect.any(String), problem: "missing" }]);
    expect(fault(report, "reference orders.product_id").offending[0]).toEqual({
      id: "1",
      product_id: fault(report, "rows of products").offending[0]["id"],
      "product_id.id": null,
    });
    expect(fault(report, "definition of orders").found).toBe("no foreign key of product_id");
  });

  it("references that Postgres knows nothing of", async () => {
    const report = await spoiled("UPDATE orders SET seller_id = 99999999 WHERE id IN (7, 9)");
    expect(namesOfFaults(report)).toEqual(["reference orders.seller_id", "spread of orders.seller_id"]);
    const { found, offending, rowsChecked } = fault(report, "reference orders.seller_id");
    expect(found).toBe("2 rows break it");
    expect(rowsChecked).toBe(4000);
    expect(offending).toEqual([
      { id: "7", seller_id: "99999999", "seller_id.id": null },
      { id: "9", seller_id: "99999999", "seller_id.id": null },
    ]);
  });

  it("rows, where one is missing at the end", async () => {
    const report = await spoiled("DELETE FROM steps WHERE id = 8000");
    expect(namesOfFaults(report)).toEqual(["rows of steps"]);
    const { found, expected, offending } = fault(report, "rows of steps");
    expect([found, expected]).toEqual(["7999 rows, IDs 1 to 7999", "8000 rows, IDs 1 to 8000"]);
    expect(offending).toEqual([{ id: "8000", problem: "missing" }]);
  });

  it("rows, where one too many has an ID of its own", async () => {
    const report = await spoiled("INSERT INTO products (id, price) VALUES (1000, 5)");
    expect(namesOfFaults(report)).toEqual(["rows of products"]);
    expect(fault(report, "rows of products").offending).toEqual([{ id: "1000", problem: "outside the range" }]);
  });

  it("keys, where one is there twice", async () => {
    const report = await spoiled(DROP_CONSTRAINTS("steps", "steps_pkey"), "UPDATE steps SET id = 101 WHERE id = 103");
    expect(namesOfFaults(report)).toEqual(["definition of steps", "key of steps (id)"]);
    expect(fault(report, "key of steps (id)").offending).toEqual([{ id: "101", rows: "2" }]);
  });

  it("a parent's key, but not its children's figures", async () => {
    const report = await spoiled(
      DROP_CONSTRAINTS("orders", "orders_customer_id_fkey"),
      DROP_CONSTRAINTS("customers", "customers_pkey"),
      "INSERT INTO customers SELECT id, 'twice@example.com', region, is_member, created_at FROM customers WHERE id = 5",
    );
    expect(namesOfFaults(report)).toEqual([
      "copies and texts of customers",
      "definition of customers",
      "key of customers (id)",
      "rows of customers",
      "definition of orders",
    ]);
  });

  it("unique and composite keys", async () => {
    const report = await spoiled(
      DROP_CONSTRAINTS("customers", "customers_email_key"),
      "UPDATE customers SET email = 'customer2@example.com' WHERE id = 1",
      DROP_CONSTRAINTS("lines", "lines_pkey"),
      "UPDATE lines SET line = 1 WHERE order_id = (SELECT min(order_id) FROM lines WHERE line = 2) AND line = 2",
    );
    expect(namesOfFaults(report)).toEqual([
      "copies and texts of customers",
      "definition of customers",
      "key of customers (email)",
      "definition of lines",
      "key of lines (order_id, line)",
    ]);
    expect(fault(report, "key of customers (email)").offending).toEqual([
      { email: "customer2@example.com", rows: "2" },
    ]);
  });

  it("not null", async () => {
    const report = await spoiled(
      "ALTER TABLE orders ALTER channel DROP NOT NULL",
      "UPDATE orders SET channel = NULL WHERE id = 12",
    );
    expect(namesOfFaults(report)).toEqual(["definition of orders", "not null in orders"]);
    expect(fault(report, "not null in orders").offending).toEqual([
      expect.objectContaining({ id: "12", channel: null }),
    ]);
    expect(fault(report, "definition of orders").found).toBe("channel: expected NOT NULL, found nullable");
  });

  it("checks and ranges", async () => {
    const report = await spoiled(
      DROP_CONSTRAINTS("orders", "orders_amount_check"),
      "UPDATE orders SET amount = -1 WHERE id = 3",
      "UPDATE orders SET amount = 900.01 WHERE id = 4",
    );
    expect(namesOfFaults(report)).toEqual(["definition of orders", "ranges of orders", "values of orders.amount"]);
    expect(fault(report, "values of orders.amount").offending).toEqual([{ id: "3", amount: "-1.00" }]);
    expect(fault(report, "ranges of orders").offending.map(({ id }) => id)).toEqual(["3", "4"]);
  });

  it("labels that have no share", async () => {
    const report = await spoiled("UPDATE orders SET channel = 'fax' WHERE id = 12");
    expect(namesOfFaults(report)).toEqual(["distribution of orders: channel"]);
    expect(fault(report, "distribution of orders: channel").offending[0]).toEqual({
      value: "fax",
      found: "1",
      expected: "0",
    });
  });

  it("the window", async () => {
    const report = await spoiled(
      "UPDATE customers SET created_at = '2023-12-31T23:59:59.999999Z' WHERE id = 8",
      "UPDATE steps SET happened_at = '2025-01-01T00:00:00Z' WHERE id = 16",
    );
    expect(namesOfFaults(report)).toEqual([
      "window of customers",
      "order steps.happened_at and order_id.ordered_at",
      "window of steps",
    ]);
    expect(fault(report, "window of customers").offending).toEqual([
      { id: "8", created_at: "2023-12-31 23:59:59.999999+00" },
    ]);
  });

  it("the order of a row's own times", async () => {
    const report = await spoiled("UPDATE orders SET shipped_at = ordered_at - interval '1 hour' WHERE id = 44");
    expect(namesOfFaults(report)).toEqual(["order orders.shipped_at and ordered_at"]);
    expect(fault(report, "order orders.shipped_at and ordered_at").offending).toEqual([
      { id: "44", shipped_at: expect.any(String), ordered_at: expect.any(String) },
    ]);
  });

  it("how long after another a time lies", async () => {
    const report = await spoiled(
      "UPDATE orders SET shipped_at = ordered_at + interval '4 days' WHERE id = (SELECT min(id) FROM orders WHERE ordered_at < '2024-11-01')",
      "UPDATE steps SET happened_at = happened_at + interval '2 hours' WHERE id = (SELECT min(id) FROM steps WHERE step = 2 AND happened_at < '2024-11-01')",
    );
    expect(namesOfFaults(report)).toEqual([
      "order orders.shipped_at and ordered_at",
      "order steps.happened_at and order_id.ordered_at",
    ]);
  });

  it("the order of a child's time and its parent's", async () => {
    const report = await spoiled(
      "UPDATE customers SET created_at = '2024-12-31T12:00:00Z' WHERE id = (SELECT customer_id FROM orders WHERE ordered_at < '2024-12-01' LIMIT 1)",
    );
    expect(namesOfFaults(report)).toEqual(["order orders.ordered_at and customer_id.created_at"]);
    const { offending } = fault(report, "order orders.ordered_at and customer_id.created_at");
    expect(Object.keys(offending[0])).toEqual(["id", "ordered_at", "customer_id", "customer_id.created_at"]);
  });

  it("sums across tables", async () => {
    const report = await spoiled("UPDATE orders SET line_count = line_count % 5 + 1 WHERE id = 10");
    expect(namesOfFaults(report)).toEqual(["sum of orders: line_count is the number of lines"]);
    const [row] = fault(report, "sum of orders: line_count is the number of lines").offending;
    expect(row).toEqual({
      id: "10",
      line_count: row["stated"],
      stated: expect.any(String),
      counted: expect.any(String),
    });
    expect(row["stated"]).not.toBe(row["counted"]);
  });

  it("sums, where the rows that are summed are gone", async () => {
    const report = await spoiled("DELETE FROM lines WHERE order_id = 10");
    expect(namesOfFaults(report)).toEqual(["sum of orders: line_count is the number of lines", "rows of lines"]);
    expect(fault(report, "rows of lines").found).toMatch(/^\d+ rows$/);
  });

  it("states", async () => {
    const report = await spoiled("UPDATE steps SET step = 3 WHERE id = 40");
    expect(namesOfFaults(report)).toEqual(["state of steps: an order has two steps"]);
    expect(fault(report, "state of steps: an order has two steps").offending).toEqual([{ id: "40", step: "3" }]);
  });

  it("steps whose predecessor is gone, or comes later", async () => {
    const gone = await spoiled("UPDATE steps SET step = 2 WHERE id = 39");
    // The opening that became a payment follows none either.
    const name = "step of steps: a payment follows an opening";
    expect(namesOfFaults(gone)).toEqual([name]);
    expect(fault(gone, name).offending.map(({ id }) => id)).toEqual(["39", "40"]);
    const later = await spoiled("UPDATE steps SET happened_at = happened_at + interval '5 minutes' WHERE id = 41");
    expect(namesOfFaults(later)).toEqual([name]);
    expect(fault(later, name).offending.map(({ id }) => id)).toEqual(["42"]);
  });

  it("exact shares, by one row", async () => {
    const report = await spoiled("UPDATE orders SET is_gift = false WHERE id = 1");
    expect(namesOfFaults(report)).toEqual(["share of orders: gifts"]);
    const { found, expected } = fault(report, "share of orders: gifts");
    expect([found, expected]).toEqual(["999 rows", "1000 rows"]);
  });

  it("drawn shares", async () => {
    const report = await spoiled("UPDATE customers SET region = 'east' WHERE region = 'north' AND id % 7 = 0");
    expect(namesOfFaults(report)).toEqual(["distribution of customers: region"]);
    expect(fault(report, "distribution of customers: region").offending.map(({ value }) => value)).toEqual([
      "east",
      "north",
      "south",
    ]);
  });

  it("declared distributions", async () => {
    const report = await spoiled("UPDATE lines SET quantity = 9 WHERE quantity = 1 AND order_id % 3 = 0");
    expect(namesOfFaults(report)).toEqual(["distribution of lines: quantities"]);
  });

  it("calendars", async () => {
    const report = await spoiled(
      DROP_CONSTRAINTS("orders", "orders_customer_id_fkey"),
      "ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers",
      // From Wednesdays to the Sundays before: nobody's orders become older than their customer.
      "UPDATE customers SET created_at = created_at - interval '3 days' WHERE extract(dow FROM created_at) = 3 AND created_at >= '2024-01-05'",
    );
    expect(namesOfFaults(report)).toEqual(["calendar of customers.created_at: weekdays"]);
    const months = await spoiled(
      "UPDATE customers SET created_at = created_at - interval '10 weeks' WHERE created_at >= '2024-10-01'",
    );
    expect(namesOfFaults(months)).toEqual(["calendar of customers.created_at: months"]);
  });

  it("calendars with a tolerance", async () => {
    const report = await spoiled(
      "UPDATE orders SET ordered_at = ordered_at + interval '1 day', shipped_at = least(shipped_at + interval '1 day', '2024-12-31T23:59:59.999999Z') WHERE extract(dow FROM ordered_at) IN (2, 5) AND ordered_at < '2024-12-20'",
      "UPDATE steps SET happened_at = ordered_at + step * interval '1 minute' FROM orders WHERE orders.id = order_id AND ordered_at < '2024-12-24'",
    );
    expect(namesOfFaults(report)).toEqual(["calendar of orders.ordered_at: weekdays"]);
  });

  it("the skew of references, and their evenness", async () => {
    const flat = await spoiled("UPDATE orders SET product_id = id % 500 + 1 WHERE id % 2 = 0");
    expect(namesOfFaults(flat)).toEqual(["skew of orders.product_id"]);
    const skewed = await spoiled("UPDATE orders SET seller_id = id % 10 + 1 WHERE id % 10 = 0");
    expect(namesOfFaults(skewed)).toEqual(["spread of orders.seller_id"]);
  });

  it("indexes and constraints that are not there, or not valid", async () => {
    const report = await spoiled(
      "DROP INDEX orders_customer_id_idx",
      DROP_CONSTRAINTS("lines", "lines_order_id_fkey"),
      "ALTER TABLE lines ADD CONSTRAINT lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders NOT VALID",
      "ALTER TABLE products ALTER price TYPE int8",
      "SELECT setval(pg_get_serial_sequence('customers', 'id'), 17)",
    );
    expect(faults(report).map(({ name, found }) => `${name}: ${found}`)).toEqual([
      "definition of customers: the sequence of id: expected at 2000, found at 17",
      "definition of products: the type of price: expected int4, found int8",
      "definition of orders: no index (customer_id)",
      "definition of lines: the foreign key of order_id: expected it valid, found NOT VALID",
    ]);
  });

  it("everything that looks at a table which is not there, and nothing else", async () => {
    const report = await spoiled("DROP TABLE lines");
    expect(new Set(faults(report).map(({ entity }) => entity))).toEqual(new Set(["orders", "lines"]));
    expect(namesOfFaults(report).filter((name) => / orders/.test(name))).toEqual([
      "sum of orders: line_count is the number of lines",
    ]);
    expect(fault(report, "rows of lines").found).toMatch(/lines" does not exist/);
  });
});

describe("verifying", () => {
  it("writes nothing, and leaves out what a plan does not load", async () => {
    const schema = "partly";
    await loadInProcess(client, universe, schema);
    const { plan: partly } = { plan: buildPlan(universe, ["orders", "steps"]) };
    const report = await verify({ url: database.url, schema, universe, plan: partly, connections: 1 });
    expect(namesOfFaults(report)).toEqual([]);
    expect(new Set(report.checks.map(({ entity }) => entity))).toEqual(new Set(["orders", "steps", null]));
    expect(report.checks.map(({ name }) => name)).not.toContain("reference orders.customer_id");
    expect(report.checks.map(({ name }) => name)).toContain("reference steps.order_id");
  });

  it("finds the same over one connection and over three, in one order", async () => {
    const schema = "lanes";
    await loadInProcess(client, universe, schema);
    const outcomes = await Promise.all(
      [1, 3].map((connections) => verify({ url: database.url, schema, universe, plan, connections })),
    );
    const [one, three] = outcomes.map(({ checks }) => checks.filter(({ kind }) => kind !== "query"));
    expect(one.map(({ seconds: _, ...check }) => check)).toEqual(three.map(({ seconds: _, ...check }) => check));
  });

  it("asks for plans of the queries only where it is told to", async () => {
    const schema = "explained";
    await loadInProcess(client, universe, schema);
    const options = { url: database.url, schema, universe, plan, connections: 1 };
    expect((await verify(options)).plans).toEqual([]);
    const { plans } = await verify({ ...options, explainPlans: true });
    expect(plans).toEqual([{ name: "orders a month", ms: expect.any(Number), plan: expect.any(Array) }]);
    expect(plans[0].plan.join("\n")).toMatch(/Seq Scan on orders|Aggregate/);
  });

  it("stops when it is asked to", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(
      verify({ url: database.url, schema: "lanes", universe, plan, connections: 2, signal: controller.signal }),
    ).rejects.toMatchObject({ code: "SB_INTERRUPTED", exitCode: 130 });
  });
});
