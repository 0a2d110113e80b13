import type pg from "pg";
import type { Column } from "../../columns/column.js";
import type { DistributionRule } from "../../model/checks.js";
import { type Entity, storedColumns } from "../../model/entity.js";
import { type Cell, chiSquareTest, SIGNIFICANCE } from "../chi-square.js";
import { type CheckContext, type CheckTask, lawOfDraws } from "../context.js";
import { type CheckResult, OFFENDING_ROWS_MAX } from "../result.js";
import { isWithinPlan, RowSource } from "../row-source.js";
import { type Finding, singleTask } from "./single.js";

/** Observed shares against configured ones: those that columns are drawn by, and those that the model declares. */
export function distributionTasks(context: CheckContext): CheckTask[] {
  const entities = [...context.planned.keys()].map((name) => context.universe.entity(name));
  const derived = entities.flatMap((entity) => weightedColumns(entity));
  const { distributions = [] } = context.universe.model.checks ?? {};
  return [...derived, ...distributions]
    .filter(({ entity, value, where }) => isWithinPlan(context, { entity, expressions: [value, where] }))
    .map((rule) =>
      singleTask(context, {
        name: `distribution of ${rule.entity}: ${rule.rule}`,
        kind: "distribution",
        entity: rule.entity,
        expected: sharesInWords(rule.expected(context.facts)),
        look: (client) => compare(client, context, rule),
      }),
    );
}

/** Shares of values that Postgres may print otherwise than they stand in the rule. */
interface PrintedRule extends DistributionRule {
  /** The type whose literals they are: SQL. */
  readonly writtenAs?: string;
}

/** Texts may be for a column of a fixed length, whose blanks at the end are not printed. */
function printingOf({ type }: Column): Pick<PrintedRule, "writtenAs"> {
  if (type.name === "other") return { writtenAs: type.sql };
  return type.name === "text" || type.name === "varchar" ? { writtenAs: "bpchar" } : {};
}

function weightedColumns(entity: Entity): PrintedRule[] {
  return storedColumns(entity).flatMap(([name, column]) => {
    const law = lawOfDraws(column);
    if (law?.kind !== "weighted") return [];
    const expected: DistributionRule["expected"] = ({ scenario }) => law.weights(scenario);
    return [{ entity: entity.name, rule: name, value: `{${name}}`, expected, ...printingOf(column) }];
  });
}

async function compare(client: pg.Client, context: CheckContext, rule: PrintedRule): Promise<Finding> {
  const source = new RowSource(context, rule.entity);
  const shown = `(${source.expand(rule.value)})::text`;
  const value = rule.writtenAs === "bpchar" ? `rtrim(${shown}, ' ')` : shown;
  const where = rule.where === undefined ? "" : `AND (${source.expand(rule.where)})`;
  const { rows } = await client.query<{ label: string; count: number }>(
    `SELECT ${value} AS label, count(*)::float8 AS count ${source.from} WHERE ${value} IS NOT NULL ${where} GROUP BY 1`,
  );
  const observed = new Map(rows.map(({ label, count }) => [label, count]));
  const weights = rule.expected(context.facts);
  return judgeShares(
    observed,
    rule.writtenAs === undefined ? weights : await asPrinted(client, weights, rule.writtenAs),
  );
}

/** Weights by what Postgres prints for their labels. */
async function asPrinted(
  client: pg.Client,
  weights: Readonly<Record<string, number>>,
  type: string,
): Promise<Record<string, number>> {
  const { rows } = await client.query<{ label: string; shown: string }>(
    `SELECT label, (label::${type})::text AS shown FROM unnest($1::text[]) AS label`,
    [Object.keys(weights)],
  );
  const printed: Record<string, number> = {};
  for (const { label, shown } of rows) printed[shown] = (printed[shown] ?? 0) + weights[label];
  return printed;
}

/**
 * Compares counts with weights.
 * @param weights by label; a label that is not among them must not occur
 */
export function judgeShares(observed: ReadonlyMap<string, number>, weights: Readonly<Record<string, number>>): Finding {
  const total = [...observed.values()].reduce((sum, count) => sum + count, 0);
  const weightOfAll = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const labels = new Set([...Object.keys(weights), ...observed.keys()]);
  const cells = [...labels].map((label): Cell => {
    const expected = (total * (weights[label] ?? 0)) / weightOfAll;
    return { label, observed: observed.get(label) ?? 0, expected };
  });
  const { statistic, degrees, probability } = chiSquareTest(cells);
  const ok = probability >= SIGNIFICANCE;
  const shares = sharesInWords(Object.fromEntries(cells.map(({ label, observed }) => [label, observed])));
  const test =
    degrees === 0 && probability === 1 ? "too few rows to tell" : testInWords(statistic, degrees, probability);
  return { ok, found: `${shares} (${test})`, offending: ok ? [] : worstCells(cells), rowsChecked: total, cells };
}

function testInWords(statistic: number, degrees: number, probability: number): string {
  if (!Number.isFinite(statistic)) return "a value that has no share";
  return `chi-square ${statistic.toPrecision(4)}, ${degrees} degrees, p ${probability.toPrecision(2)}`;
}

function worstCells(cells: readonly Cell[]): CheckResult["offending"] {
  const distance = ({ observed, expected }: Cell): number => (observed - expected) ** 2 / Math.max(expected, 1e-9);
  return cells
    .toSorted((a, b) => distance(b) - distance(a))
    .slice(0, OFFENDING_ROWS_MAX)
    .map(({ label, observed, expected }) => ({
      value: label,
      found: String(observed),
      expected: (Math.round(expected * 10) / 10).toString(),
    }));
}

/** Labels named in a line of found or expected shares. */
const LABELS_MAX = 12;

function sharesInWords(weights: Readonly<Record<string, number>>): string {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return "no rows";
  const entries = Object.entries(weights);
  const named = entries.slice(0, LABELS_MAX).map(([label, weight]) => `${label} ${percent(weight / total)}`);
  return named.join(", ") + (entries.length > LABELS_MAX ? `, and ${entries.length - LABELS_MAX} more` : "");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2).replace(/\.?0+$/, "")}%`;
}
