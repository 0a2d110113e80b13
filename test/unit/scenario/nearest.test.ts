import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { levenshtein, nearest } from "../../../src/model/scenario/nearest.js";

describe("levenshtein", () => {
  it.each([
    ["kitten", "sitting", 3],
    ["flaw", "lawn", 2],
    ["", "abc", 3],
    ["same", "same", 0],
  ])("%s to %s is %i", (a, b, distance) => {
    expect(levenshtein(a, b)).toBe(distance);
  });

  it("is a metric", () => {
    const word = fc.string({ maxLength: 8, unit: fc.constantFrom("a", "b", "c") });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(levenshtein(a, b)).toBe(levenshtein(b, a));
        expect(levenshtein(a, b) === 0).toBe(a === b);
        expect(levenshtein(a, c)).toBeLessThanOrEqual(levenshtein(a, b) + levenshtein(b, c));
      }),
    );
  });
});

describe("nearest", () => {
  const known = ["recipients", "campaigns", "contacts", "clients"];

  it("finds a word with a letter missing, added, changed, or in the other case", () => {
    for (const word of ["recipents", "recippients", "recipiants", "RECIPIENTS"]) {
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
