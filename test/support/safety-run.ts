import { randomUUID } from "node:crypto";
import * as z from "zod";
import { checked, unique } from "../../src/columns/column.js";
import { id, parent } from "../../src/columns/keys.js";
import { format } from "../../src/columns/text.js";
import { choice, integer } from "../../src/columns/values.js";
import { finish } from "../../src/engine/run/finish.js";
import { makeTables } from "../../src/engine/run/make-tables.js";
import { finishingSteps } from "../../src/engine/schedule/finishing-steps.js";
import { ChunkBuffers, entityWriter } from "../../src/engine/threads/entity-writer.js";
import { releaseLease, takeLease } from "../../src/ledger/lease.js";
import { insertRun, setRunState } from "../../src/ledger/runs.js";
import { ensureLedger } from "../../src/ledger/schema.js";
import { childrenOf, entity, rows } from "../../src/model/entity.js";
import type { Model } from "../../src/model/model.js";
import { buildPlan, type Plan, shardsOf } from "../../src/model/plan.js";
import type { Scenario } from "../../src/model/scenario/index.js";
import { Universe } from "../../src/model/universe.js";
import { connect, inTransaction } from "../../src/postgres/connection.js";
import { PostgresSink } from "../../src/postgres/copy-sink.js";
import { quoteIdentifier } from "../../src/postgres/identifiers.js";

/** Names for the two tables, a column, and the enum type of a small model. */
export interface Names {
  readonly parents: string;
  readonly children: string;
  readonly column: string;
  readonly type: string;
}

const PLAIN: Names = { parents: "shops", children: "sales", column: "amount", type: "sale_status" };
const NO_KNOBS = z.record(z.string(), z.any());

/** Shops and their sales: keys, a foreign key, an enum, a check, an identity; 2,030 rows. */
export function smallModel(names: Names = PLAIN): Model {
  const { parents, children, column, type } = names;
  return {
    name: "small",
    description: "shops and their sales",
    schema: "small",
    knobs: { sizes: NO_KNOBS, features: NO_KNOBS, shares: NO_KNOBS, weights: NO_KNOBS, settings: NO_KNOBS },
    dictionaries: {},
    entities: [
      entity(parents, {
        comment: "it's a shop",
        rows: rows(() => 30),
        columns: { id: id(), code: unique(format("S-{id}")) },
      }),
      entity(children, {
        comment: "a sale",
        rows: childrenOf(parents, { total: () => 2000 }),
        columns: {
          id: id(),
          parent_id: parent(parents),
          status: choice(type, ["it's open", 'a "quoted" one', "done"], { done: 1, "it's open": 1 }),
          [column]: checked(`${quoteIdentifier(column)} > 0`, integer(1, 99)),
        },
        indexes: [["parent_id", column]],
      }),
    ],
  };
}

/** The small model under a scenario. */
export function smallUniverse(schema: string, names?: Names): { universe: Universe; plan: Plan } {
  const scenario: Scenario = {
    name: "tiny",
    description: "",
    model: "small",
    schema,
    seed: 7,
    scale: 1,
    window: { from: "2024-01-01T00:00:00.000Z", to: "2024-02-01T00:00:00.000Z" },
    sizes: {},
    features: {},
    shares: {},
    weights: {},
    settings: {},
    anomalies: {},
  };
  const universe = new Universe(smallModel(names), scenario, {});
  return { universe, plan: buildPlan(universe) };
}

/**
 * Loads the small model as `generate` does, with the worker's own code in this thread: worker threads know only the
 * built-in models.
 * @returns the run's ID
 */
export async function loadSmall(
  url: string,
  options: { schema: string; names?: Names; only?: string[] },
): Promise<string> {
  const { schema, names, only } = options;
  const { universe } = smallUniverse(schema, names);
  const plan = buildPlan(universe, only);
  const entities = plan.entities.map((planned) => universe.entity(planned.entity));
  const runId = randomUUID();
  const client = await connect(url);
  try {
    const lease = await inTransaction(client, async () => {
      await ensureLedger(client);
      const taken = await takeLease(client, schema);
      await makeTables(client, { runId, schema, entities, unlogged: false, replace: false });
      await insertRun(client, runId, plan, { unlogged: false, only: only ?? null });
      return taken;
    });
    const sink = new PostgresSink({ url, schema, runId, unlogged: false, lease, stallSecondsMax: 30 });
    for (const shard of shardsOf(plan)) {
      const writer = entityWriter(universe, shard.entity, new ChunkBuffers());
      await sink.copy(universe.entity(shard.entity), { shard, attempt: 1, worker: 0 }, (send) =>
        writer.write(shard.start, shard.end, send),
      );
    }
    const rowsOf = (name: string): number => universe.rowCount(name);
    await finish({
      url,
      runId,
      lease,
      done: new Set(),
      steps: finishingSteps(schema, entities),
      connections: 2,
      stallSecondsMax: 120,
      rowsOf,
    });
    await setRunState(client, runId, "done");
    await releaseLease(client, lease);
    return runId;
  } finally {
    await client.end();
  }
}
