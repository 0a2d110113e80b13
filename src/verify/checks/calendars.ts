import type pg from "pg";
import { type CalendarWeights, dayFactorOf } from "../../columns/calendars.js";
import type { BindContext } from "../../columns/column.js";
import { hourWeightOf } from "../../core/calendar.js";
import type { CalendarRule } from "../../model/checks.js";
import { EXPECTED_MIN } from "../chi-square.js";
import type { CheckContext, CheckTask } from "../context.js";
import { type CheckResult, OFFENDING_ROWS_MAX } from "../result.js";
import { isWithinPlan, RowSource } from "../row-source.js";
import { judgeShares } from "./distributions.js";
import { type Finding, singleTask } from "./single.js";

const CLASSES = {
  months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  weekdays: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
  hours: Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, "0")}h`),
} as const;

type Scale = keyof typeof CLASSES;

/** Hours of the window, or rows, by day since 1970, month (1 to 12), weekday (0 to 6) and hour of the local clock. */
interface Slot {
  readonly day: number;
  readonly months: number;
  readonly weekdays: number;
  readonly hours: number;
  readonly count: number;
}

/** How busy months, weekdays and hours are beside one another. */
export function calendarTasks(context: CheckContext): CheckTask[] {
  const { calendars = [] } = context.universe.model.checks ?? {};
  return calendars
    .filter(({ entity, column, where, timeZone }) =>
      isWithinPlan(context, { entity, expressions: [`{${column}}`, where, timeZone] }),
    )
    .map((rule) => calendarTask(context, rule));
}

/** The scales of one rule are compared from one look at the table. */
function calendarTask(context: CheckContext, rule: CalendarRule): CheckTask {
  const { entity, column } = rule;
  const tolerance = rule.tolerance?.(context.facts);
  const weights = rule.weights(context.facts);
  const scales = (Object.keys(CLASSES) as Scale[]).filter((scale) => weights[scale] !== undefined);
  return {
    rows: context.facts.rows(entity) * 2,
    async run(client) {
      const results: CheckResult[] = [];
      let bunches: number | undefined;
      let slots: { readonly rows: Slot[]; readonly window: Slot[] } | undefined;
      for (const scale of scales) {
        const task = singleTask(context, {
          name: `calendar of ${entity}.${column}: ${scale}`,
          kind: "calendar",
          entity,
          expected: weightsInWords(scale, weights[scale]!, tolerance),
          look: async () => {
            slots ??= { rows: await readRows(client, context, rule), window: await readWindow(client, context, rule) };
            const observed = new Map<string, number>();
            for (const slot of slots.rows) add(observed, labelOf(slot, scale), slot.count);
            const expected = expectedShares(slots.window, weights, { scale, windowUs: context.universe.windowUs });
            if (tolerance === undefined) return judgeShares(observed, Object.fromEntries(expected));
            bunches ??= await readBunches(client, context, rule);
            const stray = (rule.bunches?.stray ?? 0) / Math.sqrt(bunches);
            return judgeRatios(observed, expected, { tolerance: tolerance + stray, bunches });
          },
        });
        results.push(...(await task.run(client)));
      }
      return results;
    },
  };
}

async function readRows(client: pg.Client, context: CheckContext, rule: CalendarRule): Promise<Slot[]> {
  const source = new RowSource(context, rule.entity);
  const local = `${source.column(rule.column)} AT TIME ZONE (${source.expand(rule.timeZone)})`;
  const looked = lookedAt(source, context, rule);
  const hours = `SELECT date_trunc('hour', ${local}) AS h, count(*) AS n ${source.from} ${looked} GROUP BY 1`;
  const { rows } = await client.query<Slot>(slotsOf(hours));
  return rows;
}

/** The effective number of bunches, (sum n)^2 / sum n^2 (Kish, "Survey Sampling", 1965); endless where rows stand alone. */
async function readBunches(client: pg.Client, context: CheckContext, rule: CalendarRule): Promise<number> {
  if (rule.bunches === undefined) return Number.POSITIVE_INFINITY;
  const source = new RowSource(context, rule.entity);
  const bunch = source.expand(rule.bunches.by);
  const looked = lookedAt(source, context, rule);
  const { rows } = await client.query<{ bunches: number | null }>(
    "SELECT (sum(n) * sum(n) / sum(n * n))::float8 AS bunches " +
      `FROM (SELECT count(*) AS n ${source.from} ${looked} GROUP BY ${bunch}) t`,
  );
  return rows[0].bunches ?? 0;
}

/** The rule's own rows, as a WHERE clause. */
function lookedAt(source: RowSource, context: CheckContext, rule: CalendarRule): string {
  const { from, to } = spanOf(context, rule);
  const column = source.column(rule.column);
  const where = rule.where === undefined ? "" : ` AND (${source.expand(rule.where)})`;
  return `WHERE ${column} >= ${from} AND ${column} < ${to}${where}`;
}

/**
 * The window's own hours by the server's tables of time zones, not by ours. Where zones differ from row to row, the
 * first row's stands for all: what its hours are called shifts at the window's ends only.
 */
async function readWindow(client: pg.Client, context: CheckContext, rule: CalendarRule): Promise<Slot[]> {
  const source = new RowSource(context, rule.entity);
  const zone = source.expand(rule.timeZone);
  const { from, to } = spanOf(context, rule);
  const hours =
    `SELECT date_trunc('hour', at AT TIME ZONE z.zone) AS h, count(*) AS n ` +
    `FROM (SELECT ${zone} AS zone ${source.from} WHERE ${zone} IS NOT NULL LIMIT 1) z, ` +
    `generate_series(${from}, ${to} - interval '1 microsecond', interval '1 hour') at GROUP BY 1`;
  const { rows } = await client.query<Slot>(slotsOf(hours));
  return rows;
}

function spanOf({ universe, facts }: CheckContext, { span }: CalendarRule): { from: string; to: string } {
  const { from, to } = universe.windowUs;
  const { fromUs, toUs } = span?.(facts) ?? { fromUs: from, toUs: to };
  return { from: momentLiteral(fromUs), to: momentLiteral(toUs) };
}

/** @param atUs µs since 1970 UTC; added as an interval, since a double cannot hold them as seconds */
function momentLiteral(atUs: number): string {
  return `(timestamptz '1970-01-01 00:00:00+00' + interval '${Math.floor(atUs)} microseconds')`;
}

function slotsOf(hours: string): string {
  return (
    `SELECT h::date - date '1970-01-01' AS day, extract(month FROM h)::int4 AS months, extract(dow FROM h)::int4 AS weekdays, ` +
    `extract(hour FROM h)::int4 AS hours, sum(n)::float8 AS count FROM (${hours}) t GROUP BY 1, 2, 3, 4`
  );
}

function expectedShares(
  window: readonly Slot[],
  { days, ...weights }: CalendarWeights,
  { scale, windowUs }: { readonly scale: Scale; readonly windowUs: BindContext["windowUs"] },
): Map<string, number> {
  const shares = new Map<string, number>();
  const weightOf = hourWeightOf({ ...weights, ...(days && { dayFactor: dayFactorOf(days, windowUs) }) });
  for (const slot of window) {
    const { day, months, weekdays: weekday, hours: hour } = slot;
    add(shares, labelOf(slot, scale), slot.count * weightOf({ day, month: months - 1, weekday, hour }));
  }
  return shares;
}

function labelOf(slot: Slot, scale: Scale): string {
  return CLASSES[scale][scale === "months" ? slot.months - 1 : slot[scale]];
}

function add(sums: Map<string, number>, label: string, count: number): void {
  sums.set(label, (sums.get(label) ?? 0) + count);
}

/** Standard deviations that chance may add to a tolerance: beyond six, once in a billion. */
const DEVIATIONS_MAX = 6;

/** A month of which the span holds a day or two follows its weight too roughly to be judged. */
const SHARE_MIN = 0.03;

/** Each class within a part of what its weight says, and what chance adds. */
function judgeRatios(
  observed: ReadonlyMap<string, number>,
  weights: ReadonlyMap<string, number>,
  { tolerance, bunches }: { readonly tolerance: number; readonly bunches: number },
): Finding {
  const total = sum(observed.values());
  const weightOfAll = sum(weights.values());
  const labels = [...new Set([...weights.keys(), ...observed.keys()])];
  const ratios = labels.map((label) => {
    const expected = (total * (weights.get(label) ?? 0)) / weightOfAll;
    const found = observed.get(label) ?? 0;
    const slack = Math.max(EXPECTED_MIN, expected * tolerance + DEVIATIONS_MAX * Math.sqrt(expected));
    const isJudged = expected >= total * SHARE_MIN && (bunches * expected) / total >= EXPECTED_MIN;
    return { label, found, expected, isJudged, isWrong: isJudged && Math.abs(found - expected) > slack };
  });
  const wrong = ratios.filter(({ isWrong }) => isWrong);
  const far = ratios
    .filter(({ expected, isJudged }) => isJudged && expected >= EXPECTED_MIN)
    .map(({ label, found, expected }) => ({ label, ratio: found / expected }))
    .toSorted((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)))[0];
  return {
    ok: wrong.length === 0,
    found:
      far === undefined ? "too few rows to tell" : `furthest off: ${far.label} at ${far.ratio.toFixed(2)} of its share`,
    offending: wrong
      .slice(0, OFFENDING_ROWS_MAX)
      .map(({ label, found, expected }): CheckResult["offending"][number] => ({
        value: label,
        found: String(found),
        expected: String(Math.round(expected)),
      })),
    rowsChecked: total,
    cells: ratios.map(({ label, found, expected }) => ({ label, observed: found, expected })),
  };
}

function weightsInWords(scale: Scale, weights: readonly number[], tolerance: number | undefined): string {
  const named = weights.map((weight, at) => `${CLASSES[scale][at]} ${weight}`).join(", ");
  return tolerance === undefined ? `as ${named}` : `as ${named}, each within ${Math.round(tolerance * 100)}%`;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
