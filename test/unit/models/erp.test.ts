import { describe, expect, it } from "vitest";
import type { Universe } from "../../../src/model/universe.js";
import { offsetAt } from "../../../src/models/erp/egypt-time.js";
import { islamicDay } from "../../../src/models/erp/islamic-calendar.js";
import { dayOfMonth, dueDay, paidAt, paymentFacts } from "../../../src/models/erp/payment-terms.js";
import { popularityExponent } from "../../../src/models/erp/products.js";
import { roleStarts } from "../../../src/models/erp/users.js";
import { type Facts, rowsOf } from "../../support/model-rows.js";
import { erpScenario, erpUniverse } from "./erp.helper.js";

const DAY_US = 86_400_000_000;
const universe = erpUniverse();
const of = (entity: string, columns?: readonly string[], from: Universe = universe): Facts[] =>
  rowsOf(from, entity, columns);

function countBy(rows: readonly Facts[], key: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[row[key]] = (counts[row[key]] ?? 0) + 1;
  return counts;
}

function grouped(values: readonly unknown[]): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

describe("the document's figures", () => {
  it("are the defaults: 20 users by role, 100 companies, 200 products, 50 orders a day, 10 visits a week", () => {
    expect(countBy(of("users"), "role")).toEqual({ Admin: 1, Manager: 3, Sales: 10, Support: 6 });
    expect(universe.rowCount("companies")).toBe(100);
    expect(universe.rowCount("products")).toBe(200);
    expect(universe.rowCount("orders")).toBe(50 * 91);
    expect(universe.rowCount("maintenance_visits")).toBe(130);
  });

  it("30% of companies have branches, and only they", () => {
    const companies = of("companies", ["id", "has_branches"]);
    const owners = new Set(of("branches", ["company_id"]).map(({ company_id }) => company_id));
    expect(companies.filter(({ has_branches }) => has_branches === 1)).toHaveLength(30);
    for (const { id, has_branches } of companies) expect(owners.has(id)).toBe(has_branches === 1);
  });

  it("the best-selling fifth of the products has four fifths of the lines", () => {
    const ranks = new Map(of("products", ["id", "popularity_rank"]).map((row) => [row["id"], row["popularity_rank"]]));
    const lines = of("order_items", ["product_id"]);
    const popular = lines.filter(({ product_id }) => ranks.get(product_id)! <= 40).length;
    expect(Math.abs(popular / lines.length - 0.8)).toBeLessThan(0.012);
    expect(popularityExponent(200, 0.8)).toBeCloseTo(1.958, 3);
    const most = Math.max(...grouped(lines.map(({ product_id }) => product_id)).values());
    expect(most / of("orders", ["id"]).length).toBeLessThan(0.3);
  });

  it("has companies owe about what they may, and limits go by what is ordered", () => {
    const open = new Map<unknown, number>();
    for (const { company_id, amount, status } of of("payments", ["company_id", "amount", "status"])) {
      if (status === "pending" || status === "overdue") open.set(company_id, (open.get(company_id) ?? 0) + amount);
    }
    const companies = of("companies", ["id", "credit_limit"]);
    const over = companies.filter(({ id, credit_limit }) => (open.get(id) ?? 0) > 1.5 * credit_limit);
    expect(over.length / companies.length).toBeLessThan(0.1);
    const ordered = grouped(of("orders", ["company_id"]).map(({ company_id }) => company_id));
    const limits = companies
      .toSorted((a, b) => (ordered.get(b["id"]) ?? 0) - (ordered.get(a["id"]) ?? 0))
      .map(({ credit_limit }) => credit_limit);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(limits.slice(0, 10))).toBeGreaterThan(3 * mean(limits.slice(-50)));
  });

  it("has users who were there before the customers that name them, and who log in every few days", () => {
    const users = of("users", ["id", "created_at"]);
    const since = new Map(users.map(({ id, created_at }) => [id, created_at]));
    for (const { account_manager_id, created_at } of of("companies", ["account_manager_id", "created_at"])) {
      expect(since.get(account_manager_id)!).toBeLessThan(created_at);
    }
    const logs = of("audit_logs", ["action", "user_id", "entity_name", "entity_id"]);
    const logins = grouped(logs.filter(({ action }) => action === "login").map(({ user_id }) => user_id));
    expect(logins.size).toBe(users.length);
    for (const count of logins.values()) expect(count).toBeGreaterThan(25);
    const changes = logs.filter(({ entity_name }) => entity_name === "products");
    expect(grouped(changes.map(({ user_id }) => user_id)).size).toBeGreaterThan(2);
    expect(Math.max(...grouped(changes.map(({ entity_id }) => entity_id)).values())).toBeGreaterThan(2);
  });

  it("has nothing done to a machine that it does not have, and a visit as long as what is done takes", () => {
    const visits = of("maintenance_visits", ["machine", "services", "duration_minutes", "visit_type"]);
    for (const { machine, services, duration_minutes, visit_type } of visits) {
      if (/Brewer/.test(machine)) expect(services).not.toMatch(/steam|group head|pump|boiler|grinder/);
      if (/Grinder/.test(machine)) expect(services).toMatch(/grinder|electrical/);
      if (visit_type === "installation") expect(services).toMatch(/installation/);
      if (/control board|overhaul/.test(services) && duration_minutes !== null) {
        expect(duration_minutes).toBeGreaterThanOrEqual(100);
      }
    }
    expect(new Set(visits.map(({ machine }) => machine)).size).toBe(7);
  });

  it("has no article twice on an order", () => {
    const lines = of("order_items", ["order_id", "product_id"]);
    expect(new Set(lines.map(({ order_id, product_id }) => `${order_id} ${product_id}`)).size).toBe(lines.length);
  });

  it("roles have somebody each as soon as there are four users", () => {
    expect(roleStarts(4)).toEqual([0, 1, 2, 3, 4]);
    expect(roleStarts(2000)).toEqual([0, 100, 400, 1400, 2000]);
  });

  it.each([
    ["normal-ops", 0.05],
    ["peak-season", 0.15],
    ["anomaly-heavy", 0.4],
    ["warehouse-outage", 0.6],
    ["growth-phase", 0.08],
    ["payment-crisis", 0.25],
  ])("%s strikes %d of the orders, none twice", async (name, rate) => {
    const scenario = await erpScenario(name);
    const labels = of("injected_anomalies", undefined, scenario).filter(({ entity }) => entity === "orders");
    const orders = scenario.rowCount("orders");
    expect(Math.abs(labels.length - rate * orders)).toBeLessThanOrEqual(3);
    expect(new Set(labels.map(({ row_id }) => row_id)).size).toBe(labels.length);
  });

  it("payment-crisis has 30% of its payments overdue", async () => {
    const payments = of("payments", ["status"], await erpScenario("payment-crisis"));
    const overdue = payments.filter(({ status }) => status === "overdue").length;
    expect(Math.abs(overdue - 0.3 * payments.length)).toBeLessThanOrEqual(2);
  });

  it("peak-season has three times the orders, growth-phase twice the companies and ever more orders", async () => {
    expect((await erpScenario("peak-season")).rowCount("orders")).toBe(3 * 50 * 91);
    const growth = await erpScenario("growth-phase");
    expect(growth.rowCount("companies")).toBe(200);
    const created = of("orders", ["created_at"], growth).map(({ created_at }) => created_at);
    const fifths = [0, 1, 2, 3, 4].map((fifth) => {
      const from = growth.windowUs.from + (fifth * 91 * DAY_US) / 5;
      return created.filter((at) => at >= from && at < from + (91 * DAY_US) / 5).length;
    });
    // The last of them is Ramadan.
    for (let at = 1; at < 4; at++) expect(fifths[at]).toBeGreaterThan(fifths[at - 1]);
    expect(fifths[3] / fifths[0]).toBeGreaterThan(1.5);
  });

  it("warehouse-outage delivers few in time and cancels many", async () => {
    const outage = countBy(of("orders", ["status"], await erpScenario("warehouse-outage")), "status");
    const normal = countBy(of("orders", ["status"], await erpScenario("normal-ops")), "status");
    expect(outage["cancelled"]).toBeGreaterThan(5 * normal["cancelled"]);
    expect(outage["delivered"]).toBeLessThan(0.6 * normal["delivered"]);
  });
});

describe("money", () => {
  it("agrees from line to order to payment to refund", async () => {
    const scenario = await erpScenario("anomaly-heavy");
    const sum = (rows: Facts[], by: string, value: string): Map<number, number> => {
      const sums = new Map<number, number>();
      for (const row of rows) sums.set(row[by], (sums.get(row[by]) ?? 0) + row[value]);
      return sums;
    };
    const lines = sum(of("order_items", undefined, scenario), "order_id", "line_total");
    const payments = of("payments", undefined, scenario);
    const due = sum(payments, "order_id", "amount");
    for (const order of of("orders", undefined, scenario)) {
      expect(order["subtotal"]).toBe(lines.get(order["id"]));
      expect(order["total_amount"]).toBe(due.get(order["id"]));
      expect(order["tax_amount"]).toBe(Math.round((order["subtotal"] - order["discount_amount"]) * 0.14));
    }
    const byId = new Map(payments.map((payment) => [payment["id"], payment]));
    const refunds = of("refunds", undefined, scenario);
    expect(refunds.length).toBeGreaterThan(50);
    for (const refund of refunds) {
      expect(byId.get(refund["payment_id"])!["status"]).toBe("paid");
      expect(refund["amount"]).toBeLessThanOrEqual(byId.get(refund["payment_id"])!["amount"]);
    }
  });

  it("spiked prices are 3 to 10 times the list's, and no others", async () => {
    const scenario = await erpScenario("anomaly-heavy");
    const spiked = of("orders", ["price_factor", "subtotal", "expected_subtotal", "spiked"], scenario);
    for (const { price_factor, subtotal, expected_subtotal, spiked: is } of spiked) {
      if (is === 1) expect([3, 4, 5, 6, 7, 8, 9, 10]).toContain(price_factor);
      expect(subtotal).toBe(expected_subtotal * (is === 1 ? price_factor : 1));
    }
  });
});

describe("payment terms", () => {
  const facts = paymentFacts(Date.UTC(2024, 3, 1) * 1000);
  Object.assign(facts, { createdUs: Date.UTC(2024, 1, 6, 12) * 1000, terms: 4, bulkDay: 10, pace: 123 });

  it("bulk payers pay on two days of the month, all orders at once", () => {
    const days = Array.from({ length: 40 }, (_, day) => {
      facts.createdUs = Date.UTC(2024, 0, 1 + day, 9) * 1000;
      return dayOfMonth(dueDay(facts, 0));
    });
    expect(new Set(days)).toEqual(new Set([10, 25]));
    facts.createdUs = Date.UTC(2024, 1, 6, 12) * 1000;
    const first = paidAt(facts, 0);
    facts.createdUs = Date.UTC(2024, 1, 9, 12) * 1000;
    expect(paidAt(facts, 0)).toBe(first);
  });

  it("count days of the month as Date does", () => {
    for (let day = 18_000; day < 24_000; day++) expect(dayOfMonth(day)).toBe(new Date(day * 86_400_000).getUTCDate());
  });
});

describe("Cairo's clock", () => {
  it.each([
    ["2022-07-01T00:00:00Z", 2],
    ["2024-02-01T00:00:00Z", 2],
    ["2024-04-25T21:59:59Z", 2],
    ["2024-04-25T22:00:00Z", 3],
    ["2024-10-31T20:59:59Z", 3],
    ["2024-10-31T21:00:00Z", 2],
    ["2023-04-27T22:00:00Z", 3],
  ])("at %s is UTC+%d", (at, hours) => {
    expect(offsetAt(Date.parse(at) * 1000)).toBe(hours);
  });

  it("has no order before 7 or after 21 o'clock save in Ramadan's evenings, and few on Friday and Saturday", () => {
    const rows = of("orders", ["created_at"]);
    const locals = rows.map(({ created_at }) => new Date(created_at / 1000 + 2 * 3_600_000));
    const isFast = (local: Date): boolean => Math.floor(local.getTime() / 86_400_000) >= islamicDay(1445, 9, 1);
    const [fasts, others] = [locals.filter(isFast), locals.filter((local) => !isFast(local))];
    const hoursOf = (dates: readonly Date[]): number[] =>
      [...new Set(dates.map((local) => local.getUTCHours()))].sort((a, b) => a - b);
    expect(hoursOf(others)).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    expect(hoursOf(fasts)).toEqual([9, 10, 11, 12, 13, 14, 15, 20, 21]);
    const [fastDays, otherDays] = [fasts, others].map(
      (dates) => new Set(dates.map((at) => at.toISOString().slice(0, 10))).size,
    );
    expect(fasts.length / fastDays / (others.length / otherDays)).toBeLessThan(0.8);
    const weekend = locals.filter((local) => local.getUTCDay() >= 5).length;
    expect(weekend / rows.length).toBeLessThan(0.12);
    expect(weekend).toBeGreaterThan(100);
  });
});

describe("names and numbers", () => {
  it("are in step in both scripts, and of the right form", () => {
    const companies = of("companies");
    const arabicOf = new Map<string, string>();
    for (const company of companies) {
      expect(company["tax_number"]).toMatch(/^[1-9]\d{2}-\d{3}-\d{3}$/);
      expect(company["phone"]).toMatch(/^\+201[4678]\d{8}$/);
      expect(arabicOf.get(company["name_en"]) ?? company["name_ar"]).toBe(company["name_ar"]);
      arabicOf.set(company["name_en"], company["name_ar"]);
    }
    expect(new Set(companies.map(({ phone }) => phone)).size).toBe(100);
    expect(companies.find(({ area }) => area === "Nasr City")!["governorate"]).toBe("Cairo");
  });
});

describe("stock", () => {
  it("never goes below zero, in the order of time", async () => {
    const scenario = await erpScenario("peak-season");
    const moves = of("inventory_movements", ["id", "product_id", "quantity", "moved_at"], scenario);
    moves.sort((a, b) => a["moved_at"] - b["moved_at"] || a["id"] - b["id"]);
    const balance = new Map<number, number>();
    let least = Number.POSITIVE_INFINITY;
    for (const { product_id, quantity } of moves) {
      const now = (balance.get(product_id) ?? 0) + quantity;
      balance.set(product_id, now);
      least = Math.min(least, now);
    }
    expect(least).toBeGreaterThanOrEqual(0);
    // Restocking is for what is sold: nothing piles up without end.
    const sold = moves.filter(({ quantity }) => quantity < 0).reduce((sum, { quantity }) => sum - quantity, 0);
    const left = [...balance.values()].reduce((sum, units) => sum + units, 0);
    expect(left).toBeLessThan(sold);
  });
});

describe("anomalies", () => {
  it("change no number of rows, and no order that they do not strike", () => {
    const shares = { overdue: 0.03 };
    const calm = erpUniverse({ shares });
    const rates = Object.fromEntries(
      ["payment_delay", "delivery_delay", "delivery_failure", "cancellation", "price_spike", "missing_value"].map(
        (name) => [name, { rate: 0.08 }],
      ),
    );
    const struck = erpUniverse({ shares, anomalies: rates });
    for (const { name } of calm.entities) {
      if (name !== "injected_anomalies") expect(struck.rowCount(name), name).toBe(calm.rowCount(name));
    }
    const hit = new Set(of("injected_anomalies", ["row_id"], struck).map(({ row_id }) => row_id));
    const before = of("orders", undefined, calm);
    const after = of("orders", undefined, struck);
    for (const [at, order] of after.entries()) {
      if (hit.has(order["id"])) expect(order).not.toEqual(before[at]);
      else expect(order).toEqual(before[at]);
    }
  });
});
