import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineModel } from "../../src/model/file/read.js";
import { buildPlan } from "../../src/model/plan.js";
import { verifyExact } from "../../src/verify/exact.js";
import { verify } from "../../src/verify/verify.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { comparersHere } from "../support/exact-comparers.js";
import { testUniverses } from "../support/model-rows.js";
import { loadInProcess } from "../support/verify-shop.js";

const SCHEMA = "computed";

/** Columns that are computed from others; Postgres computes each of them anew from what it holds. */
const EXPRESSIONS: Readonly<Record<string, string | readonly [expression: string, type: string]>> = {
  sum: "n + small - 3",
  exact_product: "price * n",
  product_in_cents: ["price * 0.075", "numeric(12,2)"],
  negative_halves: ["-price / 2", "numeric(12,2)"],
  halves: ["(n * 5) / 10", "int"],
  quotient: "n / 7",
  remainder: "(n - 500) % 7",
  money_remainder: "price % 0.07",
  real_mix: "real * 2 + n",
  absolute: "abs(n - 500)",
  rounded: "round(price * 1.15, 1)",
  rounded_down: "floor(price)",
  rounded_up: "ceil(-price)",
  root: "sqrt(n)",
  least_of: "least(n, small, 40)",
  greatest_of: "greatest(price, maybe)",
  in_place: "coalesce(maybe, 0)",
  no_zero: "100 / nullif(n % 3, 0)",
  precedence: "n + small * 2 - n % 5 + 1",
  unary: "- n + 2",
  truth: "n > 500 and not flag or maybe is null",
  unknown: "maybe > 50 and flag",
  unknown_or: "maybe > 50 or flag",
  is_known: "not (maybe is null)",
  ranged: "n between 100 and 300",
  not_ranged: "n not between 100 and 300",
  below: "n < small * 90",
  at_least: "n >= 500",
  at_most: "n <= 500",
  among: "status in ('new', 'done')",
  not_among: "n not in (1, 2, 3)",
  same_word: "status = 'done'",
  other_word: "name <> status",
  joined: "'<' || name || ': ' || n || '/' || price || '>' || flag",
  quoted: "'it''s {ok} \\ ' || name",
  dated: "'on ' || day",
  length_of: "length(name || 'é')",
  labelled: "case status when 'new' then 'fresh' when 'done' then 'old' else 'other' end",
  cased: "case when n > 900 then price when n > 500 then 1 end",
  text_cased: "case when flag then name else 'nobody' end",
  guarded: ["case when n % 3 = 0 then 0 else 10 / (n % 3) end", "numeric(8,4)"],
  later: "at + interval '1 day 30 minutes'",
  hours_later: "at + interval '1 hour' * n",
  span_is_long: "at - customer.created_at > interval '2 weeks'",
  next_day: "day + 1",
  days_between: "date(at) - day",
  fields: "year(at) * 10000 + month(at) * 100 + day(at)",
  clock: "hour(at) * 100 + minute(at)",
  weekday: "dow(day)",
  through_link: "customer.name || ' ' || customer.score",
  from_start: "at - window.from > interval '1 day'",
};

const model = defineModel({
  model: "computed",
  tables: {
    customers: {
      rows: 40,
      columns: { id: "id", name: { word: "city" }, score: { integer: [-5, 5] }, created_at: { moment: "window" } },
    },
    rows: {
      rows: { owner: "customers", total: 2000 },
      links: { customer: { owner: "customers" } },
      columns: {
        id: "id",
        customer_id: "customer.id",
        n: { integer: [0, 999] },
        small: { integer: [-9, 9], type: "int2" },
        price: { decimal: [0, 99.99], type: "numeric(8,2)" },
        maybe: { decimal: [0, 99], type: "numeric(8,1)", nulls: 0.3 },
        real: { decimal: [0, 1], type: "float8" },
        flag: { chance: 0.5 },
        name: { word: "first_name" },
        status: { choice: { new: 1, open: 2, done: 3 }, type: "enum" },
        at: { between: ["customer.created_at", "window.to"] },
        day: { expr: "date(customer.created_at)" },
        thinned: { expr: "n + 1", nulls: 0.3 },
        own: { copy: "price", nulls: 0.2 },
        other: "customer.name",
        padded: { text: "{{small:4}} {small:4}/{n:2}" },
        printed: { text: "{at} {day} {flag} {price} {real} {status}" },
        document: {
          json: {
            n: "n",
            name: "name",
            list: ["price", "maybe", { at: "at", day: "day" }],
            is: true,
            status: "status",
          },
        },
        ...Object.fromEntries(
          Object.entries(EXPRESSIONS).map(([name, given]) => [
            name,
            typeof given === "string" ? { expr: given } : { expr: given[0], type: given[1] },
          ]),
        ),
      },
    },
  },
});

const universe = testUniverses(model, { from: "2024-01-01", to: "2025-01-01" }).universeOf();
const plan = buildPlan(universe);
let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  await loadInProcess(client, universe, SCHEMA);
});
afterAll(() => database.drop());

const checks = async () => (await verify({ url: database.url, schema: SCHEMA, universe, plan, connections: 2 })).checks;

describe("columns that are computed by expressions", () => {
  it("hold what Postgres computes from the others, each of them checked", async () => {
    const made = await checks();
    expect(made.filter(({ ok }) => !ok).map(({ name, found }) => `${name}: ${found}`)).toEqual([]);
    const computed = made.flatMap(({ name }) => /^computed rows\.(\w+)$/.exec(name)?.[1] ?? []);
    expect(computed.sort()).toEqual([...Object.keys(EXPRESSIONS), "day", "document", "thinned"].sort());
    const exact = await verifyExact(
      { url: database.url, schema: SCHEMA, universe, plan, workers: 2 },
      comparersHere(universe),
    );
    expect(exact.filter(({ ok }) => !ok)).toEqual([]);
  });

  it("are found wrong where one of them is", async () => {
    expect((await checks()).map(({ name }) => name)).toContain("copies and texts of rows");
    const names = ["exact_product", "unknown", "joined", "labelled", "later", "document", "negative_halves"];
    for (const [at, [set, where]] of [
      ["exact_product = exact_product + 0.01", "true"],
      ["unknown = NOT unknown", "unknown IS NOT NULL"],
      ["joined = joined || ' '", "true"],
      ["labelled = 'other'", "labelled = 'old'"],
      ["later = later + interval '1 microsecond'", "true"],
      [`document = jsonb_set(document, '{list,2,day}', '"2024-02-30"')`, "true"],
      ["negative_halves = negative_halves - 0.02", "true"],
    ].entries()) {
      await client.query(
        `UPDATE computed.rows SET ${set} WHERE id = (SELECT min(id) FROM computed.rows WHERE ${where})`,
      );
      const failed = (await checks()).filter(({ ok }) => !ok).map(({ name }) => name);
      expect(failed).toEqual(expect.arrayContaining([`computed rows.${names[at]}`]));
      expect(failed).toHaveLength(at + 1);
    }
  });
});
