import type pg from "pg";
import { quoteIdentifier } from "../../postgres/identifiers.js";
import { attempt } from "../attempt.js";
import type { CheckContext, CheckTask } from "../context.js";
import { type CheckResult, OFFENDING_ROWS_MAX } from "../result.js";
import { pathsOf, RowSource } from "../row-source.js";

/** A check that counts the rows of an entity for which a condition holds. */
export interface CountRule {
  readonly entity: string;
  readonly kind: string;
  readonly name: string;
  readonly where: string;
  /** The number of rows allowed, both ends included; no row without it. */
  readonly allowed?: { readonly low: number; readonly high: number };
  /** For a plot: what is counted, and how many are expected. */
  readonly cell?: { readonly label: string; readonly expected: number };
  /** What must hold, in words. */
  readonly expected: string;
  /** Whether Postgres itself has looked at each row for it, as it loaded them or built a key. */
  readonly isProved?: boolean;
  /** Columns to show of a row that breaks the rule, besides its key and those of the condition. */
  readonly show?: readonly string[];
}

/**
 * The tasks of some rules: one scan an entity, with the tables that its rules need beside it.
 * Rules that fail in a scan are looked at again one by one, by a slower statement that nothing else in the tables
 * can mislead.
 */
export function countTasks(context: CheckContext, rules: readonly CountRule[]): CheckTask[] {
  const groups = new Map<string, CountRule[]>();
  for (const rule of rules) groups.set(rule.entity, [...(groups.get(rule.entity) ?? []), rule]);
  return [...groups.values()].map((group) => ({
    rows: context.facts.rows(group[0].entity) * (group.some(hasJoins) ? 3 : 1),
    run: (client) => scan(client, context, group),
  }));
}

function hasJoins(rule: CountRule): boolean {
  return pathsOf(rule.where).some((path) => path.includes("."));
}

async function scan(client: pg.Client, context: CheckContext, rules: readonly CountRule[]): Promise<CheckResult[]> {
  const began = performance.now();
  const counted = await attempt(client, () => countAll(client, context, rules));
  const seconds = (performance.now() - began) / 1000 / rules.length;
  const results: CheckResult[] = [];
  for (const [at, rule] of rules.entries()) {
    if (!counted.ok || !isAllowed(rule, counted.value.counts[at])) results.push(await checkOne(client, context, rule));
    else results.push(resultOf(rule, { count: counted.value.counts[at], rows: counted.value.rows, seconds }));
  }
  return results;
}

async function countAll(
  client: pg.Client,
  context: CheckContext,
  rules: readonly CountRule[],
): Promise<{ rows: number; counts: number[] }> {
  const source = new RowSource(context, rules[0].entity);
  const counts = rules.map(({ where }) => `count(*) FILTER (WHERE ${source.expand(where)})::float8`);
  const { rows } = await client.query<number[]>({
    text: `SELECT ${["count(*)::float8", ...counts].join(", ")} ${source.from}`,
    rowMode: "array",
  });
  return { rows: rows[0][0], counts: rows[0].slice(1) };
}

async function checkOne(client: pg.Client, context: CheckContext, rule: CountRule): Promise<CheckResult> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const outcome = await attempt(client, async () => {
    const source = new RowSource(context, rule.entity, { isExact: true });
    const where = source.expand(rule.where);
    const { rows } = await client.query<{ rows: number; count: number }>(
      `SELECT count(*)::float8 AS rows, count(*) FILTER (WHERE ${where})::float8 AS count ${source.from}`,
    );
    const isBroken = !isAllowed(rule, rows[0].count);
    const offending = isBroken && rule.allowed === undefined ? await offendingRows(client, context, rule) : [];
    return { ...rows[0], offending };
  });
  if (outcome.ok) return resultOf(rule, { ...outcome.value, seconds: seconds() });
  const { entity, kind, name, expected } = rule;
  return {
    name,
    kind,
    entity,
    ok: false,
    found: outcome.message,
    expected,
    rowsChecked: 0,
    seconds: seconds(),
    offending: [],
  };
}

async function offendingRows(
  client: pg.Client,
  context: CheckContext,
  rule: CountRule,
): Promise<CheckResult["offending"]> {
  const source = new RowSource(context, rule.entity, { isExact: true });
  const { order } = source;
  const where = source.expand(rule.where);
  for (const path of rule.show ?? []) source.column(path);
  const columns = source.paths.map((path) => `${source.column(path)}::text AS ${quoteIdentifier(path)}`);
  const { rows } = await client.query(
    `SELECT ${columns.join(", ")} ${source.from} WHERE ${where} ORDER BY ${order} LIMIT ${OFFENDING_ROWS_MAX}`,
  );
  return rows;
}

function isAllowed({ allowed }: CountRule, count: number): boolean {
  const { low, high } = allowed ?? { low: 0, high: 0 };
  return count >= low && count <= high;
}

function resultOf(
  rule: CountRule,
  run: {
    readonly count: number;
    readonly rows: number;
    readonly seconds: number;
    readonly offending?: CheckResult["offending"];
  },
): CheckResult {
  const { entity, kind, name, expected, allowed } = rule;
  const ok = isAllowed(rule, run.count);
  const broken = run.count === 1 ? "1 row breaks it" : `${run.count} rows break it`;
  const found = allowed ? `${run.count} rows` : ok ? "no row breaks it" : broken;
  return {
    name,
    kind,
    entity,
    ok,
    found,
    expected,
    rowsChecked: run.rows,
    seconds: run.seconds,
    offending: run.offending ?? [],
    ...(rule.cell && { cells: [{ ...rule.cell, observed: run.count }] }),
  };
}
