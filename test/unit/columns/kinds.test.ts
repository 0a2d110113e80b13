import { describe, expect, it } from "vitest";
import { KINDS, type KindName, kinds } from "../../../src/columns/kinds/vocabulary.js";
import { DAY_US } from "../../../src/core/calendar.js";
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

/** What Postgres makes by itself is in no row of ours. */
const MADE = [...KINDS.keys()].filter((name) => name !== "generated" && name !== "default");

describe("every kind", () => {
  it.each(MADE)("has an example that works, and is the same in both spellings: %s", (name) => {
    const { column, declaration } = exampleOf(name);
    const { [name]: value = null, ...others } =
      typeof declaration === "string" ? { [name]: null } : (declaration as Record<string, unknown>);
    const digests = [
      declaration,
      (kinds[name as KindName] as (value: unknown, others: object) => unknown)(value, others),
    ].map((spelling) => {
      const { universeOf } = testUniverses(modelWith(column, spelling), WINDOW);
      return digestOf(universeOf(), "rows", [1024]);
    });
    expect(digests[1]).toBe(digests[0]);
  });

  it.each(MADE.filter((name) => !["id", "ordinal", "always", "count_of", "row_of"].includes(name)))(
    "follows the seed: %s",
    (name) => {
      const { column, declaration } = exampleOf(name);
      const { universeOf } = testUniverses(modelWith(column, declaration), WINDOW);
      const values = [1, 2].map((seed) => JSON.stringify(rowsOf(universeOf({ seed }), "rows", [column])));
      // What comes of the row's ID alone is the same under every seed.
      expect(values[0] === values[1]).toBe(name === "text");
    },
  );
});

it("kinds are known to the compiler, with what they take", () => {
  expect(kinds.integer([1, 5], { type: "int2", nulls: 0.1 })).toEqual({ integer: [1, 5], type: "int2", nulls: 0.1 });
  expect(kinds.id()).toEqual({ id: null });
  // @ts-expect-error a text is no range
  kinds.integer("x");
  // @ts-expect-error a choice has labels
  kinds.choice();
  // @ts-expect-error days are two numbers
  kinds.after("placed_at", { days: "3" });
  // @ts-expect-error no kind has such a key
  kinds.word("city", { nul: 0.1 });
});

describe("the laws of kinds", () => {
  it("choice: by weight, evenly from a list, by the model's weights", () => {
    expectShares({ choice: { a: 5, b: 3, c: 2, d: 0 } }, { a: 5, b: 3, c: 2, d: 0 });
    expectShares({ choice: ["a", "b", "c"] }, { a: 1, b: 1, c: 1 });
    expectShares({ choice: "weights.status" }, { open: 1, paid: 3 });
  });

  it("matching: texts that the expression matches, all different where they are to be, of all letters evenly", () => {
    const found = rows({ matching: "^[a-d]{3}-[0-9]{2}$" }).map(({ it }) => String(it));
    expect(found.every((text) => /^[a-d]{3}-[0-9]{2}$/.test(text))).toBe(true);
    const cells = new Float64Array(4);
    for (const text of found) cells["abcd".indexOf(text[1])]++;
    expect(chiSquareOf(cells, 750)).toBeLessThan(chiSquareLimit(3));
    const unique = rows({ matching: "^[a-z]{3}$", unique: true }).map(({ it }) => it);
    expect(new Set(unique).size).toBe(3000);
    const long = rows({ matching: "^[0-9a-f]{40}$" }).map(({ it }) => String(it));
    for (const at of [0, 20, 39]) expect(new Set(long.map((text) => text[at])).size).toBe(16);
    expect(() => rows({ matching: "^[ab]{2}$", unique: true })).toThrow(/4 different values/);
  });

  it("row_of: the list's rows in turn", () => {
    expect(rows({ copy: "_turn.code" }, [], 5, 42).map(({ it }) => it)).toEqual(["02", "97", "02", "97", "02"]);
  });

  it("moment: of a date the day, and of a type with fewer digits no more than these", () => {
    const days = numbersOf({ moment: "window", type: "date" });
    expect(Math.min(...days)).toBeGreaterThanOrEqual(FROM / DAY);
    expect(Math.max(...days)).toBeLessThan(TO / DAY);
    expect(new Set(days).size).toBeGreaterThan(360);
    expect(numbersOf({ moment: "window", type: "timestamp(3)" }).every((us) => us % 1000 === 0)).toBe(true);
    expect(numbersOf({ moment: "window", type: "timestamptz(0)" }).every((us) => us % 1_000_000 === 0)).toBe(true);
  });

  it("when: a value where the flag is 1, and nowhere else", () => {
    for (const { it, flag } of rows({ integer: [1, 9], when: "flag" }, ["flag"])) expect(it === null).toBe(flag === 0);
  });

  it("uuid: of version 4 or 7, and different in the last 53 bits alone, as a bijection makes them", () => {
    for (const [declaration, version] of [
      ["uuid", "4"],
      [{ uuid: { time: "placed_at" } }, "7"],
    ] as const) {
      const found = rows(declaration).map(({ it }) => Buffer.from(String(it), "latin1"));
      expect(new Set(found.map((bytes) => bytes.readBigUInt64BE(8) & 0x1fffffffffffffn)).size).toBe(3000);
      expect(found.every((bytes) => bytes.toString("hex")[12] === version && (bytes[8] & 0xc0) === 0x80)).toBe(true);
    }
  });

  it("choice: of numbers, which are those of their labels", () => {
    expectShares({ choice: { 1: 5, 20: 3, "-3": 2 }, type: "int" }, { 1: 5, 20: 3, "-3": 2 });
    expectShares({ choice: ["0.5", "1.25"], type: "numeric(6,2)" }, { 50: 1, 125: 1 });
  });

  it("exactly: to the row in all, and in any part of the table as chance would have it", () => {
    const found = rows({ exactly: { a: 0.05, b: 0.45, c: 0.5 } }, [], 40_000).map(({ it }) => it);
    expect(["a", "b", "c"].map((label) => found.filter((it) => it === label).length)).toEqual([2_000, 18_000, 20_000]);
    for (const size of [100, 1_000]) {
      const parts = Array.from({ length: found.length / size }, (_, at) => found.slice(at * size, (at + 1) * size));
      const counts = parts.map((part) => part.filter((label) => label === "a").length);
      const variance = size * 0.05 * 0.95;
      const sum = counts.reduce((total, count) => total + (count - size * 0.05) ** 2 / variance, 0);
      expect(Math.abs(sum - counts.length)).toBeLessThan(5 * Math.sqrt(2 * counts.length));
    }
  });

  it("moment: with days that differ, a window that grows, and days on which nothing happens", () => {
    const daysOf = (calendar: object): Map<number, number> => {
      const counts = new Map<number, number>();
      for (const at of numbersOf({ moment: "window", calendar }, 40_000)) {
        const day = Math.floor(at / DAY_US);
        counts.set(day, (counts.get(day) ?? 0) + 1);
      }
      return counts;
    };
    const spreadOf = (counts: Map<number, number>): number => {
      const values = [...counts.values()];
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / mean;
    };
    const even = daysOf({ spread: 0 });
    const days = [...even.keys()].sort((a, b) => a - b);
    const chance = 1 / Math.sqrt(40_000 / days.length);
    expect(spreadOf(even)).toBeLessThan(1.4 * chance);
    expect(spreadOf(daysOf({ spread: 0.4 }))).toBeGreaterThan(0.28);
    const half = days[Math.floor(days.length / 2)];
    const late = [...daysOf({ growth: 3 })].reduce((sum, [day, count]) => sum + (day >= half ? count : 0), 0);
    // Evenly from 1 to 3: the second half has 5 of 8.
    expect(Math.abs(late / 40_000 - 0.625)).toBeLessThan(0.02);
    const closed = new Date(days[3] * 86_400_000).toISOString().slice(0, 10);
    expect(daysOf({ closed: [closed] }).has(days[3])).toBe(false);
    for (const day of ["2026-02-30", "2026-99-99", "26-01-01", ""]) {
      expect(() => daysOf({ closed: [day] }), day).toThrow(/expected days on which nothing happens/);
    }
    const all = days.map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
    expect(() => daysOf({ closed: all })).toThrow(/no open hour/);
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
    for (const { it: at, "customer.created_at": from, placed_at: to } of rows(
      { between: ["customer.created_at", "placed_at"] },
      ["customer.created_at", "placed_at"],
    )) {
      expect(Number(at) >= Number(from) && Number(at) <= Math.max(Number(from), Number(to))).toBe(true);
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

  it("sum_of: a NULL among the children counts as nothing", () => {
    const { universeOf } = testUniverses(modelWith("it", { sum_of: "visits.minutes" }), WINDOW);
    const universe = universeOf();
    const sums = new Float64Array(3000);
    let none = 0;
    for (const { $parent, minutes } of rowsOf(universe, "visits", ["$parent", "minutes"])) {
      if (minutes === null) none++;
      else sums[Number($parent)] += Number(minutes);
    }
    expect(none).toBeGreaterThan(3000);
    expect(rowsOf(universe, "rows", ["it"]).map(({ it }) => it)).toEqual([...sums]);
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

  it("min_of, max_of, first_of and last_of: what a look at the children gives, NULL without any", () => {
    const found = rows({ min_of: "lines.amount" }).map(({ it }) => it);
    const greatest = rows({ max_of: "lines.amount" }).map(({ it }) => it);
    const first = rows({ first_of: "lines.amount" }).map(({ it }) => it);
    const last = rows({ last_of: "lines.amount" }).map(({ it }) => it);
    const { universeOf } = testUniverses(modelWith("it", { max_of: "lines.amount" }), WINDOW);
    const children = new Map<number, number[]>();
    for (const { $parent, amount } of rowsOf(universeOf(), "lines", ["$parent", "amount"])) {
      children.set(Number($parent), [...(children.get(Number($parent)) ?? []), Number(amount)]);
    }
    const expected = found.map((_, row) => children.get(row) ?? []);
    expect(expected.some((amounts) => amounts.length === 0)).toBe(true);
    expect(expected.some((amounts) => amounts.length > 2)).toBe(true);
    const orNull = (amounts: readonly number[], value: number | undefined) => (amounts.length === 0 ? null : value);
    expect(found).toEqual(expected.map((amounts) => orNull(amounts, Math.min(...amounts))));
    expect(greatest).toEqual(expected.map((amounts) => orNull(amounts, Math.max(...amounts))));
    expect(first).toEqual(expected.map((amounts) => orNull(amounts, amounts[0])));
    expect(last).toEqual(expected.map((amounts) => orNull(amounts, amounts.at(-1))));
  });

  it("histogram: bins by weight, evenly within each", () => {
    const bins = [
      [0, 10, 1],
      [10, 15, 0],
      [20, 40, 3],
    ];
    const values = numbersOf({ histogram: bins, type: "numeric(8,2)" }, 8000).map((cents) => cents / 100);
    const cells = [0, 5, 10, 20, 30, 40].map(
      (low, at, edges) => values.filter((value) => value >= low && value < (edges[at + 1] ?? 100)).length,
    );
    expect(cells[2]).toBeLessThan(8);
    expect(chiSquareOf(Float64Array.of(cells[0], cells[1]), 1000)).toBeLessThan(chiSquareLimit(2));
    expect(chiSquareOf(Float64Array.of(cells[3], cells[4] + cells[5]), 3000)).toBeLessThan(chiSquareLimit(2));
  });

  it("distributions: as the model's knobs say, where these do", () => {
    const logs = numbersOf({ lognormal: ["settings.middle", 0.5], type: "numeric(12,2)" }).sort((a, b) => a - b);
    expect(Math.abs(Math.log(logs[1500] / 100 / 40))).toBeLessThan(0.05);
    const none = rows({ word: "city", nulls: "shares.members" }).filter(({ it }) => it === null).length;
    expect(Math.abs(none - 900)).toBeLessThan(5 * Math.sqrt(900 * 0.7));
  });

  it("pick: by the list's weights, columns that agree, NULLs of the row and of the list", () => {
    expectShares({ pick: "colors" }, { red: 1, green: 1, blue: 1 });
    const places = rows({ copy: "_place.city" }, ["_place.code", "_place.far", "_place.rate"]);
    const cairo = places.filter(({ it }) => it === "Cairo");
    const aswan = places.filter(({ it }) => it === "Aswan");
    const none = places.length - cairo.length - aswan.length;
    expect(Math.abs(none - 600)).toBeLessThan(5 * Math.sqrt(600 * 0.8));
    expect(Math.abs(aswan.length - 240)).toBeLessThan(5 * Math.sqrt(240));
    const notes = rows({ copy: "_place.note" }, ["_place.city"]);
    for (const { it: note, "_place.city": city } of notes) expect(note).toBe(city === "Aswan" ? "dry" : null);
    for (const place of cairo) expect(place).toMatchObject({ "_place.code": "02", "_place.far": 1, "_place.rate": 50 });
    for (const place of aswan)
      expect(place).toMatchObject({ "_place.code": "97", "_place.far": null, "_place.rate": 125 });
  });

  it("pick: of the list that every model has, whose columns agree", () => {
    const { universeOf } = testUniverses(modelWith("_us", { pick: "us_places" }), WINDOW);
    const found = rowsOf(universeOf(), "rows", ["_us.city", "_us.state", "_us.postal_code", "_us.area_code"]);
    const seattle = found.filter((row) => row["_us.city"] === "Seattle");
    expect(seattle.length).toBeGreaterThan(5);
    for (const row of seattle) expect(row).toMatchObject({ "_us.state": "WA", "_us.area_code": "206" });
    expect(new Set(found.map((row) => row["_us.postal_code"])).size).toBeGreaterThan(200);
  });

  it("expr: tells which row divides by zero, and of which column; not where a case keeps it from that", () => {
    expect(() => rows({ expr: "10 / (id - 7)" })).toThrow(
      expect.objectContaining({
        code: "SB_VALUE_INVALID",
        message: expect.stringMatching(/^rows\.it, row 7: .*by zero/),
      }),
    );
    expect(() => rows({ expr: "price * 90071992547409" })).toThrow(/more digits than are exact/);
    expect(rows({ expr: "case when id = 7 then 0 else 10 / (id - 7) end", type: "int" })).toHaveLength(3000);
  });

  it("some_of: as many as it says, evenly, and each label as often as the others", () => {
    const found = rows({ some_of: ["a", "b", "c", "d"], count: [0, 2] }).map(({ it }) =>
      [...String(it)].filter((letter) => /[abcd]/.test(letter)),
    );
    const sizes = [0, 1, 2].map((size) => found.filter((labels) => labels.length === size).length);
    expect(chiSquareOf(Float64Array.from(sizes), 1000)).toBeLessThan(chiSquareLimit(2));
    const each = ["a", "b", "c", "d"].map((label) => found.filter((labels) => labels.includes(label)).length);
    expect(chiSquareOf(Float64Array.from(each), 750)).toBeLessThan(chiSquareLimit(3));
    expect(
      found.every((labels) => labels.join() === labels.toSorted().join() && new Set(labels).size === labels.length),
    ).toBe(true);
  });

  it("text: too long for a varchar is told by column and row", () => {
    expect(rows({ text: "{first_name}", type: "varchar(40)" })).toHaveLength(3000);
    expect(() => rows({ text: "N{id}", type: "varchar(3)" })).toThrow(
      expect.objectContaining({
        code: "SB_VALUE_INVALID",
        message: expect.stringMatching(/^rows\.it, row 100: 4 characters .*"N100"/),
      }),
    );
  });

  it("pattern: each letter and digit evenly, the rest as it stands", () => {
    const found = rows({ pattern: "#-?\\#x" }).map(({ it }) => String(it));
    expect(found.every((text) => /^\d-[A-Z]#x$/.test(text))).toBe(true);
    const digits = new Float64Array(10);
    const letters = new Float64Array(26);
    for (const text of found) {
      digits[Number(text[0])]++;
      letters[text.charCodeAt(2) - 65]++;
    }
    expect(chiSquareOf(digits, 300)).toBeLessThan(chiSquareLimit(9));
    expect(chiSquareOf(letters, 3000 / 26)).toBeLessThan(chiSquareLimit(25));
  });

  it("pattern: letters and digits beside one another each at their place, all different where they are to be", () => {
    const found = rows({ pattern: "?#??#a##?#", unique: true }).map(({ it }) => String(it));
    expect(found.filter((text) => !/^[A-Z]\d[A-Z]{2}\da\d{2}[A-Z]\d$/.test(text))).toEqual([]);
    expect(new Set(found).size).toBe(found.length);
    for (const at of [0, 2, 3, 8]) expect(new Set(found.map((text) => text[at])).size).toBe(26);
    for (const at of [1, 4, 6, 7, 9]) expect(new Set(found.map((text) => text[at])).size).toBe(10);
  });

  it.each([
    [{ pattern: "##?", unique: true }, 2600],
    [{ integer: [-10, 2989], unique: true }, 3000],
    [{ decimal: [0, 2.999], type: "numeric(8,3)", unique: true }, 3000],
    [{ word: "first_name", unique: true }, 0],
  ] as const)(
    "unique: all different, in no order that shows, and no more rows than there are values: %j",
    (declaration, most) => {
      const found = rows(declaration, [], most || 500).map(({ it }) => it as string | number);
      expect(new Set(found).size).toBe(found.length);
      const all = (found as number[]).toSorted((a, b) => a - b);
      if ("integer" in declaration) expect([all[0], all.at(-1)]).toEqual([-10, 2989]);
      expect(found).not.toEqual(found.toSorted((a, b) => (a < b ? -1 : 1)));
      expect(() => rows(declaration, [], (most || 3000) + 1)).toThrow(
        expect.objectContaining({
          code: "SB_SCENARIO_INVALID",
          message: expect.stringMatching(/rows.it has \d+ different values/),
        }),
      );
    },
  );

  it("json: what JSON.parse reads is what the columns hold, with quotes, backslashes and NULLs", () => {
    const declared = {
      json: {
        note: "note",
        nick: "nickname",
        n: ["quantity", "price", { at: "placed_at" }],
        x: { always: 'a"b' },
        is: null,
      },
    };
    const found = rows(declared, ["note", "nickname", "quantity", "price", "placed_at"], 500);
    expect(found.some(({ note }) => note === null) && found.some(({ note }) => String(note).includes('"'))).toBe(true);
    for (const { it, note, nickname: nick, quantity, price, placed_at: placedAt } of found) {
      const parsed = JSON.parse(String(it));
      expect(parsed).toMatchObject({ note, nick, x: 'a"b', is: null });
      expect(parsed.n.slice(0, 2)).toEqual([quantity, Number(price) / 100]);
      expect(Date.parse(parsed.n[2].at)).toBe(Math.floor(Number(placedAt) / 1000));
    }
  });
});
