import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearest } from "../../../src/model/scenario/nearest.js";

describe("editDistance", () => {
  it.each([
    ["kitten", "sitting", 3],
    ["flaw", "lawn", 2],
    ["", "abc", 3],
    ["same", "same", 0],
    ["dmeo", "demo", 1],
    ["abcd", "badc", 2],
  ])("%s to %s is %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it("is symmetric, and nothing only between equal words, and no more than the longer word", () => {
    const word = fc.string({ maxLength: 8, unit: fc.constantFrom("a", "b", "c") });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe("nearest", () => {
  const known = ["recipients", "campaigns", "contacts", "clients"];

  it("finds a word with a letter missing, added, changed or swapped, or in the other case", () => {
    for (const word of ["recipents", "recippients", "recipiants", "recipeints", "RECIPIENTS"]) {
      expect(nearest(word, known, 1)).toEqual(["recipients"]);
    }
  });

  it("orders by distance, then by name", () => {
    expect(nearest("cat", ["car", "bat", "cat"], 3)).toEqual(["cat", "bat", "car"]);
  });

  it("suggests nothing for a word that is like none, for an empty one or for a very long one", () => {
    expect(nearest("zebra", known, 3)).toEqual([]);
    expect(nearest("", known, 3)).toEqual([]);
    expect(nearest("recipients".repeat(100_000), known, 3)).toEqual([]);
  });
});
