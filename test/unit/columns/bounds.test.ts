import { describe, expect, it } from "vitest";
import type { Column } from "../../../src/columns/column.js";
import { missingWhere, onlyWhere } from "../../../src/columns/conditions.js";
import { id, reference } from "../../../src/columns/keys.js";
import { labelFor, numberFor, oneOf, shuffledNumber } from "../../../src/columns/lists.js";
import { wordBy } from "../../../src/columns/text.js";
import { after, changedAfter } from "../../../src/columns/times.js";
import { chance, choice, constant, drawn, integer, sometimes, textChoice } from "../../../src/columns/values.js";
import { BOOL, INT2, INT4, INT8, numeric, TEXT, TIMESTAMPTZ, varchar } from "../../../src/core/sql-type.js";
import { entity, rows } from "../../../src/model/entity.js";
import { columnsOf, universeWith } from "../../support/small-model.js";

function valuesOf(value: Column): (number | string | null)[] {
  const columns = {
    id: id(),
    word: textChoice({ a: 1, b: 1 }),
    at: sometimes(0.5, constant(TIMESTAMPTZ, 1_704_067_200_000_000)),
    flag: sometimes(0.5, constant(BOOL, 1)),
    value,
  };
  const universe = universeWith([entity("things", { comment: "things", rows: rows(() => 400), columns })]);
  return columnsOf(universe, "things", ["value"]).value;
}

const amount = (low: number, high: number, step = 1, value = 1): Column =>
  drawn({ type: numeric(4, 2), about: "", quantile: () => () => value, low, high, step });

describe("a column", () => {
  it("tells the user of more rows than it has numbers for", () => {
    expect(() => valuesOf(shuffledNumber(399))).toThrow(expect.objectContaining({ code: "SB_SCENARIO_INVALID" }));
    expect(() => valuesOf(shuffledNumber(399))).toThrow(
      "things.value has 399 different values, and there are 400 rows",
    );
    expect(new Set(valuesOf(shuffledNumber(400))).size).toBe(400);
  });

  it.each<[string, Column, string]>([
    [
      "a weight of no label",
      choice("state", ["new", "sold"], { new: 1, slod: 2 }),
      "weights are of labels that are none: slod",
    ],
    ["a weight below 0", textChoice({ a: -1, b: 2 }), "a weight is a finite number >= 0, got -1"],
    ["a weight that is NaN", textChoice({ a: Number.NaN, b: 2 }), "a weight is a finite number"],
    ["weights of 0 alone", textChoice({ a: 0 }), "a sum above 0"],
    ["no labels", textChoice({}), "has labels"],
    ["a label twice", choice("state", ["a", "a"], { a: 1 }), "differ from one another"],
    ["values without a weight each", oneOf(["a", "b"], TEXT, [1]), "a weight each"],
    ["a probability above 1", chance(1.5), "from 0 to 1, not 1.5"],
    ["a probability below 0", chance(() => -0.1), "from 0 to 1, not -0.1"],
    ["a share that is NaN", sometimes(Number.NaN, constant(INT4, 1)), "from 0 to 1, not NaN"],
    ["a range that ends before it begins", integer(5, 1), "not [5, 1]"],
    ["a range of halves", integer(0.5, 2), "whole numbers"],
    ["a range wider than its type", integer(0, 40_000, INT2), "int2 holds -32768 to 32767"],
    ["a value wider than its numeric", constant(numeric(4, 2), 10_000), "numeric(4, 2) holds -9999 to 9999"],
    ["amounts wider than their numeric", amount(-10_000, 5), "numeric(4, 2) holds"],
    ["amounts by a step of 0", amount(0, 5, 0), "a step is above 0"],
    ["amounts that are NaN", amount(0, 5, 1, Number.NaN), "not NaN"],
    ["a label longer than its varchar", oneOf(["abc", "ab"], varchar(2)), "varchar(2) holds abc"],
    ["a list without words", wordBy("word", (word) => (word === "a" ? [] : ["x"])), "has a list with words"],
    [
      "a label that is not there",
      labelFor("word", { type: TEXT, labels: ["p"], codeOf: [0, 1] }),
      "among the 1 there are",
    ],
    [
      "a NULL where none may be",
      labelFor("word", { type: TEXT, labels: ["p"], codeOf: [0, -1] }),
      "or NULL where that may be",
    ],
    ["too few numbers", numberFor("word", [1]), "has a number"],
    ["days that go backwards", after("at", 3, 1), "not from 3 to 1"],
    ["an exponent of 0", reference("things", { kind: "zipf", exponent: 0 }), "above 0, not 0"],
  ])("refuses %s, with its name", (_what, column, message) => {
    expect(() => valuesOf(column)).toThrow(message);
    expect(() => valuesOf(column)).toThrow("(of things.value)");
  });

  it("counts characters, not bytes", () => {
    expect(new Set(valuesOf(oneOf(["é😀"], varchar(2))))).toEqual(new Set(["é😀"]));
  });

  it("holds the ends of its type", () => {
    expect(new Set(valuesOf(integer(-32_768, -32_768, INT2)))).toEqual(new Set([-32_768]));
    expect(valuesOf(constant(INT8, Number.MIN_SAFE_INTEGER))[0]).toBe(Number.MIN_SAFE_INTEGER);
  });

  it("gives 0 to a label without a weight", () => {
    expect(new Set(valuesOf(choice("state", ["a", "toString"], { a: 1 })))).toEqual(new Set(["a"]));
  });

  it("takes a flag that is NULL for one that is not set", () => {
    const set = valuesOf(onlyWhere("flag", constant(INT4, 1))).filter((value) => value === 1).length;
    const unset = valuesOf(missingWhere("flag", constant(INT4, 1))).filter((value) => value === 1).length;
    expect(set).toBeGreaterThan(100);
    expect(set).toBeLessThan(300);
    expect(unset).toBe(400 - set);
  });

  it("is NULL where the moment it follows is", () => {
    expect(valuesOf(changedAfter("at")).filter((value) => value === null).length).toBeGreaterThan(100);
  });
});
