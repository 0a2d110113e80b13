import type pg from "pg";
import { attempt } from "../attempt.js";
import { type CheckContext, type CheckTask, tableOf } from "../context.js";
import type { QueryPlan } from "../result.js";
import { expandBraces, instantLiteral, pathsOf } from "../row-source.js";

/**
 * How long the model's dashboard queries take, one after another with nothing beside them.
 * @param onPlan told each query's plan; without it, none is asked for
 */
export function queryTasks(context: CheckContext, onPlan?: (plan: QueryPlan) => void): CheckTask[] {
  const { queries = [] } = context.universe.model.checks ?? {};
  return queries.flatMap(({ name, sql, limitMs }): CheckTask[] => {
    const text = expandTables(context, sql);
    if (text === undefined) return [];
    const task: CheckTask = {
      rows: 0,
      isAlone: true,
      async run(client) {
        const outcome = await attempt(client, () => measure(client, text, limitMs), AS_APPLICATION);
        const ms = outcome.ok ? outcome.value.ms : Number.NaN;
        if (onPlan && outcome.ok) onPlan({ name, ms, plan: await explain(client, text) });
        return [
          {
            name: `query: ${name}`,
            kind: "query",
            entity: null,
            ok: ms <= limitMs,
            found: outcome.ok ? `${ms.toFixed(0)} ms, ${outcome.value.rows} rows` : outcome.message,
            expected: `at most ${limitMs} ms`,
            rowsChecked: outcome.ok ? outcome.value.rows : 0,
            seconds: outcome.ok ? ms / 1000 : 0,
            offending: [],
          },
        ];
      },
    };
    return [task];
  });
}

/** A query with its tables and bounds put in; undefined where the plan leaves one of the tables out. */
export function expandTables(context: CheckContext, sql: string): string | undefined {
  if (!pathsOf(sql).every((entity) => context.planned.has(entity))) return undefined;
  const { window } = context.universe.scenario;
  return expandBraces(sql, (word) => {
    if (word === "$from") return instantLiteral(window.from);
    return word === "$to" ? instantLiteral(window.to) : tableOf(context, word);
  });
}

/** As dashboards run it: it is what is measured. */
const AS_APPLICATION = { asApplication: true };

/** A query that is too slow is tried again: the limit is the query's, not that of whatever else the machine did. */
const ATTEMPTS_MAX = 3;

async function measure(client: pg.Client, sql: string, limitMs: number): Promise<{ ms: number; rows: number }> {
  let best = { ms: Number.POSITIVE_INFINITY, rows: 0 };
  for (let attempts = 0; attempts < ATTEMPTS_MAX && best.ms > limitMs; attempts++) {
    const began = performance.now();
    const { rows } = await client.query({ text: sql, rowMode: "array" });
    best = { ms: Math.min(best.ms, performance.now() - began), rows: rows.length };
  }
  return best;
}

async function explain(client: pg.Client, sql: string): Promise<string[]> {
  const plan = await attempt(
    client,
    async () => {
      const { rows } = await client.query<[string]>({ text: `EXPLAIN (ANALYZE, BUFFERS) ${sql}`, rowMode: "array" });
      return rows.map(([line]) => line);
    },
    AS_APPLICATION,
  );
  return plan.ok ? plan.value : [plan.message];
}
