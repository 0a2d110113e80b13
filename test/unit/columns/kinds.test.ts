import { describe, expect, it } from "vitest";
import { KINDS, type KindName, kinds } from "../../../src/columns/kinds/vocabulary.js";
import { chiSquareLimit, chiSquareOf } from "../../support/chi-square.js";
import { exampleOf, modelWith } from "../../support/kind-examples.js";
import { digestOf, type Row, rowsOf, testUniverses } from "../../support/model-rows.js";

const WINDOW = { from: "2024-01-01", to: "2025-01-01" };
const [FROM, TO] = [Date.parse(WINDOW.from) * 1000, Date.parse(WINDOW.to) * 1000];
const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;

/** The rows of a table with a column, and with the columns that its law is about. */
function rows(declaration: unknown, also: readonly string[] = [], count = 3000, seed = 42): Row[] {
  const { universeOf } = testUniverses(modelWith("it", declaration, count), WINDOW);
  return rowsOf(universeOf({ seed }), "rows", ["it", ...also]);
}

const numbersOf = (declaration: unknown, count?: number): number[] =>
  rows(declaration, [], count).map(({ it }) => Number(it));

/** Counts of labels against weights. */
function expectShares(declaration: unknown, weights: Readonly<Record<string, number>>): void {
  const found = rows(declaration).map(({ it }) => String(it));
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  const parts = Object.entries(weights).map(([label, weight]) => {
    const expected = (found.length * weight) / sum;
    const observed = found.filter((one) => one === label).length;
    return expected === 0 ? observed : (observed - expected) ** 2 / expected;
  });
  expect(parts.reduce((total, part) => total + part, 0)).toBeLessThan(chiSquareLimit(parts.length - 1));
}

describe("every kind", () => {
  it.each([...KINDS.keys()])("has an example that works, and is the same in both spellings: %s", (name) => {
    const { column, declaration } = exampleOf(name);
    const { [name]: value = null, ...others } =
      typeof declaration === "string" ? { [name]: null } : (declaration as Record<string, unknown>);
    const digests = [declaration, kinds[name as KindName](value, others)].map((spelling) => {
      const { universeOf } = testUniverses(modelWith(column, spelling), WINDOW);
      return digestOf(universeOf(), "rows", [1024]);
    });
    expect(digests[1]).toBe(digests[0]);
  });

  it.each([...KINDS.keys()].filter((name) => !["id", "ordinal", "always", "count_of"].includes(name)))(
    "follows the seed: %s",
    (name) => {
      const { column, declaration } = exampleOf(name);
      const { universeOf } = testUniverses(modelWith(column, declaration), WINDOW);
      const values = [1, 2].map((seed) => JSON.stringify(rowsOf(universeOf({ seed }), "rows", [column])));
      expect(values[0] === values[1]).toBe(name === "text");
    },
  );
});

describe("the laws of kinds", () => {
  it("choice: by weight, evenly from a list, by the model's weights", () => {
    expectShares({ choice: { a: 5, b: 3, c: 2, d: 0 } }, { a: 5, b: 3, c: 2, d: 0 });
    expectShares({ choice: ["a", "b", "c"] }, { a: 1, b: 1, c: 1 });
    expectShares({ choice: "weights.status" }, { open: 1, paid: 3 });
  });

  it("exactly: to the row, in any part of the table to within one, and not in an order that shows", () => {
    const found = rows({ exactly: { a: 0.05, b: 0.95 } }, [], 2500).map(({ it }) => it);
    expect(found.filter((label) => label === "a")).toHaveLength(125);
    expect(found.slice(0, 1000).filter((label) => label === "a")).toHaveLength(50);
    const quarters = [0, 1, 2, 3].map(
      (at) => found.slice(at * 250, at * 250 + 250).filter((label) => label === "a").length,
    );
    expect(Math.max(...quarters)).toBeLessThan(30);
  });

  it("chance: as often as it says, or as the knob does", () => {
    expectShares({ chance: 0.2 }, { 1: 0.2, 0: 0.8 });
    expectShares({ chance: "shares.members" }, { 1: 0.3, 0: 0.7 });
  });

  it("integer and decimal: evenly, both ends included", () => {
    const cells = new Float64Array(5);
    for (const value of numbersOf({ integer: [-2, 2] })) cells[value + 2]++;
    expect(chiSquareOf(cells, 600)).toBeLessThan(chiSquareLimit(4));
    const cents = numbersOf({ decimal: [1, 1.04], type: "numeric(10,2)" });
    expect([...new Set(cents)].sort()).toEqual([100, 101, 102, 103, 104]);
  });

  it("normal: its mean and its deviation, within its bounds", () => {
    const values = numbersOf({ normal: [100, 15], type: "int" }, 20_000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean - 100)).toBeLessThan(0.6);
    expect(Math.abs(deviation - 15)).toBeLessThan(0.5);
    const held = numbersOf({ normal: [100, 15], low: 90, high: 110, type: "int" });
    expect([Math.min(...held), Math.max(...held)]).toEqual([90, 110]);
  });

  it("lognormal: its median and its sigma, of the logarithms, and tails as long as they should be", () => {
    const logs = numbersOf({ lognormal: [40, 0.8], type: "numeric(12,2)" }, 20_000)
      .map((cents) => Math.log(cents / 100))
      .sort((a, b) => a - b);
    expect(Math.abs(logs[10_000] - Math.log(40))).toBeLessThan(0.03);
    const spread = (logs[16_827] - logs[3173]) / 2;
    expect(Math.abs(spread - 0.8)).toBeLessThan(0.03);
    expect(Math.max(...logs)).toBeGreaterThan(Math.log(40) + 3 * 0.8);
  });

  it("exponential: its mean, and its median is ln 2 of it", () => {
    const values = numbersOf({ exponential: 12, type: "numeric(12,2)" }, 20_000).map((cents) => cents / 100);
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length - 12)).toBeLessThan(0.4);
    expect(Math.abs(values.sort((a, b) => a - b)[10_000] - 12 * Math.LN2)).toBeLessThan(0.4);
  });

  it("moment: in the window, at the calendar's hours of the zone's clock, growing where it says rising", () => {
    const even = numbersOf({ moment: "window" });
    expect(even.every((at) => at >= FROM && at < TO)).toBe(true);
    const quarters = new Float64Array(4);
    for (const at of even) quarters[Math.min(3, Math.floor(((at - FROM) / (TO - FROM)) * 4))]++;
    expect(chiSquareOf(quarters, 750)).toBeLessThan(chiSquareLimit(3));
    const office = numbersOf({ moment: "window", calendar: "business", zone: "Asia/Tokyo" });
    const hours = office.map((at) => Math.floor((at + 9 * HOUR) / HOUR) % 24);
    expect([Math.min(...hours), Math.max(...hours)]).toEqual([7, 18]);
    const rising = numbersOf({ moment: "rising" });
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
  });

  it("between, after and latest_change: from the other moment on, within the window", () => {
    for (const { it: at, "customer.created_at": from } of rows({ between: ["customer.created_at", "window.to"] }, [
      "customer.created_at",
    ])) {
      expect(Number(at) >= Number(from) && Number(at) < TO).toBe(true);
    }
    const gaps = rows({ after: "placed_at", days: [1, 3] }, ["placed_at"]).flatMap(({ it, placed_at }) =>
      Number(placed_at) < TO - 3 * DAY ? [(Number(it) - Number(placed_at)) / DAY] : [],
    );
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(3);
    expect(Math.abs(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length - 2)).toBeLessThan(0.1);
    for (const { it, placed_at } of rows({ latest_change: "placed_at" }, ["placed_at"])) {
      expect(Number(it) >= Number(placed_at) && Number(it) < TO).toBe(true);
    }
  });

  it("count_of and sum_of: what a look at the children gives", () => {
    const { universeOf } = testUniverses(modelWith("it", { sum_of: "lines.amount" }), WINDOW);
    const universe = universeOf();
    const sums = new Float64Array(3000);
    const children = new Float64Array(3000);
    for (const { $parent, amount } of rowsOf(universe, "lines", ["$parent", "amount"])) {
      sums[Number($parent)] += Number(amount);
      children[Number($parent)]++;
    }
    expect(rowsOf(universe, "rows", ["it"]).map(({ it }) => it)).toEqual([...sums]);
    expect(numbersOf({ count_of: "lines" })).toEqual([...children]);
  });

  it("text, slug and word: of each other's words", () => {
    for (const { it, first_name } of rows({ slug: "first_name" }, ["first_name"])) {
      expect(it).toMatch(/^[a-z0-9]+$/);
      expect(
        String(first_name)
          .toLowerCase()
          .replace(/[^a-z0-9]/g, "")
          .slice(0, 2),
      ).toBe(String(it).slice(0, 2));
    }
    for (const { it, id } of rows({ text: "N-{id:5}" }, ["id"])) expect(it).toBe(`N-${String(id).padStart(5, "0")}`);
    expect(new Set(rows({ word: "city" }).map(({ it }) => it)).size).toBeGreaterThan(500);
  });

  it("nulls: in the share that is said, of a copy too, whose source keeps its own", () => {
    const copied = rows({ copy: "first_name", nulls: 0.25 }, ["first_name"]);
    const none = copied.filter(({ it }) => it === null).length;
    expect(Math.abs(none - 750)).toBeLessThan(5 * Math.sqrt(750 * 0.75));
    expect(copied.every(({ it, first_name }) => first_name !== null && (it === null || it === first_name))).toBe(true);
  });
});
