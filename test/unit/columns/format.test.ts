import { describe, expect, it } from "vitest";
import type { Column } from "../../../src/columns/column.js";
import { id } from "../../../src/columns/keys.js";
import { oneOf } from "../../../src/columns/lists.js";
import { format, uuid } from "../../../src/columns/text.js";
import { constant, integer, sometimes } from "../../../src/columns/values.js";
import { DATE, INT4, JSONB, numeric } from "../../../src/core/sql-type.js";
import { entity, rows } from "../../../src/model/entity.js";
import { columnsOf, universeWith } from "../../support/small-model.js";

function textOf(template: string, value: Column): (number | string | null)[] {
  const columns = { id: id(), value, text: format(template) };
  const universe = universeWith([entity("things", { comment: "things", rows: rows(() => 300), columns })]);
  return columnsOf(universe, "things", ["text"]).text;
}

describe("format", () => {
  it("writes a sign, and pads the digits behind it", () => {
    expect(textOf("<{value}>", constant(INT4, -7))[0]).toBe("<-7>");
    expect(textOf("<{value:3}>", constant(INT4, -7))[0]).toBe("<-007>");
    expect(textOf("<{value:3}>", constant(INT4, -12345))[0]).toBe("<-12345>");
    expect(textOf("<{value}>", constant(INT4, -0))[0]).toBe("<0>");
  });

  it("writes decimals and dates in place of the numbers that they are kept as", () => {
    expect(textOf("{value} EUR", constant(numeric(8, 2), -5))[0]).toBe("-0.05 EUR");
    expect(textOf("on {value}", constant(DATE, 19_723))[0]).toBe("on 2024-01-01");
  });

  it("writes a UUID's digits", () => {
    expect(textOf("{value}", uuid())[0]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it("is NULL where a part is, and whole around it", () => {
    const texts = textOf("a{value}b", sometimes(0.5, integer(-9, 9)));
    expect(texts).toContain(null);
    expect(texts.filter((text) => text !== null && !/^a-?\db$/.test(String(text)))).toEqual([]);
  });

  it.each(["x{id", "x}", "{", "a{}b", "{id:}", "{id:x}", "{a b}"])("refuses %j when it is made", (template) => {
    expect(() => format(template)).toThrow(/the [{}] at \d+ is doubled or belongs to a path/);
  });

  it("takes doubled braces for braces", () => {
    expect(textOf("{{{value}}}", constant(INT4, 1))[0]).toBe("{1}");
  });

  it("refuses a width for what is no whole number, and types that have no one text", () => {
    expect(() => textOf("{value:3}", constant(numeric(8, 2), 5))).toThrow("pads whole numbers");
    expect(() => textOf("{value}", oneOf(['{"a":1}'], JSONB))).toThrow("not jsonb");
  });
});
