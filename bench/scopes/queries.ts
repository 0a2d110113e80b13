import { close, connect } from "../../src/postgres/connection.js";
import { quoteIdentifier } from "../../src/postgres/identifiers.js";
import { expandTables } from "../../src/verify/checks/queries.js";
import { checkContext } from "../../src/verify/context.js";
import type { BenchContext } from "../context.js";
import { interleave } from "../interleave.js";
import { metric, onlyMetrics, type ScopeResult } from "../metrics.js";
import { runInChild } from "../processes.js";
import type { TimedQuery } from "../timed-query.js";
import { onlyTarget } from "./workers.js";

/**
 * Loads the scenario once and runs its model's queries and those of one's own in turns, as an application does: the first
 * time of each, with whatever the load has left in memory, is not counted.
 */
export async function measureQueries(context: BenchContext): Promise<ScopeResult> {
  const { runs, scenario, workers, limits, say } = context;
  const { database } = await context.server();
  await runInChild({ kind: "generate", scenario, workers, target: onlyTarget(database) }, limits);
  const client = await connect(database.url, "bench queries");
  try {
    await client.query(`SET search_path = ${quoteIdentifier(context.plan.scenario.schema)}, public`);
    const queries = [...queriesOfModel(context), ...context.queries];
    const contenders = queries.map(({ name, sql }) => ({
      name,
      run: async (): Promise<number> => {
        const began = performance.now();
        await client.query({ text: sql, rowMode: "array" });
        return (performance.now() - began) / 1000;
      },
    }));
    for (const { run } of contenders) await run();
    const measured = await interleave(contenders, runs, (name, run, seconds) =>
      say(`query ${name}, run ${run} of ${runs}: ${(seconds * 1000).toFixed(1)} ms`),
    );
    return onlyMetrics(
      [...measured].map(([name, values]) => metric({ name: `queries ${name}`, scope: "queries", unit: "s", values })),
    );
  } finally {
    await close(client);
  }
}

function queriesOfModel({ universe, plan }: BenchContext): TimedQuery[] {
  const context = checkContext(universe, plan, plan.scenario.schema);
  return (universe.model.checks?.queries ?? []).flatMap(({ name, sql }) => {
    const text = expandTables(context, sql);
    return text === undefined ? [] : [{ name, sql: text }];
  });
}
