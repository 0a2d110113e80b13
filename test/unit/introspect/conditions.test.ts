import { beforeAll, describe, expect, it } from "vitest";
import { type Branch, branchesOf, type Condition } from "../../../src/introspect/conditions/condition.js";
import { conditionParser } from "../../../src/introspect/conditions/parse.js";
import { widest, withoutIdle } from "../../../src/introspect/conditions/solve.js";
import { withColumn } from "../../../src/postgres/domain-condition.js";

let read: (expression: string) => Condition;
beforeAll(async () => {
  read = await conditionParser();
});

/** The ways to meet a condition, each as a line. */
function waysOf(expression: string): string[] {
  return branchesOf(read(expression)).map((branch) => branch.map(textOf).join(", "));
}

function textOf(part: Branch[number]): string {
  switch (part.kind) {
    case "null":
      return `${part.column} ${part.isNull ? "null" : "there"}`;
    case "in":
      return `${part.column} ${part.isIn ? "in" : "not in"} ${part.values.join("|")}`;
    case "range":
      return `${part.of === "length" ? "length of " : ""}${part.column} ${part.op} ${part.bound}`;
    case "columns":
      return `${part.left} ${part.op} ${part.right}`;
    case "regex":
      return `${part.column} ~ ${part.regex}`;
    case "case":
      return `${part.column} ${part.to}`;
    case "unread":
      return "unread";
  }
}

describe("conditions are read, as Postgres prints them", () => {
  it.each([
    ["(status = ANY (ARRAY['a'::text, 'b'::text]))", ["status in a|b"]],
    ["((status)::text = ANY ((ARRAY['a'::character varying])::text[]))", ["status in a"]],
    ["(kind <> 'x'::text)", ["kind not in x"]],
    ["(kind <> ALL (ARRAY['x'::text, 'y'::text]))", ["kind not in x|y"]],
    ["(NOT (kind = 'x'::text))", ["kind not in x"]],
    ["((n >= 1) AND (n <= 5))", ["n >= 1, n <= 5"]],
    ["(n > '-5'::integer)", ["n > -5"]],
    ["(5 < n)", ["n > 5"]],
    ["((n)::numeric > 1.5)", ["n > 1.5"]],
    ["(at >= '2024-01-01 00:00:00+00'::timestamp with time zone)", ["at >= 1704067200000"]],
    ["(day < '2024-01-02'::date)", ["day < 1704153600000"]],
    ["(char_length(name) > 0)", ["length of name > 0"]],
    ["(length(TRIM(BOTH FROM name)) <= 80)", ["length of name <= 80"]],
    ["(char_length(pin) = 6)", ["length of pin >= 6, length of pin <= 6"]],
    ["(btrim(name) <> ''::text)", ["name not in "]],
    ["(code ~ '^[A-Z]+$'::text)", ["code ~ ^[A-Z]+$"]],
    ["(url ~~ 'https://%'::text)", ["url ~ ^https://[a-z]{6}$"]],
    ["(name = lower(name))", ["name lower"]],
    ["(lower(kind) = ANY (ARRAY['a'::text]))", ["kind in a"]],
    ["(a <= b)", ["a <= b"]],
    ["is_active", ["is_active in true"]],
    ["(NOT is_active)", ["is_active in false"]],
    ["(is_active IS NOT TRUE)", ["is_active in false"]],
    ["((a IS NULL) = (b IS NULL))", ["a null, b null", "a there, b there"]],
    ["((a IS NULL) <> (b IS NULL))", ["a null, b there", "a there, b null"]],
    ["((state = 'x'::text) = (b IS NOT NULL))", ["state in x, b there", "state not in x, b null"]],
    ["(flag = (b IS NOT NULL))", ["flag in true, b there", "flag in false, b null"]],
    ["(num_nonnulls(a, b) = 1)", ["a there, b null", "a null, b there"]],
    ["(num_nulls(a, b) < 1)", ["a there, b there"]],
    ["((((a IS NOT NULL))::integer + ((b IS NOT NULL))::integer) = 1)", ["a there, b null", "a null, b there"]],
    ["(NOT (ROW(a, b) IS NULL))", ["a there", "b there"]],
    ["((kind <> 'x'::text) OR (b IS NOT NULL))", ["kind not in x", "b there"]],
    [
      "CASE WHEN (kind = 'x'::text) THEN (b IS NOT NULL) ELSE (b IS NULL) END",
      ["kind in x, b there", "kind not in x, b null"],
    ],
    ["is_even(n)", ["unread"]],
    ["((n % 2) = 0)", ["unread"]],
    ["(n = NULL::integer)", [""]],
    ["true", [""]],
    ["false", []],
    ["this is no SQL", ["unread"]],
  ])("%s", (expression, ways) => {
    expect(waysOf(expression)).toEqual(ways);
  });

  it("of a domain are said of its column, and not of what stands in quotes", () => {
    expect(withColumn("((VALUE > 0) AND (VALUE <> 'VALUE'::text))", 'a"b')).toBe(
      `(("a""b" > 0) AND ("a""b" <> 'VALUE'::text))`,
    );
  });
});

describe("of several ways", () => {
  const one = (expression: string): unknown => widest(withoutIdle(branchesOf(read(expression))));

  it("that to have no value goes where the others ask nothing of one that is not there", () => {
    expect(one("((url IS NULL) OR (url ~~ 'https://%'::text))")).toEqual([
      [expect.objectContaining({ kind: "regex" })],
    ]);
    expect(one("((a IS NULL) OR (b IS NOT NULL))")).toHaveLength(2);
  });

  it("about one column those that pin it go, and lists and spans that meet are one", () => {
    expect(one("((x = 'global'::text) OR (length(x) > 10))")).toEqual([[expect.objectContaining({ of: "length" })]]);
    expect(one("((x = 'a'::text) OR (x = 'b'::text))")).toEqual([[expect.objectContaining({ values: ["a", "b"] })]]);
    expect(one("(((n >= 1) AND (n < 5)) OR ((n >= 5) AND (n < 9)))")).toEqual([
      [expect.objectContaining({ bound: 1 }), expect.objectContaining({ bound: 9 })],
    ]);
  });
});
