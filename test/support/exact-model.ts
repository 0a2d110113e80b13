import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { hidden } from "../../src/columns/column.js";
import { id, ordinal, parent } from "../../src/columns/keys.js";
import { oneOf } from "../../src/columns/lists.js";
import { format } from "../../src/columns/text.js";
import { after, momentIn } from "../../src/columns/times.js";
import { chance, choice, drawn, integer, sometimes, textChoice } from "../../src/columns/values.js";
import { lognormal } from "../../src/core/distributions.js";
import { INT4, INT8, JSONB, numeric } from "../../src/core/sql-type.js";
import { COPY_HEADER, COPY_TRAILER } from "../../src/encode/copy-binary.js";
import { makeDictionaries } from "../../src/engine/dictionaries.js";
import { finishingSteps } from "../../src/engine/schedule/finishing-steps.js";
import { ChunkBuffers, entityWriter } from "../../src/engine/threads/entity-writer.js";
import { childrenOf, entity, rows } from "../../src/model/entity.js";
import type { Model } from "../../src/model/model.js";
import { buildPlan, type Plan } from "../../src/model/plan.js";
import type { Scenario } from "../../src/model/scenario/types.js";
import { Universe } from "../../src/model/universe.js";
import { copyStatement } from "../../src/postgres/copy-sink.js";
import { createStatements } from "../../src/postgres/ddl.js";

const evenly = ({ windowUs }: { windowUs: { from: number; to: number } }) => ({
  fromUs: windowUs.from,
  toUs: windowUs.to,
  between: (unit: number, from: number, to: number) => Math.floor(from + unit * (to - from)),
});

const shops = entity("Shops & co", {
  comment: "names that need quoting",
  rows: rows(({ sizes }) => sizes["shops"]),
  columns: {
    id: id(),
    size: hidden(integer(1, 9)),
    name: textChoice({ "O'Brien": 1, 日本: 1, "back\\slash": 1 }),
    slogan: sometimes(0.7, textChoice({ "": 1, "we sell": 1 })),
    opened_at: momentIn(evenly),
    // Not as Postgres writes jsonb.
    facts: oneOf(['{"floors":2,"id":1,"area":1.50e1}', '{ "b": [1,2 ,"x\\u00e9"], "a": null, "a": -0 }'], JSONB),
  },
});

const orders = entity("orders", {
  comment: "children, with IDs that do not begin at 1",
  rows: childrenOf("Shops & co", { total: ({ sizes }) => sizes["orders"], by: "size" }),
  firstId: 1000,
  columns: {
    id: id(INT4),
    shop_id: parent("Shops & co"),
    number: ordinal(),
    status: choice("order status", ["open", "paid", "it's late"], { open: 1, paid: 3, "it's late": 1 }),
    amount: drawn({
      type: numeric(12, 2),
      about: "lognormal, median 50",
      quantile: () => lognormal(5000, 0.8),
      low: 0,
      high: 1e9,
    }),
    label: format("{status} {number:4} of {shop_id.name}"),
    paid: chance(0.5),
    origin: format('{{"number":{number}, "of":"{status}"}}', JSONB),
    ordered_at: after("shop_id.opened_at", 1, 30),
  },
});

/** No ID: a set of pairs. */
const pairs = entity("pairs", {
  comment: "no column counts its rows",
  rows: childrenOf("Shops & co", { total: ({ sizes }) => sizes["pairs"] }),
  primaryKey: ["shop_id", "place"],
  columns: {
    shop_id: parent("Shops & co"),
    place: ordinal(),
    weight: integer(0, 1000),
    wide: integer(0, 1e9, INT8),
    // Composed for each row, and not as Postgres writes jsonb.
    notes: sometimes(0.5, format('{{"weight":{weight},"at":{place}}}', JSONB)),
  },
});

/** A model small enough to spoil by hand, with all that makes comparing hard. */
export const EXACT_MODEL = {
  name: "exact",
  description: "",
  schema: 'exact "schema"',
  knobs: {},
  entities: [shops, orders, pairs],
  dictionaries: {},
} as unknown as Model;

const SCENARIO: Scenario = {
  name: "exact",
  description: "",
  model: "exact",
  schema: EXACT_MODEL.schema,
  seed: 7,
  scale: 1,
  window: { from: "2024-01-01T00:00:00Z", to: "2025-01-01T00:00:00Z" },
  sizes: { shops: 40, orders: 5000, pairs: 3000 },
  features: {},
  shares: {},
  weights: {},
  settings: {},
  anomalies: {},
};

/** The model's universe, and its plan with shards of 1,024 rows, so that tables fall into several. */
export function exactUniverse(sizes: Readonly<Record<string, number>> = {}): { universe: Universe; plan: Plan } {
  const scenario = { ...SCENARIO, sizes: { ...SCENARIO.sizes, ...sizes } };
  const universe = new Universe(EXACT_MODEL, scenario, makeDictionaries(EXACT_MODEL));
  const plan = buildPlan(universe);
  const entities = plan.entities.map((planned) => ({
    ...planned,
    shardRows: 1024,
    shardCount: Math.ceil(planned.rows / 1024),
  }));
  return {
    universe,
    plan: { ...plan, entities, shardCount: entities.reduce((sum, { shardCount }) => sum + shardCount, 0) },
  };
}

/** Makes the tables and loads them whole, shards in an order that is not that of the IDs; then keys and indexes. */
export async function loadExact(client: pg.Client, universe: Universe, plan: Plan): Promise<void> {
  const { schema } = plan.scenario;
  for (const sql of createStatements(schema, universe.entities)) await client.query(sql);
  const buffers = new ChunkBuffers();
  for (const { entity: name, rows: count, shardRows } of plan.entities) {
    const writer = entityWriter(universe, name, buffers);
    for (let start = Math.floor(Math.max(0, count - 1) / shardRows) * shardRows; start >= 0; start -= shardRows) {
      const stream = client.query(copyFrom(copyStatement(schema, universe.entity(name))));
      const done = new Promise<void>((resolve, reject) => stream.on("finish", resolve).on("error", reject));
      stream.write(COPY_HEADER);
      await writer.write(start, Math.min(count, start + shardRows), (chunk) => {
        return new Promise<void>((resolve) => stream.write(Buffer.from(chunk), () => resolve()));
      });
      stream.end(COPY_TRAILER);
      await done;
    }
  }
  for (const { sql, phase } of finishingSteps(schema, universe.entities)) {
    if (phase !== "validation") await client.query(sql);
  }
}
