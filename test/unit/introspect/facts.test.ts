import { describe, expect, it } from "vitest";
import type { CatalogColumn } from "../../../src/introspect/catalog.js";
import type { Branch } from "../../../src/introspect/conditions/condition.js";
import { allowed, type Facts, NO_FACTS, withPart } from "../../../src/introspect/conditions/facts.js";
import type { ColumnType } from "../../../src/introspect/types.js";

const TYPE: ColumnType = { family: "whole", type: "int4", largest: 1000, length: Infinity, scale: 0 };

/** What is known of a column once all parts hold; undefined where they cannot. */
function after(parts: Branch, notNull = false): Facts | undefined {
  const column = { catalog: { notNull } as CatalogColumn, type: TYPE };
  return parts.reduce<Facts | undefined>((facts, part) => facts && withPart(facts, part, column), NO_FACTS);
}

const absent = (isNull: boolean) => ({ kind: "null", column: "n", isNull }) as const;
const range = (op: "<" | "<=" | ">" | ">=", bound: number) =>
  ({ kind: "range", of: "value", column: "n", op, bound }) as const;
const list = (values: readonly string[], isIn = true) => ({ kind: "in", column: "n", values, isIn }) as const;

describe("what is known of a column", () => {
  it("is nothing where parts contradict each other, in either order", () => {
    for (const parts of [
      [absent(true), absent(false)],
      [absent(false), absent(true)],
      [range(">", 5), range("<", 6)],
      [list(["1", "2"]), list(["3"])],
      [list(["1"]), list(["1"], false)],
      [list(["7"]), range("<", 7)],
    ]) {
      expect(after(parts), JSON.stringify(parts)).toBeUndefined();
    }
    expect(after([absent(true)], true)).toBeUndefined();
  });

  it("is the narrowest of bounds and lists, of whole numbers to the next one", () => {
    expect(after([range(">", 5), range("<=", 9), range(">=", 2)])).toMatchObject({ low: 6, high: 9 });
    const facts = after([list(["1", "2", "3", "30"]), list(["2"], false), range("<", 10)])!;
    expect(allowed(facts)).toEqual(["1", "3"]);
  });
});
