import { describe, expect, it } from "vitest";
import { defineModel } from "../../../../src/model/file/read.js";
import { rowsOf, testUniverses } from "../../../support/model-rows.js";

const WINDOW = { from: "2024-01-01", to: "2025-01-01" };

type Tables = Parameters<typeof defineModel>[0]["tables"];

function universeOf(tables: Tables) {
  return testUniverses(defineModel({ model: "m", window: WINDOW, tables }), WINDOW).universeOf();
}

type Link = Record<string, string | number>;

const pairsOf = (links: { a: Link; b: Link }, more: object = {}, people = 9): { a: number; b: number }[] => {
  const universe = universeOf({
    people: { rows: people, columns: { id: "id" } },
    pairs: {
      rows: 200,
      links,
      columns: { a_id: "a.id", b_id: "b.id" },
      key: [],
      ...more,
    },
  } as Tables);
  return rowsOf(universe, "pairs", ["a_id", "b_id"]).map(({ a_id, b_id }) => ({ a: Number(a_id), b: Number(b_id) }));
};

const distinct = (pairs: readonly object[]): number => new Set(pairs.map((pair) => JSON.stringify(pair))).size;
const COMBINED = { rows: { up_to: 1000 }, combinations: [["a", "b"]] };

describe("links that are apart", () => {
  it("lead to another row than the other one, each of the others as often", () => {
    const pairs = pairsOf({ a: { any: "people" }, b: { any: "people", not: "a" } }, {}, 3);
    expect(pairs.every(({ a, b }) => a !== b)).toBe(true);
    for (let a = 1; a <= 3; a++) {
      for (let b = 1; b <= 3; b++) {
        if (a !== b) expect(pairs.filter((pair) => pair.a === a && pair.b === b).length).toBeGreaterThan(15);
      }
    }
  });

  it("lead to a row before the other one's", () => {
    const pairs = pairsOf({ a: { any: "people", below: "b" }, b: { any: "people", skip: 1 } });
    expect(pairs.every(({ a, b }) => a < b)).toBe(true);
    expect(new Set(pairs.map(({ a }) => a)).size).toBe(8);
  });

  it("are all pairs of two, in either order or in one, where they are combined", () => {
    const ordered = pairsOf({ a: { any: "people" }, b: { any: "people", not: "a" } }, COMBINED);
    expect([ordered.length, distinct(ordered)]).toEqual([72, 72]);
    expect(ordered.every(({ a, b }) => a !== b)).toBe(true);
    const rising = pairsOf({ a: { any: "people", below: "b" }, b: { any: "people" } }, COMBINED);
    expect([rising.length, distinct(rising)]).toEqual([36, 36]);
    expect(rising.every(({ a, b }) => a < b && a >= 1 && b <= 9)).toBe(true);
  });

  it("say where there is no such row, and what they may not be", () => {
    expect(() => pairsOf({ a: { any: "people" }, b: { any: "people", not: "a" } }, {}, 1)).toThrow(
      /is not that of a, and there is none/,
    );
    expect(() => pairsOf({ a: { any: "people", below: "b" }, b: { any: "people" } })).toThrow(
      /before that of b, and there is none/,
    );
    expect(() => pairsOf({ a: { any: "people" }, b: { any: "people", not: "a", zipf: 1 } })).toThrow(/expected one of/);
    expect(() => pairsOf({ a: { any: "people" }, b: { any: "people", not: "a" } }, { combinations: [["b"]] })).toThrow(
      /b is of a combination, and a, from which it is apart, is not/,
    );
  });
});

describe("rows that come after others", () => {
  const table = (after: number) => ({
    things: {
      rows: 40,
      ...(after > 0 && { after }),
      columns: {
        id: "id",
        ref: "uuid",
        code: { pattern: "?#", unique: true },
        n: { integer: [1, 100], unique: true },
        word: { matching: "^[a-z]{2}$", unique: true },
        size: { integer: [1, 1_000_000] },
      },
    },
  });
  const rows = (after: number) =>
    rowsOf(universeOf(table(after) as Tables), "things", ["id", "ref", "code", "n", "word", "size"]);

  it("have other values in whatever must differ, and no draws over again", () => {
    const [first, second] = [rows(0), rows(40)];
    for (const name of ["id", "ref", "code", "n", "word"]) {
      expect(new Set([...first, ...second].map((row) => row[name])).size, name).toBe(80);
    }
    expect(second[0]["id"]).toBe(41);
    expect(first.filter((row, at) => row["size"] === second[at]["size"]).length).toBeLessThan(3);
  });

  it("are refused where there are not so many values", () => {
    expect(() => rows(70)).toThrow(/has 100 different values, and there are 110 rows/);
  });
});
