import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import * as z from "zod";
import { checked, unique } from "../../src/columns/column.js";
import { id, ordinal, parent, reference } from "../../src/columns/keys.js";
import { format } from "../../src/columns/text.js";
import { after, momentBetween, momentIn } from "../../src/columns/times.js";
import { chance, choice, integer, numbers, numbersOf, textChoice } from "../../src/columns/values.js";
import { calendar } from "../../src/core/calendar.js";
import { BOOL, numeric, TIMESTAMPTZ } from "../../src/core/sql-type.js";
import { COPY_HEADER, COPY_TRAILER } from "../../src/encode/copy-binary.js";
import { makeDictionaries } from "../../src/engine/dictionaries.js";
import { FINISHING_PHASES, finishingSteps } from "../../src/engine/schedule/finishing-steps.js";
import { ChunkBuffers, entityWriter } from "../../src/engine/threads/entity-writer.js";
import { childrenOf, entity, rows } from "../../src/model/entity.js";
import type { Model } from "../../src/model/model.js";
import { buildPlan, type Plan } from "../../src/model/plan.js";
import type { Scenario } from "../../src/model/scenario/index.js";
import { Universe } from "../../src/model/universe.js";
import { copyStatement } from "../../src/postgres/copy-sink.js";
import { createStatements } from "../../src/postgres/ddl.js";

const MONTHS = [1, 1, 1, 1, 1, 0.8, 0.8, 0.8, 1, 1.4, 1.4, 1.4];
const WEEKDAYS = [0.3, 1, 1, 1.3, 1, 1, 0.4];

const busyDays = ({ windowUs }: { windowUs: { from: number; to: number } }) =>
  calendar({ fromUs: windowUs.from, toUs: windowUs.to, months: MONTHS, weekdays: WEEKDAYS, hours: Array(24).fill(1) });

const customers = entity("customers", {
  comment: "who buys",
  rows: rows(({ sizes }) => sizes["customers"]),
  columns: {
    id: id(),
    email: unique(format("customer{id}@example.com")),
    region: choice("region", ["north", "south", "east"], ({ weights }) => weights["region"]),
    is_member: chance(0.3),
    created_at: momentIn(busyDays),
  },
});

const products = entity("products", {
  comment: "what is bought",
  rows: rows(() => 500),
  columns: { id: id(), price: integer(1, 99) },
});

const orders = entity("orders", {
  comment: "what was bought when",
  rows: childrenOf("customers", { total: ({ sizes }) => sizes["orders"] }),
  columns: {
    id: id(),
    customer_id: parent("customers"),
    product_id: reference("products", { kind: "zipf", exponent: 1 }),
    seller_id: { ...reference("customers"), references: { entity: "customers", foreignKey: false } },
    channel: textChoice({ web: 60, shop: 30, phone: 10 }),
    amount: checked('"amount" > 0 AND "amount" < 10000', integer(100, 90_000, numeric(10, 2))),
    line_count: integer(1, 5),
    // Every fourth order: a share that is exact.
    is_gift: numbers({ type: BOOL, about: "every fourth" }, () => ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = rowIndexes[i] % 4 === 0 ? 1 : 0;
    }),
    ordered_at: momentBetween(busyDays, { from: "customer_id.created_at" }),
    shipped_at: after("ordered_at", 1, 3),
  },
  indexes: [["customer_id"]],
});

const lines = entity("lines", {
  comment: "an order's parts",
  rows: childrenOf("orders", { by: "line_count" }),
  columns: { order_id: parent("orders"), line: ordinal(), quantity: integer(1, 9) },
  primaryKey: ["order_id", "line"],
});

const steps = entity("steps", {
  comment: "how an order went",
  rows: childrenOf("orders", { total: ({ sizes }) => sizes["orders"] * 2 }),
  columns: {
    id: id(),
    order_id: parent("orders"),
    step: ordinal(),
    happened_at: numbers(
      { type: TIMESTAMPTZ, reads: ["order_id.ordered_at", "$ordinal"], about: "the order's time, then a minute later" },
      (context, inputs) => {
        const last = context.windowUs.to - 1;
        const at = numbersOf(inputs, 0);
        const step = numbersOf(inputs, 1);
        return ({ count }, out) => {
          for (let i = 0; i < count; i++) out[i] = Math.min(last, at.values[i] + step.values[i] * 60_000_000);
        };
      },
    ),
  },
});

const knobs = {
  sizes: z.strictObject({ customers: z.number(), orders: z.number() }),
  features: z.strictObject({}),
  shares: z.strictObject({}),
  weights: z.strictObject({ region: z.record(z.string(), z.number()) }),
  settings: z.strictObject({}),
};

/** A small model with one of every kind of check. */
export const SHOP: Model = {
  name: "shop",
  description: "for tests of the checker",
  schema: "shop",
  knobs: knobs as unknown as Model["knobs"],
  entities: [customers, products, orders, lines, steps],
  dictionaries: {},
  checks: {
    order: [{ entity: "steps", before: "order_id.ordered_at", after: "happened_at", hours: { most: 1 } }],
    states: [{ entity: "steps", rule: "an order has two steps", holds: "{step} IN (1, 2)" }],
    steps: [
      {
        entity: "steps",
        rule: "a payment follows an opening",
        where: "{step} = 2",
        by: "{order_id}",
        at: "{happened_at}",
        follows: { entity: "steps", where: "{step} = 1", by: "{order_id}", at: "{happened_at}" },
      },
    ],
    sums: [
      {
        entity: "orders",
        rule: "line_count is the number of lines",
        value: "{line_count}",
        of: { entity: "lines", reference: "order_id" },
      },
    ],
    shares: [
      { entity: "orders", rule: "gifts", where: "{is_gift}", expected: (facts) => Math.ceil(facts.rows("orders") / 4) },
      {
        entity: "lines",
        rule: "lines of gifts, roughly",
        where: "{order_id.is_gift}",
        expected: (facts) => facts.rows("lines") / 4,
        within: 500,
      },
    ],
    distributions: [
      {
        entity: "lines",
        rule: "quantities",
        value: "{quantity}",
        expected: () => Object.fromEntries(Array.from({ length: 9 }, (_, i) => [String(i + 1), 1])),
      },
    ],
    calendars: [
      {
        entity: "customers",
        column: "created_at",
        timeZone: "'UTC'",
        weights: () => ({ months: MONTHS, weekdays: WEEKDAYS }),
      },
      {
        entity: "orders",
        column: "ordered_at",
        timeZone: "'UTC'",
        weights: () => ({ weekdays: WEEKDAYS }),
        tolerance: () => 0.25,
      },
    ],
    queries: [
      {
        name: "orders a month",
        sql: "SELECT date_trunc('month', ordered_at), count(*) FROM {orders} GROUP BY 1",
        limitMs: 2000,
      },
    ],
  },
};

/** The shop under a scenario of its own. */
export function shop(seed = 1, sizes = { customers: 2000, orders: 4000 }): { universe: Universe; plan: Plan } {
  const scenario: Scenario = {
    name: "test",
    description: "",
    model: "shop",
    schema: "shop",
    seed,
    scale: 1,
    window: { from: "2024-01-01T00:00:00.000Z", to: "2025-01-01T00:00:00.000Z" },
    sizes,
    features: {},
    shares: {},
    weights: { region: { north: 5, south: 3, east: 2 } },
    settings: {},
    anomalies: {},
  };
  const universe = new Universe(SHOP, scenario, makeDictionaries(SHOP));
  return { universe, plan: buildPlan(universe) };
}

/** Loads a universe into a schema within this process, with its keys and indexes. */
export async function loadInProcess(client: pg.Client, universe: Universe, schema: string): Promise<void> {
  for (const sql of createStatements(schema, universe.entities)) await client.query(sql);
  const buffers = new ChunkBuffers();
  for (const { name } of universe.entities) {
    const stream = client.query(copyFrom(copyStatement(schema, universe.entity(name))));
    stream.write(COPY_HEADER);
    const send = (chunk: Uint8Array): Promise<void> => new Promise((resolve) => stream.write(chunk, () => resolve()));
    await entityWriter(universe, name, buffers).write(0, universe.rowCount(name), send);
    await new Promise<void>((resolve, reject) => {
      stream.on("finish", resolve).on("error", reject);
      stream.end(COPY_TRAILER);
    });
  }
  const steps = finishingSteps(schema, universe.entities);
  for (const phase of FINISHING_PHASES) {
    for (const { sql } of steps.filter((step) => step.phase === phase)) await client.query(sql);
  }
}
