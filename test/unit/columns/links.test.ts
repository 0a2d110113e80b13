import { describe, expect, it } from "vitest";
import { id } from "../../../src/columns/keys.js";
import { anyLink } from "../../../src/columns/links.js";
import { entity, rows } from "../../../src/model/entity.js";
import { chiSquareLimit, chiSquareOf } from "../../support/chi-square.js";
import { LINKED } from "../../support/linked-shop.js";
import { rowsOf } from "../../support/model-rows.js";
import { columnsOf, universeWith } from "../../support/small-model.js";

const universe = universeWith(LINKED);
const orders = columnsOf(universe, "orders", [
  "id",
  "customer",
  "product",
  "product.tenant",
  "customer.tenant",
  "previous",
  "referrer",
  "tenant_id",
  "customer.tenant.id",
  "counter",
]);

describe("a link", () => {
  it("reads the columns of the row that it leads to, through other links too", () => {
    const tenants = columnsOf(universe, "tenants", ["id"]).id;
    expect(new Set(tenants).size).toBe(7);
    expect(orders.tenant_id).toEqual(orders["customer.tenant.id"]);
    expect(orders.tenant_id).toEqual(orders["customer.tenant"].map((tenant) => tenants[Number(tenant)]));
  });

  it("within an owner leads to that owner's rows alone, evenly, and is NULL where it has none", () => {
    expect(orders["product.tenant"]).toEqual(
      orders.product.map((product, at) => (product === null ? null : orders["customer.tenant"][at])),
    );
    const chosen = new Float64Array(100);
    for (const product of orders.product) if (product !== null) chosen[Number(product)]++;
    expect(chosen.every((count) => count > 0)).toBe(true);
  });

  it("to an earlier row of its owner is NULL in the first alone", () => {
    orders.previous.forEach((previous, at) => {
      const isFirst = at === 0 || orders.customer[at - 1] !== orders.customer[at];
      expect(previous).toBe(isFirst ? null : at - 1);
    });
  });

  it("by weight leads to no row without weight, and to others as often as they weigh", () => {
    const { weight } = columnsOf(universe, "customers", ["weight"]);
    const found = new Float64Array(10);
    for (const referrer of orders.referrer) found[Number(weight[Number(referrer)])]++;
    const rowsOf = (w: number): number => weight.filter((one) => one === w).length;
    const sum = weight.reduce<number>((total, w) => total + Number(w), 0);
    expect(found[0]).toBe(0);
    const parts = Array.from(
      { length: 9 },
      (_, i) =>
        (found[i + 1] - (2000 * (i + 1) * rowsOf(i + 1)) / sum) / Math.sqrt((2000 * (i + 1) * rowsOf(i + 1)) / sum),
    );
    expect(parts.reduce((total, part) => total + part * part, 0)).toBeLessThan(chiSquareLimit(8));
  });

  it.each([1, 1.6])("by Zipf leads to few rows often, which ones a shuffle says: exponent %d", (exponent) => {
    const zipfian = universeWith([
      entity("targets", { comment: "", rows: rows(() => 40), columns: { id: id() } }),
      entity("sources", {
        comment: "",
        rows: rows(() => 20_000),
        columns: { id: id(), target: anyLink("targets", { kind: "zipf", exponent }) },
      }),
    ]);
    const found = new Float64Array(40);
    for (const row of columnsOf(zipfian, "sources", ["target"]).target) found[Number(row)]++;
    const sorted = found.toSorted((a, b) => b - a);
    const most = [...found.keys()].sort((a, b) => found[b] - found[a]);
    expect(most.slice(0, 4)).not.toEqual([0, 1, 2, 3]);
    // The integral of x^-exponent over [k + 1/2, k + 3/2), of each rank's share.
    const integral = (x: number): number => (exponent === 1 ? Math.log(x) : x ** (1 - exponent) / (1 - exponent));
    const whole = integral(40.5) - integral(0.5);
    const parts = Array.from({ length: 12 }, (_, k) => {
      const expected = (20_000 * (integral(k + 1.5) - integral(k + 0.5))) / whole;
      return (sorted[k] - expected) ** 2 / expected;
    });
    expect(parts.reduce((total, part) => total + part, 0)).toBeLessThan(chiSquareLimit(12));
  });

  it("in turn comes to each row equally often", () => {
    const found = new Float64Array(200);
    for (const row of orders.counter) found[Number(row)]++;
    expect(chiSquareOf(found, 10)).toBe(0);
  });

  it("of a tree leads one level up, and roots lead nowhere", () => {
    const { parent } = columnsOf(universe, "categories", ["parent"]);
    const depth: number[] = [];
    parent.forEach((to, at) => {
      expect(to === null || Number(to) < at).toBe(true);
      depth.push(to === null ? 0 : depth[Number(to)] + 1);
    });
    expect([0, 1, 2].map((level) => depth.filter((one) => one === level).length)).toEqual([10, 50, 140]);
  });

  it("distinct within its owner leads to another row each time", () => {
    const tags = columnsOf(universe, "tags", ["product", "category", "rival", "rival.tenant", "product.tenant"]);
    const pairs = tags.product.map((product, at) => `${product} ${tags.category[at]}`);
    expect(new Set(pairs).size).toBe(400);
    const rivals = tags.product.map((product, at) => `${product} ${tags.rival[at]}`);
    expect(new Set(rivals).size).toBe(400);
    expect(tags["rival.tenant"]).toEqual(tags["product.tenant"]);
    expect(new Set(tags.category).size).toBeGreaterThan(150);
  });
});

describe("a UUID that is a key", () => {
  it("is another in every row, of the version that it says", () => {
    const ids = rowsOf(universe, "orders", ["id"]).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2000);
    for (const value of ids) {
      const bytes = Buffer.from(String(value), "latin1");
      expect([bytes[6] >> 4, bytes[8] >> 6]).toEqual([4, 2]);
    }
  });
});
