import { describe, expect, it } from "vitest";
import { buildPlan } from "../../../src/model/plan.js";
import { checkContext } from "../../../src/verify/context.js";
import { escapeBraces, expandBraces, isWithinPlan, pathsOf, RowSource } from "../../../src/verify/row-source.js";
import { shop } from "../../support/verify-shop.js";

const { universe, plan } = shop();
const context = checkContext(universe, plan, 'tricky "schema"');

describe("a row source", () => {
  it("joins each reference of its paths once, and quotes every name", () => {
    const source = new RowSource(context, "steps");
    expect(source.expand("{step} = 1 AND {order_id.customer_id.region} = 'north' AND {order_id.amount} > 1")).toBe(
      `t."step" = 1 AND t2."region" = 'north' AND t1."amount" > 1`,
    );
    const schema = '"tricky ""schema"""';
    expect(source.from).toBe(
      `FROM ${schema}."steps" t LEFT JOIN ${schema}."orders" t1 ON t1."id" = t."order_id" ` +
        `LEFT JOIN ${schema}."customers" t2 ON t2."id" = t1."customer_id"`,
    );
  });

  it("stands for the window's bounds and for braces", () => {
    const source = new RowSource(context, "steps");
    expect(source.expand("{happened_at} >= {$from} AND '{{}}' = '{{}}'")).toBe(
      `t."happened_at" >= timestamptz '2024-01-01T00:00:00.000Z' AND '{}' = '{}'`,
    );
    expect(expandBraces(escapeBraces("'{\"a\": 1}'"), () => "x")).toBe("'{\"a\": 1}'");
    expect(pathsOf("{a.b} = {$to} OR {{c}} = {d}")).toEqual(["a.b", "d"]);
  });

  it("refuses columns that are not stored", () => {
    expect(() => new RowSource(context, "steps").column("nothing")).toThrow("steps.nothing is a stored column");
    expect(() => isWithinPlan(context, { entity: "steps", expressions: ["{order_id.nothing}"] })).toThrow(
      "steps has the stored column order_id.nothing, which a check names",
    );
  });

  it("knows which rules a partial plan has the tables for", () => {
    const partly = checkContext(universe, buildPlan(universe, ["orders", "steps"]), "shop");
    const isWithin = (...expressions: string[]) => isWithinPlan(partly, { entity: "steps", expressions });
    expect(isWithin("{order_id.amount}")).toBe(true);
    expect(isWithin("{order_id.customer_id}")).toBe(true);
    expect(isWithin("{order_id.customer_id.region}")).toBe(false);
    expect(isWithinPlan(partly, { entity: "lines", expressions: [] })).toBe(false);
  });
});
