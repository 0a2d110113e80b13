import { describe, expect, it } from "vitest";
import type { Column } from "../../../src/columns/column.js";
import { childOf, id, linked, parent, reference } from "../../../src/columns/keys.js";
import { sumOf } from "../../../src/columns/sums.js";
import { format } from "../../../src/columns/text.js";
import { constant, copied, sometimes, textChoice } from "../../../src/columns/values.js";
import { FLOAT8, INT4, INT8, TEXT } from "../../../src/core/sql-type.js";
import { childrenOf, type Entity, entity, type RowSource, rows } from "../../../src/model/entity.js";
import { buildPlan } from "../../../src/model/plan.js";
import { columnsOf, universeWith } from "../../support/small-model.js";

function table(name: string, count: number | RowSource, columns: Record<string, Column> = {}): Entity {
  const source = typeof count === "number" ? rows(() => count) : count;
  return entity(name, { comment: name, rows: source, columns: { id: id(), ...columns } });
}

const total = (count: number) => ({ total: () => count });

describe("a model", () => {
  it.each<[string, Entity[], string]>([
    ["a column that reads itself", [table("a", 3, { x: copied("x", INT4) })], "a.x -> a.x"],
    ["two that read each other", [table("a", 3, { x: copied("y", INT4), y: copied("x", INT4) })], "a.x -> a.y -> a.x"],
    [
      "a row that reads the row it refers to",
      [table("a", 3, { up: sometimes(0.5, reference("a")), x: format("{up.x}") })],
      "a.x -> a.x",
    ],
    [
      "columns of two entities",
      [
        table("a", 3, { b_id: reference("b"), x: copied("b_id.y", INT4) }),
        table("b", 3, { a_id: reference("a"), y: copied("a_id.x", INT4) }),
      ],
      "a.x -> b.y -> a.x",
    ],
    [
      "a weight that depends on the children it is for",
      [table("a", 3, { b_id: reference("b"), w: copied("b_id.id", INT8) }), table("b", childrenOf("a", { by: "w" }))],
      "the rows of b -> a.w",
    ],
    ["rows that are their own parents", [table("a", childrenOf("a", total(5)))], "the rows of a -> the rows of a"],
    [
      "a sum of what depends on it, which no data says",
      [
        table("a", 3, { sum: sumOf("b", "x", INT8) }),
        table("b", childrenOf("a", total(9)), { a_id: parent("a"), x: copied("a_id.sum", INT8) }),
      ],
      "a.sum -> b.x -> a.sum",
    ],
  ])("says the cycle of %s", (_what, entities, cycle) => {
    expect(() => buildPlan(universeWith(entities))).toThrow(`assertion failed: what needs itself cannot be made`);
    expect(() => buildPlan(universeWith(entities))).toThrow(cycle);
  });

  it.each<[string, Entity[], RegExp]>([
    ["column", [table("a", 0, { x: copied("nope", INT4) })], /a has a column nope.*\(of a\.x\)/],
    ["column with an object's method's name", [table("a", 0, { x: copied("toString", INT4) })], /a column toString/],
    ["column of a parent", [table("a", 0, { up: reference("a"), x: copied("up.nope", INT4) })], /a has a column nope/],
    ["way to a parent", [table("a", 0, { w: constant(INT4, 1), x: copied("w.id", INT4) })], /a\.w refers to an entity/],
    ["entity", [table("a", 0, { x: reference("nope") })], /has an entity nope/],
    ["parent", [table("a", childrenOf("nope", total(1)))], /has an entity nope/],
    [
      "weight",
      [table("a", 0), table("b", childrenOf("a", { by: "nope" }))],
      /a has a column nope, by which b has rows/,
    ],
  ])("fails at once where it names a %s that is not there, rows or none", (_what, entities, message) => {
    expect(() => universeWith(entities)).toThrow(message);
  });

  it.each<[string, Column, number]>([
    ["a NULL", { ...constant(INT4, 1), ...sometimes(0, constant(INT4, 1)) }, 0],
    ["2", constant(INT4, 2), 6],
  ])("counts %s as a number of children", (_what, by, expected) => {
    expect(universeWith([table("a", 3, { by }), table("b", childrenOf("a", { by: "by" }))]).rowCount("b")).toBe(
      expected,
    );
  });

  it.each([[-1], [0.5], [Number.POSITIVE_INFINITY]])("names the column whose number of children is %d", (count) => {
    const entities = [table("a", 3, { by: constant(FLOAT8, count) }), table("b", childrenOf("a", { by: "by" }))];
    expect(() => universeWith(entities).rowCount("b")).toThrow(
      /parent 0 has a whole number.*\(of the weights a\.by of b\)/,
    );
  });
});

describe("a table without rows", () => {
  const empty = table("empty", 0, { name: constant(INT4, 1), label: textChoice({ a: 1 }) });

  it.each([["uniform" as const], ["zipf" as const]])(
    "is not referred to by rows that must refer to one: %s",
    (kind) => {
      const pick = kind === "zipf" ? { kind, exponent: 1 } : { kind };
      const plan = () => buildPlan(universeWith([empty, table("a", 3, { empty_id: reference("empty", pick) })]));
      expect(plan).toThrow("a would have 3 rows whose empty_id refers to empty, which has none");
      expect(plan).toThrow(expect.objectContaining({ code: "SB_SCENARIO_INVALID" }));
    },
  );

  it("is no obstacle to a table that has none either", () => {
    expect(buildPlan(universeWith([empty, table("a", 0, { empty_id: reference("empty") })])).rows).toBe(0);
  });

  it("leaves NULL in what may refer to it, and in all that is read through that", () => {
    const a = table("a", 5, {
      empty_id: sometimes(1, reference("empty")),
      again: { ...linked("empty", "empty_id"), nullable: true },
      name: copied("empty_id.name", INT4, { nullable: true }),
      label: copied("empty_id.label", TEXT, { nullable: true }),
      text: format("{empty_id.name}-{empty_id.label}", TEXT, { nullable: true }),
      child: childOf("kids", "empty_id", "empty"),
    });
    const universe = universeWith([empty, table("kids", childrenOf("empty", total(4))), a]);
    const found = columnsOf(universe, "a", ["empty_id", "again", "name", "label", "text", "child"]);
    for (const values of Object.values(found)) expect(values).toEqual(Array(5).fill(null));
    expect(buildPlan(universe).rows).toBe(5);
  });
});
